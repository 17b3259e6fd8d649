/// The values of one key in ascending order, with the slots of each.
///
/// Numbers have a table and all other texts another, because each has its own order. A table is
/// blocks of up to 16 values, found by binary search in a list of the blocks. Within a block only
/// the differences between neighbours are stored.
struct ValueTable {
    private let section: Section
    private let order: Order
    private let blocks: BorrowedBytes

    enum Order {
        /// By the nearest number of double precision, then as texts.
        case numbers
        /// By bytes.
        case texts
    }

    static let blockSize = 16

    /// - Parameter reader: At what `ValueTableWriter.finish` has returned.
    init(
        _ reader: inout MetadataReader, _ section: Section, _ order: Order
    ) throws(StoreError) {
        let (offset, count) = (try reader.count(), try reader.count())
        guard offset <= section.count, count <= (section.count - offset) / 8 else {
            throw .damagedMetadata
        }
        self.section = section
        self.order = order
        blocks = try section.bytes(offset..<offset + count * 8)
    }

    var blockCount: Int { blocks.count / 8 }

    func values(inBlock block: Int) throws(StoreError) -> ValueCursor {
        ValueCursor(try bytes(ofBlock: block), section, order)
    }

    private func bytes(ofBlock block: Int) throws(StoreError) -> BorrowedBytes {
        let place = blocks.number(at: block * 8, as: UInt64.self)
        let (offset, length) = (Int(place >> 24), Int(place & 0xFF_FFFF))
        guard offset <= section.count, length <= section.count - offset else {
            throw .damagedMetadata
        }
        return try section.bytes(offset..<offset + length)
    }

    /// Returns the first number of a block, in double precision.
    func firstNumber(ofBlock block: Int) throws(StoreError) -> Double {
        var reader = MetadataReader(try bytes(ofBlock: block))
        return Double(bitPattern: try reader.number(as: UInt64.self))
    }

    /// Returns the first text of a block.
    func firstText(ofBlock block: Int) throws(StoreError) -> BorrowedBytes {
        var reader = MetadataReader(try bytes(ofBlock: block))
        _ = try reader.varint()
        let count = try reader.count()
        return try reader.take(count)
    }

    /// Returns the last block from `first` on that begins before what is looked for; `first` if
    /// there is none. There must be a block.
    func lastBlock(
        from first: Int = 0, where isBefore: (_ block: Int) throws(StoreError) -> Bool
    ) throws(StoreError) -> Int {
        // What is looked for next is often near.
        var (low, high) = (first, blockCount)
        var step = 1
        while low + step < high {
            if try isBefore(low + step) {
                low += step
                step *= 2
            } else {
                high = low + step
            }
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if try isBefore(middle) { low = middle } else { high = middle }
        }
        return low
    }
}

/// A reader of the values of one block.
struct ValueCursor {
    private var reader: MetadataReader
    private let section: Section
    private let order: ValueTable.Order
    private var lastInteger = 0
    private var current = Text.built([])

    private enum Text {
        /// Of a table of texts.
        case built([UInt8])
        /// Of a number, as it lies in the section.
        case stored(BorrowedBytes)
        /// An integer in its shortest spelling, which is not stored.
        case integer(Int)
    }

    private(set) var kind = MetadataValue.Kind.plain
    /// True if only the beginning of the text is there, with a fingerprint.
    private(set) var isShortened = false

    fileprivate init(
        _ bytes: BorrowedBytes, _ section: Section, _ order: ValueTable.Order
    ) {
        reader = MetadataReader(bytes)
        self.section = section
        self.order = order
        // The first number, which is only for finding the block.
        if order == .numbers { try? reader.skip(8) }
    }

    /// Goes to the next value; its slots must be read or skipped before the one after it.
    ///
    /// - Parameter readsText: False if the texts of this block will not be asked for.
    /// - Returns: False if there is none.
    mutating func next(readsText: Bool = true) throws(StoreError) -> Bool {
        if reader.isAtEnd { return false }
        switch order {
        case .numbers: try nextNumber()
        case .texts: try nextText(readsText)
        }
        return true
    }

    private mutating func nextNumber() throws(StoreError) {
        let tag = try readTag()
        if tag & ValueTableWriter.integerTag != 0 {
            let zigzag = try reader.varint()
            let difference = Int(bitPattern: UInt(zigzag >> 1)) ^ -Int(zigzag & 1)
            lastInteger &+= difference
            current = .integer(lastInteger)
        } else {
            let count = try reader.count()
            current = .stored(try reader.take(count))
        }
    }

    private mutating func nextText(_ readsText: Bool) throws(StoreError) {
        let (shared, count) = (try reader.count(), try reader.count())
        let rest = try reader.take(count)
        if readsText, case .built(var bytes) = current {
            current = .built([])
            guard shared <= bytes.count else { throw .damagedMetadata }
            bytes.removeLast(bytes.count - shared)
            unsafe rest.withRaw { unsafe bytes.append(contentsOf: $0) }
            current = .built(bytes)
        }
        _ = try readTag()
    }

    private mutating func readTag() throws(StoreError) -> UInt8 {
        let tag = try reader.byte()
        kind = MetadataValue.Kind(rawValue: tag & 3)!
        isShortened = tag & ValueTableWriter.shortenedTag != 0
        return tag
    }

    var text: [UInt8] {
        switch current {
        case .built(let text): text
        case .stored(let text): text.array
        case .integer(let integer): Array("\(integer)".utf8)
        }
    }

    /// The number, exactly; nil for any other value.
    var number: Filter.ExactNumber? {
        switch current {
        case .built(let text): BorrowedBytes.with(text) { Filter.ExactNumber($0) }
        case .stored(let text): Filter.ExactNumber(text)
        case .integer(let integer): .integer(integer)
        }
    }

    /// Returns true if a number has that spelling.
    ///
    /// - Parameter integer: The integer whose shortest spelling the text is, if it is one.
    func isSpelled(_ text: [UInt8], _ integer: Int?) -> Bool {
        switch current {
        case .built(let own): own == text
        case .stored(let own): own == text
        case .integer(let own): own == integer
        }
    }

    /// The key by which the values of all tables of the same order are sorted.
    func key() throws(StoreError) -> ValueKey {
        let tag = kind.rawValue | (isShortened ? ValueTableWriter.shortenedTag : 0)
        guard order == .numbers else { return ValueKey(number: 0, text: text, tag: tag) }
        guard let number else { throw .damagedMetadata }
        return ValueKey(number: number.double, text: text, tag: tag)
    }

    mutating func skipSlots() throws(StoreError) { try SlotList.skip(&reader) }

    mutating func addSlots(to set: inout SlotSet) throws(StoreError) {
        try SlotList.add(&reader, of: section, to: &set)
    }

    mutating func appendSlots(to slots: inout [UInt32]) throws(StoreError) {
        try SlotList.append(&reader, of: section, to: &slots)
    }
}

/// The values of a table of texts from one text to another, in ascending order.
struct OrderedTexts {
    private let table: ValueTable
    private let lower: [UInt8]
    private let upper: [UInt8]?
    private let readsTexts: Bool
    private var block: Int
    private var isStarted = false
    /// True while the values of the block are all within the bounds.
    private var isInside = false

    /// At the value that `next` has found. Its slots must be read or skipped.
    var cursor: ValueCursor {
        get { current! }
        _modify { yield &current! }
    }

    private var current: ValueCursor?

    /// - Parameters:
    ///   - lower: The least text.
    ///   - upper: The least text beyond; nil for no bound.
    ///   - readsTexts: True if texts will be asked for.
    init(_ table: ValueTable, from lower: [UInt8], to upper: [UInt8]?, readsTexts: Bool = false) {
        self.table = table
        self.lower = lower
        self.upper = upper
        self.readsTexts = readsTexts
        block = 0
    }

    /// Goes to the next value.
    ///
    /// - Returns: False if there is none.
    mutating func next() throws(StoreError) -> Bool {
        if !isStarted {
            isStarted = true
            guard table.blockCount > 0 else { return false }
            block = try table.lastBlock { block throws(StoreError) in
                byteOrder(try table.firstText(ofBlock: block), lower) < 0
            }
            guard try beginBlock() else { return false }
        }
        while true {
            while try cursor.next(readsText: readsTexts || !isInside) {
                if isInside { return true }
                if let upper, byteOrder(cursor.text, upper) >= 0 { return false }
                if byteOrder(cursor.text, lower) >= 0 { return true }
                try cursor.skipSlots()
            }
            block += 1
            guard try beginBlock() else { return false }
        }
    }

    private mutating func beginBlock() throws(StoreError) -> Bool {
        guard block < table.blockCount else { return false }
        let first = try table.firstText(ofBlock: block)
        if let upper, byteOrder(first, upper) >= 0 { return false }
        isInside = byteOrder(first, lower) >= 0
        if isInside { isInside = try isBelowUpper(block + 1) }
        current = try table.values(inBlock: block)
        return true
    }

    private func isBelowUpper(_ block: Int) throws(StoreError) -> Bool {
        guard let upper else { return true }
        guard block < table.blockCount else { return false }
        return byteOrder(try table.firstText(ofBlock: block), upper) <= 0
    }
}

/// Returns the least text that sorts after all that begin so, or nil if there is none.
func end(ofPrefix prefix: [UInt8]) -> [UInt8]? {
    var end = prefix
    while let last = end.popLast() {
        if last < 0xFF { return end + [last + 1] }
    }
    return nil
}

/// Returns a negative number if the first bytes sort before the others, 0 if they are equal.
func byteOrder(_ one: BorrowedBytes, _ other: [UInt8]) -> Int {
    BorrowedBytes.with(other) { one.order(to: $0) }
}

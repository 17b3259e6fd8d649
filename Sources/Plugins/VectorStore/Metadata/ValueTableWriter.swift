/// A value as tables sort it.
struct ValueKey: Hashable {
    /// The nearest number of double precision; 0 in a table of texts.
    let number: Double
    let text: [UInt8]
    /// The kind, and `shortenedTag`.
    let tag: UInt8

    static func isBefore(_ one: ValueKey, _ other: ValueKey) -> Bool {
        if one.number != other.number { return one.number < other.number }
        let order = byteOrder(one.text, other.text)
        return order == 0 ? one.tag < other.tag : order < 0
    }
}

/// A writer of a `ValueTable`, from its first value to its last.
struct ValueTableWriter {
    private let order: ValueTable.Order
    private var block: [UInt8] = []
    private var count = 0
    private var last: [UInt8] = []
    private var lastInteger = 0
    /// For each block its offset, and in the lowest 24 bits its length.
    private var blocks: [UInt8] = []

    static let shortenedTag: UInt8 = 4
    static let integerTag: UInt8 = 8

    init(_ order: ValueTable.Order) { self.order = order }

    /// - Parameters:
    ///   - key: Greater than all keys before.
    ///   - slots: Ascending, without duplicates.
    mutating func append(
        _ key: ValueKey, _ slots: [UInt32], to sink: inout some SectionSink
    ) throws(StoreError) {
        if count == ValueTable.blockSize { try endBlock(&sink) }
        if count == 0 {
            last = []
            lastInteger = 0
            if order == .numbers { block.append(number: key.number.bitPattern) }
        }
        count += 1
        switch order {
        case .numbers: appendNumber(key)
        case .texts: appendText(key)
        }
        try SlotList.append(slots, to: &block, &sink)
    }

    private mutating func appendNumber(_ key: ValueKey) {
        guard let integer = shortInteger(key.text) else {
            block.append(key.tag)
            block.appendVarint(key.text.count)
            block += key.text
            return
        }
        block.append(key.tag | Self.integerTag)
        let difference = integer &- lastInteger
        block.appendVarint(UInt64(bitPattern: Int64(difference << 1 ^ difference >> 63)))
        lastInteger = integer
    }

    private mutating func appendText(_ key: ValueKey) {
        let shared = zip(last, key.text).prefix { $0 == $1 }.count
        block.appendVarint(shared)
        block.appendVarint(key.text.count - shared)
        block += key.text[shared...]
        block.append(key.tag)
        last = key.text
    }

    private mutating func endBlock(_ sink: inout some SectionSink) throws(StoreError) {
        blocks.append(number: UInt64(sink.count) << 24 | UInt64(block.count))
        try sink.append(block)
        block.removeAll(keepingCapacity: true)
        count = 0
    }

    /// Writes what is left, and appends to `bytes` what finds the table.
    mutating func finish(
        _ bytes: inout [UInt8], _ sink: inout some SectionSink
    ) throws(StoreError) {
        if count > 0 { try endBlock(&sink) }
        bytes.appendVarint(sink.count)
        bytes.appendVarint(blocks.count / 8)
        try sink.append(blocks)
    }
}

/// Returns the integer whose shortest spelling a text is.
func shortInteger(_ text: [UInt8]) -> Int? { BorrowedBytes.with(text) { shortInteger($0) } }

/// Returns the integer whose shortest spelling a text is.
func shortInteger(_ text: BorrowedBytes) -> Int? {
    let isNegative = text.first == UInt8(ascii: "-")
    let digits = text.slice((isNegative ? 1 : 0)..<text.count)
    guard let first = digits.first, digits.count <= 19 else { return nil }
    if first == UInt8(ascii: "0"), text.count > 1 { return nil }
    var integer = 0
    for digit in digits {
        guard (48...57).contains(digit) else { return nil }
        let (tenfold, isTooLarge) = integer.multipliedReportingOverflow(by: 10)
        let (difference, isTooLargeNow) = tenfold.subtractingReportingOverflow(Int(digit) - 48)
        if isTooLarge || isTooLargeNow { return nil }
        integer = difference
    }
    // Counted downwards, as the least integer does not have a positive counterpart.
    if isNegative { return integer }
    return integer == .min ? nil : -integer
}

/// The writing of an inverted index, term by term.
///
/// The form is: the posting lists in the order of the terms' numbers, a byte for the length of each
/// slot's document, the dictionary, its table, and a footer of fixed size. The dictionary has, for
/// each term, the distance of its number from the one before, the number of its slots, and the size
/// of its list, as varints; the table has a row for each 64 terms.
struct TextIndexWriter: ~Copyable {
    /// The upper bits of a term's hash are its number. One in 30,000 terms of a collection that has
    /// a million of them is mistaken for another.
    static let termBits = 34
    static let termsInBlock = 64
    /// The size of a row of the table: term, place in the dictionary, place of its list.
    static let rowSize = 20
    static let footerSize = 40
    static let magic: UInt32 = 0x3249_5448
    /// The most bytes that are kept before they are written.
    private static let bufferSize = 1 << 18

    static func number(of hash: UInt64) -> UInt64 { hash >> UInt64(64 - termBits) }

    private let lengths: [UInt8]
    private var lists: PostingListWriter
    private var dictionary = ByteBuffer()
    private var table: [UInt8] = []
    private var terms = 0
    private var last: UInt64 = 0
    /// The size of the lists so far.
    private var listsSize = 0

    /// - Parameter lengths: The codes of the lengths of all slots' documents.
    init(lengths: [UInt8]) {
        self.lengths = lengths
        lists = PostingListWriter(lengths: lengths)
    }

    /// Adds a slot of the term that `end` will name.
    @inline(__always)
    mutating func add(
        _ slot: UInt32, _ frequency: UInt32, to sink: inout some SectionSink
    ) throws(StoreError) {
        lists.add(slot, frequency)
        if lists.output.count > Self.bufferSize { try sink.append(lists.take()) }
    }

    /// Ends the list of a term. A term without slots is left out.
    ///
    /// - Parameter term: Higher than the one before.
    mutating func end(_ term: UInt64) {
        let list = lists.end()
        if list.count == 0 { return }
        if terms % Self.termsInBlock == 0 {
            table.append(number: term)
            table.append(number: UInt32(dictionary.count))
            table.append(number: UInt64(listsSize))
            last = term
        }
        dictionary.reserve(30)
        dictionary.append(varint: term - last)
        dictionary.append(varint: UInt64(list.count))
        dictionary.append(varint: UInt64(list.size))
        last = term
        terms += 1
        listsSize += list.size
    }

    /// Writes what follows the lists.
    mutating func finish(_ sink: inout some SectionSink) throws(StoreError) {
        var documents: UInt32 = 0
        var total: UInt64 = 0
        for code in lengths where code > 0 {
            documents += 1
            total += UInt64(DocumentLength.length(code))
        }
        try sink.append(lists.take())
        try sink.append(lengths)
        try sink.append(dictionary.bytes)
        try sink.append(table)
        var footer: [UInt8] = []
        footer.append(number: UInt64(listsSize))
        footer.append(number: UInt64(dictionary.count))
        footer.append(number: total)
        footer.append(number: UInt32(lengths.count))
        footer.append(number: documents)
        footer.append(number: UInt32(terms))
        footer.append(number: Self.magic)
        try sink.append(footer)
    }
}

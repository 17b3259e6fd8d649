/// An inverted index over the texts of a segment: which slots have a term, and how often.
struct TextIndex: Sendable {
    let section: Section
    let lists: Range<Int>
    private let lengths: Range<Int>
    let dictionary: Range<Int>
    private let table: Range<Int>
    let terms: Int

    /// The number of slots, with those that have no text.
    let slots: Int

    /// The number of slots with a text, and the sum of their lengths in words, with those of
    /// records that are dead.
    let statistics: (documents: Int, totalLength: Int)

    /// A term's number of slots, and the place of their list.
    struct Entry {
        let count: Int
        let list: Range<Int>
    }

    /// - Parameter section: One that was written as an index, or an empty one.
    init(_ section: Section) throws(StoreError) {
        self.section = section
        if section.count == 0 {
            (lists, lengths, dictionary, table) = (0..<0, 0..<0, 0..<0, 0..<0)
            (terms, slots) = (0, 0)
            statistics = (0, 0)
            return
        }
        let size = section.count - TextIndexWriter.footerSize
        guard size >= 0 else { throw section.damage }
        let footer = try section.bytes(size..<section.count)
        let listsSize = footer.number(at: 0, as: UInt64.self)
        let dictionarySize = footer.number(at: 8, as: UInt64.self)
        let total = footer.number(at: 16, as: UInt64.self)
        slots = Int(footer.number(at: 24, as: UInt32.self))
        terms = Int(footer.number(at: 32, as: UInt32.self))
        let documents = Int(footer.number(at: 28, as: UInt32.self))
        let rows = (terms + TextIndexWriter.termsInBlock - 1) / TextIndexWriter.termsInBlock
        let tableSize = rows * TextIndexWriter.rowSize
        guard footer.number(at: 36, as: UInt32.self) == TextIndexWriter.magic,
            listsSize <= size, dictionarySize <= size, total <= UInt64(slots) << 32,
            Int(listsSize) + slots + Int(dictionarySize) + tableSize == size, documents <= slots
        else { throw section.damage }
        statistics = (documents, Int(total))
        lists = 0..<Int(listsSize)
        lengths = lists.upperBound..<lists.upperBound + slots
        dictionary = lengths.upperBound..<lengths.upperBound + Int(dictionarySize)
        table = dictionary.upperBound..<size
    }

    /// An index without texts.
    static let empty: TextIndex = {
        // The section is empty, so there is nothing to be damaged.
        try! TextIndex(.empty)
    }()

    /// The number of all bytes.
    var size: Int { section.count }

    var damage: StoreError { section.damage }

    /// The codes of the lengths of all slots' documents.
    func lengthCodes() throws(StoreError) -> BorrowedBytes { try section.bytes(lengths) }

    func bytes(of entry: Entry) throws(StoreError) -> BorrowedBytes {
        try section.bytes(entry.list)
    }

    // MARK: The dictionary

    var rows: Int { table.count / TextIndexWriter.rowSize }

    /// The first term of a block of the dictionary, its place there, and the place of its list.
    func row(
        _ row: Int
    ) throws(StoreError) -> (term: UInt64, place: Int, list: UInt64) {
        let start = table.lowerBound + row * TextIndexWriter.rowSize
        let bytes = try section.bytes(start..<start + TextIndexWriter.rowSize)
        return (
            bytes.number(at: 0, as: UInt64.self), Int(bytes.number(at: 8, as: UInt32.self)),
            bytes.number(at: 12, as: UInt64.self)
        )
    }

    /// The terms in order, from the beginning of a block on.
    fileprivate func entries(from block: Int) throws(StoreError) -> Entries {
        let row = block < rows ? try row(block) : (term: 0, place: 0, list: 0)
        guard row.place <= dictionary.count, row.list <= lists.count else { throw damage }
        return Entries(
            index: self, bytes: try section.bytes(dictionary), place: row.place,
            number: block * TextIndexWriter.termsInBlock, term: row.term, list: Int(row.list))
    }

    /// All terms with their lists, in order.
    func entries() throws(StoreError) -> Entries { try entries(from: 0) }

    /// A reading of the dictionary.
    struct Entries {
        fileprivate let index: TextIndex
        fileprivate let bytes: BorrowedBytes
        fileprivate var place: Int
        fileprivate var number: Int
        fileprivate var term: UInt64
        fileprivate var list: Int

        mutating func next() throws(StoreError) -> (term: UInt64, entry: Entry)? {
            if number == index.terms { return nil }
            if number % TextIndexWriter.termsInBlock == 0 {
                let row = try index.row(number / TextIndexWriter.termsInBlock)
                guard row.place == place, row.list == list, row.term >= term else {
                    throw index.damage
                }
                term = row.term
            }
            guard let gap = Varint.read(bytes, &place), let count = Varint.read(bytes, &place),
                let size = Varint.read(bytes, &place), gap < 1 << UInt64(TextIndexWriter.termBits),
                count > 0,
                count <= index.slots, size <= index.lists.upperBound - list
            else { throw index.damage }
            term += gap
            number += 1
            defer { list += Int(size) }
            return (term, Entry(count: Int(count), list: list..<list + Int(size)))
        }
    }
}

internal import TextAnalysis

/// A text as the log has it: the numbers of its terms with their frequencies.
///
/// Each takes five bytes: the number, and in the lowest six bits the frequency less 1. A term of a
/// higher frequency is there several times.
struct ForwardText: Sendable {
    let terms: [UInt8]
    /// The code of the document's length; 0 without a text.
    let length: UInt8

    static let entrySize = 5
    static let frequencyBits = 6
    static let mostFrequency: UInt32 = 1 << frequencyBits

    init(_ text: AnalyzedText) {
        length = text.terms.isEmpty ? 0 : max(1, DocumentLength.code(text.length))
        var bytes = ByteBuffer(capacity: (text.terms.count + 8) * Self.entrySize)
        for term in text.terms {
            let number = TextIndexWriter.number(of: term.hash) << UInt64(Self.frequencyBits)
            var rest = max(1, term.frequency)
            while true {
                let part = min(rest, Self.mostFrequency)
                bytes.reserve(Self.entrySize)
                bytes.append(number | UInt64(part - 1), bytes: Self.entrySize)
                rest -= part
                if rest == 0 { break }
            }
        }
        terms = bytes.bytes
    }
}

/// The texts of records in the order of their slots: what an inverted index is made of.
///
/// The form is: the number of slots, for each the number of terms up to its end, the code of the
/// length of each document, the terms, and three zeros.
struct ForwardTexts: Sendable {
    let slots: Int
    /// The number of terms of all texts; one counts several times if its frequency is high.
    let terms: Int
    /// The number of slots with a text.
    let documents: Int
    private let section: Section

    /// The bytes behind the last term, as each is read with three more.
    private static let margin = 3

    /// - Parameter section: One that was written by `append`, and is not empty.
    init(_ section: Section) throws(StoreError) {
        self.section = section
        slots = Int(try section.number(at: 0, as: UInt32.self))
        let head = 4 + slots * 5
        guard slots > 0, head <= section.count else { throw section.damage }
        let ends = try section.bytes(4..<4 + slots * 4)
        var last: UInt32 = 0
        for slot in 0..<slots {
            let end = ends.number(at: slot * 4, as: UInt32.self)
            guard end >= last else { throw section.damage }
            last = end
        }
        terms = Int(last)
        guard head + terms * ForwardText.entrySize + Self.margin == section.count else {
            throw section.damage
        }
        documents = try section.bytes(4 + slots * 4..<head).reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
    }

    /// The number of all bytes.
    var size: Int { section.count }

    /// The codes of the lengths of all slots' documents.
    func lengthCodes() throws(StoreError) -> BorrowedBytes {
        try section.bytes(4 + slots * 4..<4 + slots * 5)
    }

    /// The number of terms up to the end of each slot, of 32 bits each.
    func ends() throws(StoreError) -> BorrowedBytes { try section.bytes(4..<4 + slots * 4) }

    /// The terms of all slots, and the margin.
    func entries() throws(StoreError) -> BorrowedBytes {
        try section.bytes(4 + slots * 5..<section.count)
    }

    /// Appends the texts of records; nothing if there are none.
    static func append(_ texts: [ForwardText], to writer: inout ByteWriter) {
        if texts.allSatisfy({ $0.terms.isEmpty }) { return }
        let size = texts.reduce(0) { $0 + $1.terms.count }
        writer.bytes.reserveCapacity(writer.bytes.count + 4 + texts.count * 5 + size + margin)
        writer.append(UInt32(texts.count))
        var end = 0
        for text in texts {
            end += text.terms.count / ForwardText.entrySize
            writer.append(UInt32(end))
        }
        for text in texts { writer.bytes.append(text.length) }
        for text in texts { writer.bytes += text.terms }
        for _ in 0..<margin { writer.bytes.append(0) }
    }

    /// The bytes that `append` appends.
    static func size(of texts: [ForwardText]) -> Int {
        if texts.allSatisfy({ $0.terms.isEmpty }) { return 0 }
        return 4 + texts.reduce(margin) { $0 + 5 + $1.terms.count }
    }
}

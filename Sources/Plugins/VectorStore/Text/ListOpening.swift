internal import Synchronization
import TextAnalysis

/// The opening of a question's lists in segments, which several threads may share.
final class ListOpening: @unchecked Sendable {
    /// A list that a segment has. Its reading belongs to one thread at a time: first to the one that
    /// opens it, then to the search's.
    struct Opened: @unchecked Sendable {
        let term: Int
        /// The number of documents that live and have the term.
        let documents: Int
        let reader: PostingReader
    }

    private let parts: [(index: TextIndex, dead: DeadSlots?)]
    private let question: [QuestionTerm]
    private let next = Atomic(0)
    private let opened: Mutex<[Result<[Opened], StoreError>?]>

    /// With fewer lists, a second thread does not pay.
    private static let least = 100

    private init(_ parts: [(index: TextIndex, dead: DeadSlots?)], _ question: [QuestionTerm]) {
        self.parts = parts
        self.question = question
        opened = Mutex(Array(repeating: nil, count: parts.count))
    }

    /// Returns the lists of each segment, in the order of the question.
    static func open(
        _ parts: [(index: TextIndex, dead: DeadSlots?)], _ question: [QuestionTerm]
    ) throws(StoreError) -> [[Opened]] {
        let opening = ListOpening(parts, question)
        let isLong = parts.count * question.count >= least
        SearchThreads.run(isLong ? 2 : 1, help: { opening.run() }, body: { opening.run() })
        var results: [[Opened]] = []
        for result in opening.opened.withLock({ $0 }) { results.append(try result!.get()) }
        return results
    }

    private func run() {
        while true {
            let place = next.add(1, ordering: .relaxed).oldValue
            guard place < parts.count else { return }
            let result = Result { () throws(StoreError) in try open(parts[place]) }
            opened.withLock { $0[place] = result }
        }
    }

    private func open(
        _ part: (index: TextIndex, dead: DeadSlots?)
    ) throws(StoreError) -> [Opened] {
        var lists: [Opened] = []
        for (number, term) in question.enumerated() {
            let entry = try part.index.entry(of: TextIndexWriter.number(of: term.hash))
            guard let entry else { continue }
            let reader = try PostingReader(part.index, entry, begins: false)
            var documents = entry.count
            if let dead = part.dead { documents -= try reader.count(dead: dead) }
            lists.append(Opened(term: number, documents: documents, reader: reader))
        }
        return lists
    }
}

internal import Synchronization
internal import TextAnalysis

/// The texts of a segment, with an inverted index for searches.
///
/// A segment of the log has its texts as they were analysed, as most of them become a part of a file
/// before there is a search. A search makes an index of its own terms alone, which takes one reading
/// of the texts; an index of all terms is made, and kept, once so many have done that.
final class SegmentText: Sendable {
    /// Texts of records that follow each other, or nil if none of them has one.
    typealias Part = (texts: ForwardTexts?, slots: Int)

    /// Empty if there was an index from the beginning.
    let parts: [Part]
    private let made: Mutex<Made>

    private struct Made {
        var index: TextIndex?
        /// The number of searches without an index.
        var readings = 0
    }

    /// An index of all terms takes as long as so many readings.
    private static let mostReadings = 8

    init(_ index: TextIndex) {
        parts = []
        made = Mutex(Made(index: index))
    }

    init(_ parts: [Part]) {
        self.parts = parts
        let hasTexts = parts.contains { $0.texts != nil }
        made = Mutex(Made(index: hasTexts ? nil : .empty))
    }

    /// The texts of several segments, which have no index from the beginning.
    convenience init(joining texts: [SegmentText]) { self.init(texts.flatMap(\.parts)) }

    /// True if there are no texts to make an index of.
    var isEmpty: Bool {
        parts.isEmpty
            ? made.withLock { $0.index!.statistics.documents == 0 }
            : parts.allSatisfy { $0.texts == nil }
    }

    /// The number of bytes on the disk.
    var size: Int {
        if parts.isEmpty { return made.withLock { $0.index!.size } }
        return parts.reduce(0) { $0 + ($1.texts?.size ?? 0) }
    }

    /// The number of bytes that an index takes in a file, roughly if there is none.
    var indexSize: Int { parts.isEmpty ? size : size / 4 }

    /// Returns the index of all terms, unless that is still to be made.
    private var known: TextIndex? { made.withLock { $0.index } }

    /// Returns an index that has at least the terms of a question, and the statistics of all texts.
    func index(for question: [QuestionWord]) throws(StoreError) -> TextIndex {
        let isDue = made.withLock { made in
            if made.index == nil { made.readings += 1 }
            return made.readings > Self.mostReadings
        }
        if let known { return known }
        if isDue { return try index() }
        let terms = question.flatMap { [$0.term] + $0.groups }
        let selection = TextSelection(terms.map { TextIndexWriter.number(of: $0.hash) })
        var sink = MemorySink()
        try selection.write(parts, to: &sink)
        return try TextIndex(Section(sink.bytes))
    }

    /// Returns the index of all terms.
    func index() throws(StoreError) -> TextIndex {
        // Others that need it wait here, as they would have to make it too.
        try made.withLock { made throws(StoreError) in
            if let index = made.index { return index }
            var slots: UInt32 = 0
            var sources: [TextInversion.Part] = []
            for part in parts {
                let end = slots + UInt32(part.slots)
                if let texts = part.texts { sources.append((texts, Array(slots..<end))) }
                slots = end
            }
            var sink = MemorySink()
            try TextInversion(sources, slots: Int(slots)).write(to: &sink)
            let index = try TextIndex(Section(sink.bytes))
            made.index = index
            return index
        }
    }
}

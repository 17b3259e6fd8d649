/// The most that each term of a question adds to the score of a document of each window.
///
/// A window is a range of a segment's slots. The bounds come from those of the lists' blocks; for
/// terms that few documents have, from the documents themselves.
struct TextBounds {
    /// The bounds of a segment: those of the first window's lists, of the second window's, and so on.
    private struct Part {
        let lists: Int
        let words: [TextSearch.WordLists]
        var bounds: [Float]
    }

    private var parts: [Part] = []

    /// A list with fewer entries than this for each window is read.
    private static let fewPerWindow = 8
    /// More than is lost through single precision.
    private static let slack: Float = 1 + 1e-6

    init(_ text: TextSearch, _ table: PartTable) throws(StoreError) {
        for lists in text.lists {
            let windows = SlotWindow.count(for: lists.lengths.count)
            var part = Part(
                lists: lists.readers.count, words: lists.words,
                bounds: [Float](repeating: 0, count: windows * lists.readers.count))
            for (place, (term, reader)) in lists.readers.enumerated() {
                let weight = Float(text.terms[term].weight)
                func raise(_ windows: ClosedRange<Int>, _ share: Float) {
                    let bound = weight * share * Self.slack
                    for window in windows {
                        let index = window * part.lists + place
                        if part.bounds[index] < bound { part.bounds[index] = bound }
                    }
                }
                if reader.count < windows * Self.fewPerWindow {
                    try reader.seek(0)
                    while reader.slot != PostingReader.end {
                        let slot = Int(reader.slot)
                        let window = slot / SlotWindow.size
                        raise(
                            window...window,
                            table.part(reader.frequency, lists.lengths[slot]))
                        try reader.advance()
                    }
                    continue
                }
                var first = 0
                for block in 0..<reader.blocks {
                    let last = Int(reader.lastSlot(ofBlock: block))
                    guard last >= first, last < lists.lengths.count else { throw reader.damage }
                    let (greatest, least) = reader.bounds(ofBlock: block)
                    raise(
                        first / SlotWindow.size...last / SlotWindow.size,
                        greatest == .max ? 1 : table.part(greatest, least))
                    first = last + 1
                }
            }
            parts.append(part)
        }
    }

    /// The most that the score of a document of the window can be.
    func sum(in window: SlotWindow) -> Float {
        parts[window.segment].words.reduce(0) { $0 + bound(of: $1, in: window) } * (1 + 1e-5)
    }

    /// The most that a word of the window's segment adds to a score.
    func bound(of word: TextSearch.WordLists, in window: SlotWindow) -> Float {
        let own = word.own.map { bound(ofList: $0, in: window) } ?? 0
        return max(own, bound(ofGroups: word, in: window))
    }

    /// The most that the groups of letters of a word add together.
    func bound(ofGroups word: TextSearch.WordLists, in window: SlotWindow) -> Float {
        word.groups.reduce(0) { $0 + bound(ofList: $1, in: window) }
    }

    private func bound(ofList list: Int, in window: SlotWindow) -> Float {
        let part = parts[window.segment]
        return part.bounds[window.number * part.lists + list]
    }
}

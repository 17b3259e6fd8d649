/// The most that each word of a question adds to the score of a document of each window.
///
/// A window is a range of a segment's slots. The bounds come from those of the lists' blocks; for
/// terms that few documents have, from the documents themselves.
struct TextBounds {
    /// The bounds of a segment: those of the first window's lists, of the second window's, and so on.
    private struct Part {
        let lists: Int
        var bounds: [Float]
    }

    private var parts: [Part] = []
    /// The words of each segment.
    private let words: [[TextSearch.Lists.Word]]

    /// A list with fewer entries than this for each window is read.
    private static let fewPerWindow = 8
    /// What is lost through single precision is less.
    private static let slack: Float = 1 + 4e-6

    init(_ text: TextSearch, _ table: PartTable) throws(StoreError) {
        words = text.lists.map(\.words)
        for lists in text.lists {
            let windows = SlotWindow.count(for: lists.lengths.count)
            var part = Part(
                lists: lists.readers.count,
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

    /// The bounds of the lists of a segment in a window, in their order.
    private func bounds(in window: SlotWindow) -> ArraySlice<Float> {
        let part = parts[window.segment]
        let start = window.number * part.lists
        return part.bounds[start..<start + part.lists]
    }

    /// The bounds of the words that a segment has, in a window and in their order.
    func words(in window: SlotWindow) -> [Float] {
        let bounds = bounds(in: window)
        let first = bounds.startIndex
        return words[window.segment].map { word in
            let groups = word.groups.reduce(0) { $0 + bounds[first + $1] } * Self.slack
            return max(word.own.map { bounds[first + $0] } ?? 0, groups)
        }
    }

    /// The most that the score of a document of the window can be.
    func sum(in window: SlotWindow) -> Float { words(in: window).reduce(0, +) * (1 + 1e-5) }
}

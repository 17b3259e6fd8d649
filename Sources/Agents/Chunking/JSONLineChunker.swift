internal import JSON
internal import Text

/// Makes a passage of each line of JSON: its values with their names, one a line.
struct JSONLineChunker: Sendable {
    private let sizes: ChunkSettings.Sizes
    private var buffer: [UInt8] = []
    private var offset = 0
    private var scanned = 0

    /// A longer line is cut as plain text.
    private static let longestLine = 16 << 20

    init(_ sizes: ChunkSettings.Sizes) { self.sizes = sizes }

    mutating func append(_ block: [UInt8], isLast: Bool) -> [Passage] {
        buffer += block
        var passages: [Passage] = []
        var start = 0
        while true {
            let newline = buffer[max(scanned, start)...].firstIndex(of: UInt8(ascii: "\n"))
            if let newline {
                take(Array(buffer[start..<newline]), at: offset + start, &passages)
                start = newline + 1
            } else if buffer.count - start > Self.longestLine || (isLast && start < buffer.count) {
                let end = isLast ? buffer.count : buffer.span.characterStart(before: buffer.count)
                take(Array(buffer[start..<end]), at: offset + start, &passages)
                start = end
            } else {
                break
            }
        }
        buffer.removeFirst(start)
        offset += start
        scanned = buffer.count
        return passages
    }

    private func take(_ line: [UInt8], at place: Int, _ passages: inout [Passage]) {
        let own = line.trimmingEnd
        if own.isEmpty { return }
        let value = try? Value(parsing: own)
        var text: [UInt8] = []
        if let value { Self.append(value, "", &text) }
        if value == nil || text.isEmpty { text = Array(own) }
        var chunker = Chunker(size: sizes.size, overlap: sizes.overlap)
        chunker.append(text)
        chunker.finish()
        while let chunk = chunker.next() {
            // What was spelt as JSON has only its line as its place.
            let range =
                value == nil
                ? (place + chunk.range.lowerBound)..<(place + chunk.range.upperBound)
                : place..<(place + own.count)
            passages.append(Passage(content: chunk.bytes, range: range))
        }
    }

    /// Appends each value that is not empty, with the names that lead to it.
    private static func append(_ value: Value, _ path: String, _ text: inout [UInt8]) {
        switch value {
        case .object(let members):
            for (key, value) in members {
                append(value, path.isEmpty ? key : "\(path).\(key)", &text)
            }
        case .array(let elements):
            if elements.allSatisfy({ $0.array == nil && $0.object == nil }) {
                let words = elements.map { $0.string ?? $0.description }
                appendLine(words.joined(separator: ", "), path, &text)
            } else {
                for element in elements { append(element, path, &text) }
            }
        case .null: break
        default: appendLine(value.string ?? value.description, path, &text)
        }
    }

    private static func appendLine(_ words: String, _ path: String, _ text: inout [UInt8]) {
        if words.allSatisfy(\.isWhitespace) { return }
        if !text.isEmpty { text.append(UInt8(ascii: "\n")) }
        text += (path.isEmpty ? words : "\(path): \(words)").utf8
    }
}

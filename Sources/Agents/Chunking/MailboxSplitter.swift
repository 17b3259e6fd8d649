internal import Text

/// Finds the messages of a mailbox (mbox), which begin with lines `From ADDRESS DATE` behind empty
/// lines.
struct MailboxSplitter: Sendable {
    private var buffer: [UInt8] = []
    private var scanned = 0

    /// The place in the mailbox at which `buffer` begins.
    private var offset = 0

    /// A message without the marks of the mailbox, and its range there.
    struct Message {
        let bytes: [UInt8]
        let range: Range<Int>

        /// True if the bytes are only the beginning of a message that is too long.
        var isCutOff = false
    }

    /// The most bytes of a message, and the number that is kept of a longer one.
    private let longest: Int
    private static let kept = 64 * 1024

    /// True while the rest of a message that is too long is passed over.
    private var isSkipping = false

    /// The longest line that may begin a message.
    private static let longestLine = 1000

    private static let mark = Array("\nFrom ".utf8)

    init(longest: Int = DocumentChunker.longestRecord) { self.longest = longest }

    mutating func append(_ block: [UInt8], isLast: Bool) -> [Message] {
        buffer += block
        var messages: [Message] = []
        var start = 0
        var position = max(scanned, 1)
        while position + Self.mark.count <= buffer.count {
            let isMark =
                buffer[position] == UInt8(ascii: "\n")
                && buffer[position...].starts(with: Self.mark)
                && isEmptyLine(before: position)
            if isMark {
                let line = buffer[(position + 1)...].prefix(Self.longestLine)
                let end = line.firstIndex(of: UInt8(ascii: "\n"))
                // The end of the line is in the next block.
                if end == nil, line.count < Self.longestLine, !isLast { break }
                guard Self.hasDate(line[..<(end ?? line.endIndex)]) else {
                    position += 1
                    continue
                }
                add(start..<(position + 1), &messages)
                start = position + 1
            }
            position += 1
        }
        if isLast {
            add(start..<buffer.count, &messages)
            start = buffer.count
        }
        buffer.removeFirst(start)
        offset += start
        scanned = max(0, position - start)
        if buffer.count > longest || isSkipping { skip(&messages) }
        return messages
    }

    /// Gives the beginning of a message that is too long, and forgets what there is of it.
    private mutating func skip(_ messages: inout [Message]) {
        if !isSkipping {
            messages.append(
                Message(
                    bytes: Self.unquoted(buffer.prefix(Self.kept)),
                    range: offset..<(offset + buffer.count), isCutOff: true))
            isSkipping = true
        }
        // A line that begins a message may have begun.
        let end = max(0, min(scanned, buffer.count) - 2)
        buffer.removeFirst(end)
        offset += end
        scanned -= end
    }

    private static let days: Set<String> = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    private static let months: Set<String> = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// True for a line with a date and a time, which a line of text that begins with `From` has not.
    private static func hasDate(_ line: ArraySlice<UInt8>) -> Bool {
        let words = String(decoding: line, as: UTF8.self).lowercased()
            .split { $0.isWhitespace || $0 == "," }
        return words.contains { days.contains(String($0)) }
            && words.contains { months.contains(String($0)) }
            && words.contains { word in
                let parts = word.split(separator: ":")
                return parts.count >= 2 && parts.allSatisfy { $0.allSatisfy(\.isNumber) }
            }
    }

    private func isEmptyLine(before position: Int) -> Bool {
        var end = position
        if end > 0, buffer[end - 1] == 0x0D { end -= 1 }
        return end > 0 && buffer[end - 1] == UInt8(ascii: "\n")
    }

    private mutating func add(_ range: Range<Int>, _ messages: inout [Message]) {
        if isSkipping {
            isSkipping = false
            return
        }
        let bytes = buffer[range]
        guard bytes.contains(where: { $0 > 0x20 }) else { return }
        messages.append(
            Message(
                bytes: Self.unquoted(bytes),
                range: (offset + range.lowerBound)..<(offset + range.upperBound)))
    }

    /// Takes a `>` off lines that would have been marks without it.
    private static func unquoted(_ message: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(message.count)
        var isAtLine = true
        for (index, byte) in zip(message.indices, message) {
            if isAtLine, byte == UInt8(ascii: ">") {
                let rest = message[index...].drop { $0 == UInt8(ascii: ">") }
                if rest.starts(with: mark.dropFirst()) {
                    isAtLine = false
                    continue
                }
            }
            isAtLine = byte == UInt8(ascii: "\n")
            result.append(byte)
        }
        return result
    }
}

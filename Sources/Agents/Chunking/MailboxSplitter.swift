internal import Text

/// Finds the messages of a mailbox (mbox), which begin with lines `From ` behind empty lines.
struct MailboxSplitter: Sendable {
    private var buffer: [UInt8] = []
    private var scanned = 0

    /// The place in the mailbox at which `buffer` begins.
    private var offset = 0

    /// A message without the marks of the mailbox, and its range there.
    struct Message {
        let bytes: [UInt8]
        let range: Range<Int>
    }

    private static let mark = Array("\nFrom ".utf8)

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
        return messages
    }

    /// The size of the message that has begun.
    var pending: Int { buffer.count }

    private func isEmptyLine(before position: Int) -> Bool {
        var end = position
        if end > 0, buffer[end - 1] == 0x0D { end -= 1 }
        return end > 0 && buffer[end - 1] == UInt8(ascii: "\n")
    }

    private func add(_ range: Range<Int>, _ messages: inout [Message]) {
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

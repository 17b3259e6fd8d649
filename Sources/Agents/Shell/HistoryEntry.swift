/// The encoding of an entry in a history file, which has one line for each entry.
package enum HistoryEntry {
    private static let backslash = UInt8(ascii: "\\")

    package static func encoded(_ text: String) -> [UInt8] {
        var line: [UInt8] = []
        // The loop uses bytes, because a combining mark changes the character before it.
        for byte in text.utf8 {
            switch byte {
            case backslash: line += [backslash, backslash]
            case UInt8(ascii: "\n"): line += [backslash, UInt8(ascii: "n")]
            default: line.append(byte)
            }
        }
        return line
    }

    /// Decodes a line. It has to be fast, because megabytes may be read before the first prompt.
    package static func decoded(_ line: ArraySlice<UInt8>) -> String {
        guard line.contains(backslash) else { return String(decoding: line, as: UTF8.self) }
        var text: [UInt8] = []
        text.reserveCapacity(line.count)
        var isEscaped = false
        for byte in line {
            if isEscaped {
                text.append(byte == UInt8(ascii: "n") ? UInt8(ascii: "\n") : byte)
                isEscaped = false
            } else if byte == backslash {
                isEscaped = true
            } else {
                text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}

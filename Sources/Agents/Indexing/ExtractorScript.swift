/// The script that `sh` runs for an extractor, with the file as its first argument, so that a name
/// never becomes code.
///
/// `{}` is the file outside of quotes, in double quotes, and in single quotes that hold nothing
/// else. Within other single quotes it stays as it is, like all else, for instance as an empty
/// object in a program.
struct ExtractorScript: Equatable {
    let text: String

    /// The kind of text that the next byte is in.
    private enum Context {
        /// Text without quotes; it ends at the given byte, if any, outside of inner parentheses.
        case bare(end: UInt8?, parentheses: Int)
        case doubleQuotes
    }

    private static let file = Array("{}".utf8)
    private static let quotedFile = Array("'{}'".utf8)

    init(_ command: String) {
        let command = Array(command.utf8)
        var script: [UInt8] = []
        var contexts = [Context.bare(end: nil, parentheses: 0)]
        var position = 0

        /// Keeps code for `sh` as it is.
        func keep(_ count: Int) {
            let end = min(position + count, command.count)
            script += command[position..<end]
            position = end
        }
        func isNext(_ text: some Collection<UInt8>) -> Bool {
            command[position...].starts(with: text)
        }
        /// - Returns: The number of bytes up to and including the next such byte.
        func count(through byte: UInt8) -> Int {
            let next = command[(position + 1)...].firstIndex(of: byte) ?? command.count
            return next - position + 1
        }

        while position < command.count {
            let byte = command[position]
            if byte == UInt8(ascii: "\\") {
                keep(2)
                continue
            }
            if isNext("$(".utf8) {
                contexts.append(.bare(end: UInt8(ascii: ")"), parentheses: 0))
                keep(2)
                continue
            }
            switch contexts[contexts.count - 1] {
            case .doubleQuotes:
                if isNext(Self.file) {
                    script += "${1}".utf8
                    position += Self.file.count
                    continue
                }
                if byte == UInt8(ascii: "\"") {
                    contexts.removeLast()
                } else if byte == UInt8(ascii: "`") {
                    contexts.append(.bare(end: byte, parentheses: 0))
                }
                keep(1)
            case .bare(let end, let parentheses):
                if isNext(Self.file) || isNext(Self.quotedFile) {
                    script += #""${1}""#.utf8
                    position += isNext(Self.file) ? Self.file.count : Self.quotedFile.count
                } else if byte == UInt8(ascii: "'") {
                    keep(count(through: byte))
                } else if byte == UInt8(ascii: "#"), Self.endsWord(script.last) {
                    // An apostrophe in a comment does not open a quote.
                    keep(count(through: UInt8(ascii: "\n")))
                } else if byte == end, parentheses == 0 {
                    contexts.removeLast()
                    keep(1)
                } else {
                    switch byte {
                    case UInt8(ascii: "\""): contexts.append(.doubleQuotes)
                    case UInt8(ascii: "`"): contexts.append(.bare(end: byte, parentheses: 0))
                    case UInt8(ascii: "("):
                        contexts[contexts.count - 1] = .bare(end: end, parentheses: parentheses + 1)
                    case UInt8(ascii: ")"):
                        contexts[contexts.count - 1] = .bare(
                            end: end, parentheses: max(0, parentheses - 1))
                    default: break
                    }
                    keep(1)
                }
            }
        }
        text = String(decoding: script, as: UTF8.self)
    }

    /// True if the next byte begins a word or a comment.
    private static func endsWord(_ last: UInt8?) -> Bool {
        guard let last else { return true }
        return " \t\n;&|()".utf8.contains(last)
    }
}

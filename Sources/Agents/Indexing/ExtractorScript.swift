/// The text that `sh` runs for an extractor, with the file as its first argument: a name never
/// becomes code.
///
/// `{}` is the file outside of quotes, in double quotes, and in single quotes that hold nothing
/// else. Within other single quotes it stays as it is, like all else, for instance as an empty
/// object in a program.
struct ExtractorScript: Equatable {
    let text: String

    init(_ command: String) {
        var translation = Translation(command)
        text = translation.run()
    }
}

/// Goes through a command once and replaces `{}`.
private struct Translation {
    private let command: [UInt8]
    private var position = 0
    private var script: [UInt8] = []
    private var contexts = [Context.bare(end: nil, parentheses: 0)]

    /// The kind of text that the next byte is in.
    private enum Context {
        /// No quotes. It ends at the byte, if any, outside of inner parentheses.
        case bare(end: UInt8?, parentheses: Int)
        case doubleQuotes
    }

    private static let file = Array("{}".utf8)
    private static let quotedFile = Array("'{}'".utf8)

    init(_ command: String) { self.command = Array(command.utf8) }

    mutating func run() -> String {
        while position < command.count {
            if isNext([UInt8(ascii: "\\")]) {
                keep(2)
            } else if isNext(Array("$(".utf8)) {
                contexts.append(.bare(end: UInt8(ascii: ")"), parentheses: 0))
                keep(2)
            } else {
                switch contexts[contexts.count - 1] {
                case .doubleQuotes: readInDoubleQuotes()
                case .bare(let end, let parentheses): readBare(end, parentheses)
                }
            }
        }
        return String(decoding: script, as: UTF8.self)
    }

    private mutating func readInDoubleQuotes() {
        if isNext(Self.file) { return replace(Self.file, by: "${1}") }
        switch command[position] {
        case UInt8(ascii: "\""): contexts.removeLast()
        case UInt8(ascii: "`"): contexts.append(.bare(end: UInt8(ascii: "`"), parentheses: 0))
        default: break
        }
        keep(1)
    }

    private mutating func readBare(_ end: UInt8?, _ parentheses: Int) {
        for file in [Self.file, Self.quotedFile] where isNext(file) {
            return replace(file, by: #""${1}""#)
        }
        switch command[position] {
        case UInt8(ascii: "'"): return keepThrough(UInt8(ascii: "'"))
        // An apostrophe in a comment does not open a quote.
        case UInt8(ascii: "#") where isAtWord: return keepThrough(UInt8(ascii: "\n"))
        case end where parentheses == 0: contexts.removeLast()
        case UInt8(ascii: "\""): contexts.append(.doubleQuotes)
        case UInt8(ascii: "`"): contexts.append(.bare(end: UInt8(ascii: "`"), parentheses: 0))
        case UInt8(ascii: "("):
            contexts[contexts.count - 1] = .bare(end: end, parentheses: parentheses + 1)
        case UInt8(ascii: ")"):
            contexts[contexts.count - 1] = .bare(end: end, parentheses: max(0, parentheses - 1))
        default: break
        }
        keep(1)
    }

    /// True if a word or a comment begins here.
    private var isAtWord: Bool {
        guard let last = script.last else { return true }
        return " \t\n;&|()".utf8.contains(last)
    }

    private func isNext(_ text: [UInt8]) -> Bool { command[position...].starts(with: text) }

    private mutating func replace(_ text: [UInt8], by other: String) {
        script += other.utf8
        position += text.count
    }

    /// Copies so many bytes, or all that are left.
    private mutating func keep(_ count: Int) {
        let end = min(position + count, command.count)
        script += command[position..<end]
        position = end
    }

    /// Copies everything up to and with the next such byte behind this one.
    private mutating func keepThrough(_ byte: UInt8) {
        let next = command[(position + 1)...].firstIndex(of: byte) ?? command.count
        keep(next - position + 1)
    }
}

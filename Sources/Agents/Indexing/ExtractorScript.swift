/// The script that `sh` runs for an extractor. The file is its first argument, so that a file name
/// never becomes code.
///
/// `{}` stands for the file outside of quotes, in double quotes, and as the whole of a text in
/// single quotes. Other text in single quotes is not changed: `{}` may be an empty object in a
/// program there.
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

    /// The context of the next byte.
    private enum Context {
        /// Text without quotes. It ends at the byte, if there is one, outside of inner parentheses.
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

    /// Copies a number of bytes, or the rest if there are fewer.
    private mutating func keep(_ count: Int) {
        let end = min(position + count, command.count)
        script += command[position..<end]
        position = end
    }

    /// Copies everything up to the next occurrence of a byte after this one, including it.
    private mutating func keepThrough(_ byte: UInt8) {
        let next = command[(position + 1)...].firstIndex(of: byte) ?? command.count
        keep(next - position + 1)
    }
}

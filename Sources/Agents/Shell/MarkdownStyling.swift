/// Adds light styling for headings, code and lists to text that comes in pieces.
///
/// The text itself never changes: without its escape sequences, the output equals the input. At
/// most the first ``longest`` characters of a line are held back until its kind is known.
package struct MarkdownStyling: Sendable {
    /// The beginning of a line.
    private enum Opening: Equatable {
        case unknown
        case text
        case heading
        case fence(Fence, hasMore: Bool)
        /// A list item, with the length of the mark and of the text before it.
        case item(Int)
    }

    private struct Fence: Equatable {
        let character: Character
        let length: Int
    }

    /// The text so far of a line whose kind is not known yet; nil once it is known.
    private var beginning: String? = ""

    /// The fence of the current code block.
    private var fence: Fence?
    private var isHeading = false
    private var isCode = false

    /// The fence after this line, if the line opens or closes a code block.
    private var nextFence: Fence??

    /// The most characters of a line that are examined to find its kind.
    private static let longest = 200

    private static let bold = (on: "\u{1b}[1m", off: "\u{1b}[22m")
    private static let code = (on: "\u{1b}[36m", off: "\u{1b}[39m")

    package init() {}

    package mutating func feed(_ text: String) -> String {
        var shown = ""
        for character in text { add(character, to: &shown) }
        return shown
    }

    /// Returns the rest of the text, and ends all styling.
    package mutating func finish() -> String {
        var shown = ""
        begin(to: &shown, isWhole: true)
        endStyles(to: &shown)
        self = MarkdownStyling()
        return shown
    }

    private mutating func add(_ character: Character, to shown: inout String) {
        if character.isNewline {
            begin(to: &shown, isWhole: true)
            endStyles(to: &shown)
            shown.append(character)
            if let nextFence { fence = nextFence }
            nextFence = nil
            beginning = ""
        } else if let held = beginning {
            beginning = held + String(character)
            // The beginning of a longer line decides its kind.
            begin(to: &shown, isWhole: beginning!.count >= Self.longest)
        } else {
            withdrawFence(at: character)
            addInLine(character, to: &shown)
        }
    }

    /// Shows the beginning of a line if its kind is known.
    private mutating func begin(to shown: inout String, isWhole: Bool) {
        guard let held = beginning else { return }
        let opening = Self.opening(of: held, isWhole: isWhole)
        if opening == .unknown { return }
        beginning = nil
        if held.isEmpty { return }
        if let fence {
            if case .fence(let end, hasMore: false) = opening, end.character == fence.character,
                end.length >= fence.length
            {
                nextFence = .some(nil)
            }
            startCode(to: &shown)
            shown += held
            return
        }
        switch opening {
        case .heading:
            isHeading = true
            shown += Self.bold.on + held
        case .fence(let fence, _):
            nextFence = fence
            startCode(to: &shown)
            shown += held
        case .item(let length):
            shown += Self.bold.on + held.prefix(length) + Self.bold.off
            for character in held.dropFirst(length) { addInLine(character, to: &shown) }
        case .text, .unknown:
            for character in held { addInLine(character, to: &shown) }
        }
    }

    /// Withdraws a fence if the rest of a long line shows that it is not a fence.
    private mutating func withdrawFence(at character: Character) {
        guard let next = nextFence else { return }
        if next == nil ? !character.isWhitespace : character == "`" { nextFence = nil }
    }

    private mutating func addInLine(_ character: Character, to shown: inout String) {
        guard character == "`", fence == nil, nextFence == nil else {
            shown.append(character)
            return
        }
        if isCode {
            shown += "`" + Self.code.off
            isCode = false
        } else {
            startCode(to: &shown)
            shown += "`"
        }
    }

    private mutating func startCode(to shown: inout String) {
        shown += Self.code.on
        isCode = true
    }

    private mutating func endStyles(to shown: inout String) {
        if isCode { shown += Self.code.off }
        if isHeading { shown += Self.bold.off }
        (isCode, isHeading) = (false, false)
    }

    /// - Parameter isWhole: True if the line is complete.
    private static func opening(of text: String, isWhole: Bool) -> Opening {
        let rest = text.drop { $0 == " " || $0 == "\t" }
        let margin = text.count - rest.count
        guard let first = rest.first else { return isWhole ? .text : .unknown }
        let run = rest.prefix { $0 == first }.count
        let after = rest.dropFirst(run).first
        let undecided: Opening = isWhole ? .text : .unknown
        switch first {
        case "#" where run <= 6 && margin <= 3:
            guard let after else { return undecided }
            return after == " " ? .heading : .text
        case "`", "~":
            if run < 3 { return after == nil ? undecided : .text }
            let info = rest.dropFirst(run)
            // It is inline code between several backquotes.
            if info.contains(where: { $0 == "`" }) { return .text }
            return isWhole
                ? .fence(
                    Fence(character: first, length: run),
                    hasMore: info.contains { !$0.isWhitespace })
                : .unknown
        case "-", "*", "+":
            guard let after, run == 1 else { return run == 1 ? undecided : .text }
            return after == " " ? .item(margin + 1) : .text
        case _ where first.isASCII && first.isNumber:
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            let tail = rest.dropFirst(digits.count)
            guard digits.count <= 9 else { return .text }
            guard let mark = tail.first else { return undecided }
            guard mark == "." || mark == ")" else { return .text }
            guard let blank = tail.dropFirst().first else { return undecided }
            return blank == " " ? .item(margin + digits.count + 1) : .text
        default: return .text
        }
    }
}

import Text

/// A place between two characters where text may be cut; greater values are better places.
enum Break: Int, Comparable {
    case none
    /// Between words, and after a heading that would be separated from its text by a better break.
    case word
    /// Between lines.
    case line
    /// After a full stop or a similar mark.
    case sentence
    /// At an empty line.
    case paragraph
    /// Before a Markdown heading.
    case heading

    static func < (a: Break, b: Break) -> Bool { a.rawValue < b.rawValue }
}

/// A scanner that finds the kind of break before each character of a text, which it reads from left
/// to right.
///
/// It looks one character ahead and remembers a few facts, so it may start anywhere; its results
/// are certain from the second line on.
struct BreakScanner {
    private var last = Kind.other
    private var isAfterStop = false
    private(set) var isAfterSpace = false
    private var newlines = 0
    private var isInHeading = false
    /// True if the last line that was not empty was a heading.
    private var isAfterHeading = false

    private enum Kind { case other, stop, closing, wideStop, wideComma }

    /// The number of bytes before a position at which to start so that the result for it is certain
    /// in ordinary text.
    static let memory = 256

    /// Returns the break before the character at `position`, and moves past that character.
    @inline(__always)
    mutating func pass(_ text: Span<UInt8>, _ position: Int) -> Break {
        let byte = text[position]
        if byte > 0x20, byte < 0x80, !isAfterSpace, last == .other {
            // This is the usual case: a letter after a letter.
            if Self.isPunctuation(byte) { last = Self.kind(byte) }
            return .none
        }
        return passSlowly(text, position, byte)
    }

    private mutating func passSlowly(
        _ text: Span<UInt8>, _ position: Int, _ byte: UInt8
    ) -> Break {
        if byte == 0x20 || (0x09...0x0D).contains(byte) {
            if !isAfterSpace { isAfterStop = last == .stop || last == .wideStop }
            isAfterSpace = true
            last = .other
            if byte == 0x0A {
                newlines += 1
                if newlines == 1 {
                    isAfterHeading = isInHeading
                    isInHeading = false
                }
            }
            return .none
        }
        defer {
            let kind = byte < 0x80 ? Self.kind(byte) : Self.wideKind(text.scalar(at: position))
            // A closing bracket or quote belongs to the sentence that ended before it.
            if kind != .closing || isAfterSpace || last == .other { last = kind }
            isAfterSpace = false
            newlines = 0
        }
        guard isAfterSpace else {
            let wide = last
            guard wide == .wideStop || wide == .wideComma else { return .none }
            let kind = byte < 0x80 ? Self.kind(byte) : Self.wideKind(text.scalar(at: position))
            if kind != .other { return .none }
            return wide == .wideStop ? .sentence : .word
        }
        let wasHeading = isAfterHeading
        if newlines > 0 {
            isInHeading = Self.isHeading(text, position)
            isAfterHeading = false
            if wasHeading { return .word }
            if isInHeading { return .heading }
            if newlines > 1 { return .paragraph }
        }
        // "e.g. this" goes on; "It ends. This does not."
        if isAfterStop, !(0x61...0x7A).contains(byte) { return .sentence }
        return newlines > 0 ? .line : .word
    }

    private static func isHeading(_ text: Span<UInt8>, _ position: Int) -> Bool {
        var end = position
        while end < text.count, end - position < 7, text[end] == UInt8(ascii: "#") { end += 1 }
        return (1...6).contains(end - position) && end < text.count
            && text[end] == UInt8(ascii: " ")
    }

    @inline(__always)
    private static func isPunctuation(_ byte: UInt8) -> Bool { byte < 0x40 || byte == 0x5D }

    private static func kind(_ byte: UInt8) -> Kind {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"): .stop
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ")"), UInt8(ascii: "]"): .closing
        default: .other
        }
    }

    private static func wideKind(_ scalar: UInt32) -> Kind {
        switch scalar {
        // ؟ ۔ । ॥ ‥ … end a sentence if a space follows.
        case 0x061F, 0x06D4, 0x0964, 0x0965, 0x2025, 0x2026: .stop
        // ” ’ » 」 』 】 〉 》 ）
        case 0x2019, 0x201D, 0x00BB, 0x300D, 0x300F, 0x3011, 0x3009, 0x300B, 0xFF09: .closing
        // 。 ． ｡ ！ ？ end a sentence wherever they stand.
        case 0x3002, 0xFF0E, 0xFF61, 0xFF01, 0xFF1F: .wideStop
        // 、 ， ､ ； ：
        case 0x3001, 0xFF0C, 0xFF64, 0xFF1B, 0xFF1A: .wideComma
        default: .other
        }
    }
}

import Text

/// A place between two characters where text may be cut; greater values are better places.
enum Break: Int, Comparable {
    case none
    /// Between words.
    case word
    /// Between lines.
    case line
    /// After a full stop or a similar mark.
    case sentence
    /// At an empty line.
    case paragraph
    /// Before a definition at the top level of source code.
    case definition

    static func < (a: Break, b: Break) -> Bool { a.rawValue < b.rawValue }
}

/// A scanner that finds the kind of break before each character of a text, which it reads from left
/// to right.
///
/// It looks one character ahead and remembers a few facts, so it may start anywhere; its results
/// are certain from the second line on.
struct BreakScanner {
    /// The kind of text, which decides which places are breaks.
    enum Mode: Sendable { case prose, code }

    let mode: Mode
    private var last = Kind.other
    private var isAfterStop = false
    private(set) var isAfterSpace = false
    private var newlines = 0
    private var column = 0
    /// The beginning of the last line that was not empty.
    private var line = Line.other

    private enum Kind { case other, stop, closing, wideStop, wideComma }

    /// The kind of a line of source code by its first character.
    private enum Line { case other, indented, comment, closing }

    init(_ mode: Mode) { self.mode = mode }

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
            if byte == 0x0A { newlines += 1 }
            column = byte == 0x0A ? 0 : column + 1
            return .none
        }
        defer {
            let kind = byte < 0x80 ? Self.kind(byte) : Self.wideKind(text.scalar(at: position))
            // A closing bracket or quote belongs to the sentence that ended before it.
            if kind != .closing || isAfterSpace || last == .other { last = kind }
            isAfterSpace = false
            newlines = 0
            column = 1
        }
        guard isAfterSpace else {
            let wide = last
            guard wide == .wideStop || wide == .wideComma else { return .none }
            let kind = byte < 0x80 ? Self.kind(byte) : Self.wideKind(text.scalar(at: position))
            if kind != .other { return .none }
            return wide == .wideStop ? .sentence : .word
        }
        if mode == .code { return newlines > 0 ? lineBreak(byte) : .word }
        if newlines > 1 { return .paragraph }
        // "e.g. this" goes on; "It ends. This does not."
        if isAfterStop, !(0x61...0x7A).contains(byte) { return .sentence }
        return newlines > 0 ? .line : .word
    }

    /// Returns the break before a line of source code.
    ///
    /// - Parameter first: Its first byte that is not white space.
    private mutating func lineBreak(_ first: UInt8) -> Break {
        let last = line
        switch first {
        case _ where column > 0: line = .indented
        case UInt8(ascii: "}"), UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "{"):
            line = .closing
        // Comments and attributes belong to what follows them.
        case UInt8(ascii: "/"), UInt8(ascii: "#"), UInt8(ascii: "@"), UInt8(ascii: "*"),
            UInt8(ascii: "-"), UInt8(ascii: ";"), UInt8(ascii: "%"), UInt8(ascii: "["):
            line = .comment
        default: line = .other
        }
        let isTop = line == .other || line == .comment
        if newlines > 1 { return isTop ? .definition : .paragraph }
        return isTop && (last == .closing || last == .indented) ? .definition : .line
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

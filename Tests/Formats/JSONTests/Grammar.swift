/// RFC 8259's grammar with one function for each rule, written only to be obviously right.
///
/// Tests compare what the scanner accepts with it. It does not limit the depth.
struct Grammar {
    private let text: [UInt8]
    private var offset = 0

    static func accepts(_ text: [UInt8]) -> Bool {
        guard String(validating: text, as: UTF8.self) != nil else { return false }
        var grammar = Grammar(text: text)
        grammar.whitespace()
        guard grammar.value() else { return false }
        grammar.whitespace()
        return grammar.offset == text.count
    }

    private init(text: [UInt8]) { self.text = text }

    private mutating func take(_ characters: String) -> Bool {
        guard offset < text.count, characters.utf8.contains(text[offset]) else { return false }
        offset += 1
        return true
    }

    private mutating func take(literal: String) -> Bool {
        guard text[offset...].starts(with: literal.utf8) else { return false }
        offset += literal.utf8.count
        return true
    }

    private mutating func whitespace() { while take(" \t\n\r") {} }

    private mutating func value() -> Bool {
        guard offset < text.count else { return false }
        switch text[offset] {
        case UInt8(ascii: "{"): return list("{", "}") { $0.member() }
        case UInt8(ascii: "["): return list("[", "]") { $0.value() }
        case UInt8(ascii: "\""): return string()
        case UInt8(ascii: "t"): return take(literal: "true")
        case UInt8(ascii: "f"): return take(literal: "false")
        case UInt8(ascii: "n"): return take(literal: "null")
        default: return number()
        }
    }

    private mutating func list(
        _ opening: String, _ closing: String, _ item: (inout Grammar) -> Bool
    ) -> Bool {
        guard take(opening) else { return false }
        whitespace()
        if take(closing) { return true }
        while true {
            whitespace()
            guard item(&self) else { return false }
            whitespace()
            if take(closing) { return true }
            guard take(",") else { return false }
        }
    }

    private mutating func member() -> Bool {
        guard string() else { return false }
        whitespace()
        guard take(":") else { return false }
        whitespace()
        return value()
    }

    private mutating func string() -> Bool {
        guard take("\"") else { return false }
        while offset < text.count {
            if take("\"") { return true }
            if take("\\") {
                if take("u") {
                    for _ in 0..<4 { guard take("0123456789abcdefABCDEF") else { return false } }
                } else if !take("\"\\/bfnrt") {
                    return false
                }
            } else {
                guard text[offset] >= 0x20 else { return false }
                offset += 1
            }
        }
        return false
    }

    private mutating func number() -> Bool {
        _ = take("-")
        if !take("0") { guard digits() else { return false } }
        if take(".") { guard digits() else { return false } }
        if take("eE") {
            _ = take("+-")
            guard digits() else { return false }
        }
        return true
    }

    private mutating func digits() -> Bool {
        guard take("0123456789") else { return false }
        while take("0123456789") {}
        return true
    }
}

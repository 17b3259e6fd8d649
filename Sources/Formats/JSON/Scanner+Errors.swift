import Text

extension Scanner {
    var tooDeep: JSONError {
        JSONError(offset: offset, problem: "more than \(Nesting.limit) levels of nesting")
    }

    /// Returns the error for finding something else at the current position.
    @inline(never)
    func unexpected(instead expected: StaticString) -> JSONError {
        JSONError(offset: offset, problem: "expected \(expected), but found \(found)")
    }

    /// The text at the offset as the user would name it: 'NaN' rather than 'N'.
    private var found: String {
        guard let byte = next else { return "the end" }
        if text[offset...].startsWithByteOrderMark { return "a byte order mark" }
        let word = text[offset...].prefix(20).prefix { ($0 | 0x20) &- 0x61 < 26 }
        return word.isEmpty ? name(of: byte) : "'\(String(decoding: word, as: UTF8.self))'"
    }

    func name(of byte: UInt8) -> String {
        if (0x20..<0x7F).contains(byte) { return "'\(Character(Unicode.Scalar(byte)))'" }
        let digits = String(byte, radix: 16, uppercase: true)
        let padding = byte < 16 ? "0" : ""
        return (byte < 0x80 ? "control character 0x" : "byte 0x") + padding + digits
    }
}

/// Returns the kind of value that starts with a byte, with its article.
func kind(of byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "{"): "an object"
    case UInt8(ascii: "["): "an array"
    case UInt8(ascii: "\""): "a string"
    case UInt8(ascii: "t"), UInt8(ascii: "f"): "a boolean"
    case UInt8(ascii: "n"): "null"
    default: "a number"
    }
}

package import JSON

/// The text form of metadata on the wire. A value that is not a string travels as its JSON; so does
/// a string that could be mistaken for JSON, so that each arrives as the same value.
package enum Metadata {
    /// The key under which a document's text travels; always unchanged.
    package static let contentKey = "content"

    package static func encode(_ value: Value) -> String {
        if case .string(let text) = value, parse(text) == nil { return text }
        return value.description
    }

    package static func decode(_ text: String) -> Value { parse(text) ?? .string(text) }

    private static func parse(_ text: String) -> Value? {
        // A JSON text can begin with no other byte, and most texts are decided here.
        switch text.utf8.first {
        case UInt8(ascii: "{")?, UInt8(ascii: "[")?, UInt8(ascii: "\"")?, UInt8(ascii: "-")?,
            (UInt8(ascii: "0")...UInt8(ascii: "9"))?, UInt8(ascii: "t")?, UInt8(ascii: "f")?,
            UInt8(ascii: "n")?, UInt8(ascii: " ")?, UInt8(ascii: "\t")?, UInt8(ascii: "\n")?,
            UInt8(ascii: "\r")?:
            try? Value(parsing: Array(text.utf8))
        default: nil
        }
    }
}

package import JSON

/// Metadata on the wire is text. A value that is not a string travels as its
/// JSON; so does a string that could be taken for JSON, so that each comes
/// back as what it was.
package enum Metadata {
    /// Where a document's text travels; always as it is.
    package static let contentKey = "content"

    package static func encode(_ value: Value) -> String {
        if case .string(let text) = value, parse(text) == nil { return text }
        return value.description
    }

    package static func decode(_ text: String) -> Value { parse(text) ?? .string(text) }

    private static func parse(_ text: String) -> Value? {
        // Nothing else begins a JSON text, and most text ends the matter here.
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

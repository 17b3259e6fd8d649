/// Regular expressions, as near to ECMA-262's as Swift's are.
enum Pattern {
    /// - Throws: That it is none.
    static func check(_ pattern: String, at pointer: String) throws(SchemaError) {
        do { _ = try Regex(pattern) } catch {
            throw SchemaError(pointer: pointer, problem: "'\(pattern)' is no regular expression")
        }
    }

    /// Whether a checked pattern is found anywhere in a text.
    static func matches(_ pattern: String, _ text: String) -> Bool {
        // A regex is not Sendable, so it cannot be kept with the schema.
        guard let regex = try? Regex(pattern).matchingSemantics(.unicodeScalar) else { return true }
        return text.firstMatch(of: regex) != nil
    }
}

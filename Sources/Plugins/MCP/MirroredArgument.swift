internal import JSON
internal import Text

/// An argument that is also sent as an HTTP header, so that proxies may read it: its schema has
/// `x-mcp-header` (revision 2026-07-28, Streamable HTTP).
struct MirroredArgument: Equatable, Sendable {
    /// The members that lead from the arguments object to it.
    let path: [String]

    /// The header's name.
    let header: String

    /// Finds the mirrored arguments among an object's properties, at any depth.
    ///
    /// - Throws: The reason why an argument cannot be a header, in which case the whole tool must
    ///   not be used.
    static func all(in schema: Value) throws(MalformedMessage) -> [MirroredArgument] {
        var search = Search()
        try search.look(at: schema, path: [])
        return search.found
    }

    /// Returns the header's value among these arguments, if it has one.
    func value(in arguments: Members) -> String? {
        var value = Value.object(arguments)
        for key in path {
            guard let next = value[key] else { return nil }
            value = next
        }
        return switch value {
        case .string(let text): headerValue(text)
        case .number(let spelling): headerValue(decimal(spelling))
        case .bool(let bool): bool ? "true" : "false"
        default: nil
        }
    }

    /// Returns an integer in decimal digits; it may be written as `1e3` or `1000.0`.
    private func decimal(_ spelling: String) -> String {
        if Int(spelling) != nil { return spelling }
        return Double(spelling).flatMap { Int(exactly: $0) }.map(String.init) ?? spelling
    }
}

/// A walk through a schema that looks for annotations.
private struct Search {
    var found: [MirroredArgument] = []

    /// - Parameter path: Nil for a place that no chain of `properties` leads to.
    mutating func look(at schema: Value, path: [String]?) throws(MalformedMessage) {
        guard let members = schema.object else { return }
        if let name = members["x-mcp-header"] { try add(name, of: schema, path) }
        for (key, value) in members {
            switch key {
            case "properties":
                for (name, property) in value.object ?? [:] {
                    try look(at: property, path: path.map { $0 + [name] })
                }
            case "$defs", "definitions", "patternProperties", "dependentSchemas", "dependencies":
                for (_, schema) in value.object ?? [:] { try look(at: schema, path: nil) }
            // These are data.
            case "const", "default", "enum", "example", "examples": break
            default:
                try look(at: value, path: nil)
                for schema in value.array ?? [] { try look(at: schema, path: nil) }
            }
        }
    }

    private mutating func add(
        _ name: Value, of schema: Value, _ path: [String]?
    ) throws(MalformedMessage) {
        guard let path, let key = path.last else {
            throw MalformedMessage(problem: "x-mcp-header is on what is no argument")
        }
        guard let name = name.string, Self.isToken(name) else {
            throw MalformedMessage(problem: "x-mcp-header of '\(key)' is no header name")
        }
        guard ["string", "integer", "boolean"].contains(schema["type"]?.string ?? "") else {
            throw MalformedMessage(
                problem: "x-mcp-header is on '\(key)', which is no string, integer or boolean")
        }
        let header = "Mcp-Param-\(name)"
        guard !found.contains(where: { $0.header.lowercased() == header.lowercased() }) else {
            throw MalformedMessage(problem: "x-mcp-header '\(name)' is given twice")
        }
        found.append(MirroredArgument(path: path, header: header))
    }

    /// True for a token as in RFC 9110, 5.6.2.
    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}

/// Returns a text in the form that a header can carry: unchanged if it is plain ASCII without
/// spaces at its ends, or else in Base64 with a mark around it.
func headerValue(_ text: String) -> String {
    let isMarked = text.hasPrefix("=?base64?") && text.hasSuffix("?=")
    let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    if isPlain, !isMarked, text == text.trimmed { return text }
    return "=?base64?\(Base64.encode(text.utf8))?="
}

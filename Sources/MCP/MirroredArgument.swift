internal import JSON

/// An argument that goes as an HTTP header too, so that what stands between may read it: its
/// schema has `x-mcp-header` (revision 2026-07-28, Streamable HTTP).
struct MirroredArgument: Equatable, Sendable {
    /// The members to go down from the arguments object.
    let path: [String]

    /// The header's name.
    let header: String

    /// Finds them among an object's properties, at any depth.
    ///
    /// - Throws: Why one cannot be a header. The whole tool must not be used then.
    static func all(in schema: Value) throws(MalformedMessage) -> [MirroredArgument] {
        var found: [MirroredArgument] = []
        try collect(schema, under: [], into: &found)
        return found
    }

    /// The header's value among these arguments, if it has one.
    func value(in arguments: Members) -> String? {
        var value = Value.object(arguments)
        for key in path {
            guard let next = value[key] else { return nil }
            value = next
        }
        return switch value {
        case .string(let text): headerValue(text)
        case .number(let spelling): headerValue(spelling)
        case .bool(let bool): bool ? "true" : "false"
        default: nil
        }
    }

    private static func collect(
        _ schema: Value, under path: [String], into found: inout [MirroredArgument]
    ) throws(MalformedMessage) {
        for (key, property) in schema["properties"]?.object ?? [:] {
            let path = path + [key]
            if let name = property["x-mcp-header"] {
                guard let name = name.string, isToken(name) else {
                    throw MalformedMessage(problem: "x-mcp-header of '\(key)' is no header name")
                }
                let type = property["type"]?.string ?? ""
                guard ["string", "integer", "boolean"].contains(type) else {
                    throw MalformedMessage(
                        problem:
                            "x-mcp-header is on '\(key)', which is no string, integer or boolean"
                    )
                }
                let header = "Mcp-Param-\(name)"
                guard !found.contains(where: { $0.header.lowercased() == header.lowercased() })
                else { throw MalformedMessage(problem: "x-mcp-header '\(name)' is given twice") }
                found.append(MirroredArgument(path: path, header: header))
            }
            try collect(property, under: path, into: &found)
        }
    }

    /// RFC 9110, 5.6.2.
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

/// A text as a header can carry it: itself if it is plain ASCII without blanks at its ends,
/// else in Base64 with a mark around it.
func headerValue(_ text: String) -> String {
    let isMarked = text.hasPrefix("=?base64?") && text.hasSuffix("?=")
    let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    if isPlain, !isMarked, text == text.trimmed { return text }
    return "=?base64?\(base64(Array(text.utf8)))?="
}

/// RFC 4648, 4.
private func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
        for digit in 0...group.count { text.append(digits[bits >> (18 - 6 * digit) & 63]) }
        for _ in group.count..<3 { text.append(UInt8(ascii: "=")) }
    }
    return String(decoding: text, as: UTF8.self)
}

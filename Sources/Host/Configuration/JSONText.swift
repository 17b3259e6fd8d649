package import YAML

extension Node {
    /// The text that a plugin gets for this: a scalar exactly as written, any other value as JSON.
    package var configurationText: String {
        scalar?.text ?? jsonText(self) { scalar, _ in scalar.text }
    }
}

/// Returns a node as JSON. A number keeps its digits; one that JSON cannot express, such as `.inf`,
/// becomes a string.
///
/// - Parameter expand: A function that returns the value of each string.
func jsonText(_ node: Node, expanding expand: (Scalar, Mark) -> String) -> String {
    var json = ""
    append(node, to: &json, expand)
    return json
}

private func append(_ node: Node, to json: inout String, _ expand: (Scalar, Mark) -> String) {
    switch node.content {
    case .scalar(let scalar):
        switch scalar.kind {
        case .null: json += "null"
        case .bool(let value): json += value ? "true" : "false"
        case .integer, .float:
            if let number = scalar.number { json += number } else { append(scalar.text, to: &json) }
        case .string: append(expand(scalar, node.mark), to: &json)
        }
    case .sequence(let nodes):
        json += "["
        for (index, node) in nodes.enumerated() {
            if index > 0 { json += "," }
            append(node, to: &json, expand)
        }
        json += "]"
    case .mapping(let entries):
        json += "{"
        for (index, entry) in entries.enumerated() {
            if index > 0 { json += "," }
            append(entry.key, to: &json)
            json += ":"
            append(entry.value, to: &json, expand)
        }
        json += "}"
    }
}

/// Appends a string with only the escapes that RFC 8259 requires.
func append(_ text: String, to json: inout String) {
    json += "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": json += "\\\""
        case "\\": json += "\\\\"
        case "\n": json += "\\n"
        case "\r": json += "\\r"
        case "\t": json += "\\t"
        case "\0"..."\u{1f}":
            let digits = String(scalar.value, radix: 16)
            json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: json.unicodeScalars.append(scalar)
        }
    }
    json += "\""
}

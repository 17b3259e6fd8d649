internal import GivenSettings
import YAML

extension Settings {
    /// The file as YAML with what looks like a secret masked: what a person may show to others.
    ///
    /// Variables stay as they are written, so nothing of the environment is in it.
    package var shown: String {
        guard let root, !root.isNull else { return "" }
        return Shown().lines(of: root, isSecret: false).joined(separator: "\n") + "\n"
    }
}

extension Settings {
    /// What stands in a secret's place.
    package static let mask = "********"

    /// Whether a setting of this name is one that nobody else should see.
    package static func isSecret(_ name: String) -> Bool { GivenSettings.isSecret(name) }
}

/// Writes nodes in block style.
private struct Shown {

    func lines(of node: Node, isSecret: Bool) -> [String] {
        switch node.content {
        case .scalar(let scalar): return [text(scalar, isSecret)]
        case .sequence(let nodes):
            if nodes.isEmpty { return ["[]"] }
            return nodes.flatMap { node in
                indented(lines(of: node, isSecret: isSecret), first: "- ")
            }
        case .mapping(let entries):
            if entries.isEmpty { return ["{}"] }
            return entries.flatMap { entry in
                let key = quoted(Scalar(entry.key, style: .plain))
                let isSecret = isSecret || Settings.isSecret(entry.key)
                let lines = lines(of: entry.value, isSecret: isSecret)
                if entry.value.scalar != nil || lines.first == "[]" || lines.first == "{}" {
                    return ["\(key): \(lines[0])"]
                }
                return ["\(key):"] + lines.map { "  \($0)" }
            }
        }
    }

    private func indented(_ lines: [String], first: String) -> [String] {
        lines.enumerated().map { ($0.offset == 0 ? first : "  ") + $0.element }
    }

    private func text(_ scalar: Scalar, _ isSecret: Bool) -> String {
        // A value that is nothing but a variable tells no secret.
        let isVariable =
            scalar.text.hasPrefix("${") && scalar.text.hasSuffix("}")
            && !scalar.text.contains(":-") && scalar.text.dropFirst().allSatisfy { $0 != "$" }
        if isSecret, !isVariable, scalar.kind != .null { return "\"\(Settings.mask)\"" }
        return quoted(scalar)
    }

    /// Plain where that means the same.
    private func quoted(_ scalar: Scalar) -> String {
        let text = scalar.text
        let isPlain =
            scalar.style == .plain
            && text.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && !"{}[],#&*!|>'\"%@`:".unicodeScalars.contains($0)
            }
            && !text.hasPrefix("-") && !text.hasPrefix("?")
        if isPlain { return text }
        var json = ""
        append(text, to: &json)
        return json
    }
}

import YAML

extension Settings {
    /// The file as YAML with everything masked that looks like a secret, so that the user may show
    /// it to others.
    ///
    /// Variables stay as they are written, so it does not contain values of the environment.
    package var shown: String {
        guard let root, !root.isNull else { return "" }
        return Shown().lines(of: root, isSecret: false).joined(separator: "\n") + "\n"
    }
}

/// A writer of nodes in block style.
private struct Shown {

    func lines(of node: Node, isSecret: Bool) -> [String] {
        switch node.content {
        case .scalar(let scalar): return [text(scalar, isSecret)]
        case .sequence(let nodes):
            if nodes.isEmpty { return ["[]"] }
            // In a list of words, one may show that the next is secret.
            let words = Settings.masked(words: nodes.map { $0.scalar?.text ?? "" })
            return zip(nodes, words).flatMap { node, word in
                let lines =
                    !isSecret && node.scalar.map { $0.text != word } == true
                    ? [Self.json(word)] : lines(of: node, isSecret: isSecret)
                return indented(lines, first: "- ")
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
        if isSecret, scalar.kind != .null {
            return Settings.isVariable(scalar.text) || scalar.text.isEmpty
                ? quoted(scalar) : "\"\(Settings.mask)\""
        }
        let masked = Settings.masked(scalar.text)
        return masked == scalar.text ? quoted(scalar) : Self.json(masked)
    }

    private static func json(_ text: String) -> String {
        var json = ""
        append(text, to: &json)
        return json
    }

    /// Returns a scalar in quotes, or without them if that means the same.
    private func quoted(_ scalar: Scalar) -> String {
        let text = scalar.text
        let isPlain =
            scalar.style == .plain
            && text.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && !"{}[],#&*!|>'\"%@`:".unicodeScalars.contains($0)
            }
            && !text.hasPrefix("-") && !text.hasPrefix("?")
        if isPlain { return text }
        return Self.json(text)
    }
}

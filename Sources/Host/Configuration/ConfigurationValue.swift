package import YAML

/// A setting that is handed to a plugin as a string.
package struct ConfigurationValue: Sendable {
    package let key: String
    package let place: Place
    private let node: Node

    /// Reads a value and checks the syntax of all variables in it.
    init(_ key: String, _ node: Node, at place: Place, gathering problems: inout [YAMLError]) {
        (self.key, self.place, self.node) = (key, place, node)
        check(node, &problems)
    }

    private func check(_ node: Node, _ problems: inout [YAMLError]) {
        switch node.content {
        case .scalar(let scalar):
            do throws(YAMLError) {
                _ = try text(scalar, node.mark)
            } catch {
                problems.append(error)
            }
        case .sequence(let nodes): for node in nodes { check(node, &problems) }
        case .mapping(let entries): for entry in entries { check(entry.value, &problems) }
        }
    }

    private func text(_ scalar: Scalar, _ mark: Mark) throws(YAMLError) -> Text {
        try Text(scalar.text, at: Place(name: place.name, mark: mark, source: place.source))
    }

    /// True if it was left empty.
    package var isNull: Bool { node.isNull }

    /// Returns the names of the variables whose values are missing, those with a default included.
    package func unset(in environment: [String: String]) -> Set<String> {
        var names: Set<String> = []
        func gather(_ scalar: Scalar, _ mark: Mark) -> String {
            if let text = try? text(scalar, mark) { names.formUnion(text.unset(in: environment)) }
            return ""
        }
        if let scalar = node.scalar {
            _ = gather(scalar, node.mark)
        } else {
            _ = jsonText(node, expanding: gather)
        }
        return names
    }

    /// Returns the words of a list of scalars, with the values of variables inserted; nil for
    /// anything else.
    package func words(
        in environment: [String: String], gathering problems: inout [YAMLError]
    ) -> [String]? {
        guard let elements = node.elements, !elements.isEmpty else { return nil }
        var words: [String] = []
        for element in elements {
            guard let scalar = element.scalar, !element.isNull else { return nil }
            guard let text = try? text(scalar, element.mark) else { return nil }
            words.append(text.value(in: environment, gathering: &problems))
        }
        return words
    }

    /// True if it is a text or a number, not a list or a mapping.
    package var isScalar: Bool { node.scalar != nil && !node.isNull }

    /// Returns a scalar exactly as written and any other value as JSON, with the values of
    /// variables inserted. That never changes a type: in JSON, a text with a variable is a string.
    package func value(
        in environment: [String: String], gathering problems: inout [YAMLError]
    ) -> String {
        func expand(_ scalar: Scalar, _ mark: Mark) -> String {
            // The text was checked when it was read.
            guard let text = try? text(scalar, mark) else { return scalar.text }
            return text.value(in: environment, gathering: &problems)
        }
        if let scalar = node.scalar { return expand(scalar, node.mark) }
        return jsonText(node, expanding: expand)
    }
}

package import YAML

/// The values of a mapping by their keys. An empty value is treated as missing; one of the wrong
/// type is reported and then treated as missing.
package struct Fields {
    private let inspector: Inspector
    private let name: String
    private let mark: Mark
    private let nodes: [String: Node]

    init(_ inspector: Inspector, name: String, mark: Mark, _ entries: [Node.Entry]) {
        self.inspector = inspector
        self.name = name
        self.mark = mark
        nodes = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
    }

    /// Returns the keys that lead to a value.
    package func name(of key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

    package func node(_ key: String) -> Node? {
        nodes[key].flatMap { $0.isNull ? nil : $0 }
    }

    /// Reports a key that has no value.
    package func require(_ key: String, _ expected: String) {
        if node(key) != nil { return }
        let place = name.isEmpty ? "" : " in '\(name)'"
        inspector.report("no '\(key)'\(place), expected \(expected)", at: nodes[key]?.mark ?? mark)
    }

    package func text(_ key: String) -> Text? {
        node(key).flatMap { inspector.text(of: $0, name: name(of: key)) }
    }

    /// Returns a list of texts; nil if there is none.
    package func texts(_ key: String) -> [Text]? {
        node(key).map { node in
            inspector.elements(of: node, name: name(of: key), expected: "a list of texts")
                .compactMap { inspector.text(of: $0, name: name(of: key)) }
        }
    }

    /// Does the same as `text`, for a text in which variables are not replaced.
    package func string(_ key: String) -> String? {
        node(key).flatMap { inspector.string(of: $0, name: name(of: key)) }
    }

    /// Does the same as `texts`, for texts in which variables are not replaced. Empty if there are
    /// none.
    package func strings(_ key: String) -> [String] {
        node(key).map { node in
            inspector.elements(of: node, name: name(of: key), expected: "a list of texts")
                .compactMap { inspector.string(of: $0, name: name(of: key)) }
        } ?? []
    }

    package func boolean(_ key: String) -> Bool? {
        guard let node = node(key) else { return nil }
        if case .bool(let value) = node.scalar?.kind { return value }
        inspector.mismatch(node, name(of: key), expected: "true or false")
        return nil
    }

    package func integer(_ key: String, from least: Int) -> Int? {
        guard let node = node(key) else { return nil }
        if let value = node.scalar?.integer, value >= least { return value }
        inspector.mismatch(node, name(of: key), expected: "a whole number from \(least) up")
        return nil
    }

    /// Returns a finite number.
    package func number(_ key: String) -> Double? {
        guard let node = node(key) else { return nil }
        if let value = node.scalar?.double, value.isFinite { return value }
        inspector.mismatch(node, name(of: key), expected: "a number")
        return nil
    }

    /// Returns a number of a range with whole bounds.
    package func number(_ key: String, in range: ClosedRange<Int>) -> Double? {
        guard let node = node(key) else { return nil }
        if let value = node.scalar?.double, value >= Double(range.lowerBound),
            value <= Double(range.upperBound)
        {
            return value
        }
        inspector.mismatch(
            node, name(of: key),
            expected: "a number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    /// Returns one of a few words.
    package func choice<Choice>(_ key: String) -> Choice?
    where Choice: RawRepresentable<String> & CaseIterable {
        guard let node = node(key) else { return nil }
        if let text = node.scalar?.text, let choice = Choice(rawValue: text) { return choice }
        let words = Choice.allCases.map(\.rawValue)
        let last = words.count > 1 ? " or \(words[words.count - 1])" : words[0]
        let expected = words.count > 1 ? words.dropLast().joined(separator: ", ") + last : last
        inspector.mismatch(node, name(of: key), expected: expected)
        return nil
    }

    /// Returns a mapping with known keys; an empty one if there is none.
    package func fields(_ key: String, keys: [String]) -> Fields {
        guard let node = node(key) else { return Fields(inspector, name: name, mark: mark, []) }
        return inspector.fields(of: node, name: name(of: key), keys: keys)
    }

    /// Returns a mapping with keys that the user chooses, each with a mapping of known keys.
    package func groups(_ key: String, keys: [String]) -> [(key: String, fields: Fields)] {
        entries(key).map { entry, name in
            (entry.key, inspector.fields(of: entry.value, name: name, keys: keys))
        }
    }

    /// Returns the entries of a mapping with keys that the user chooses.
    package func entries(_ key: String) -> [(entry: Node.Entry, name: String)] {
        node(key).map { node in
            inspector.entries(of: node, name: name(of: key))
                .map { ($0, "\(name(of: key)).\($0.key)") }
        } ?? []
    }
}

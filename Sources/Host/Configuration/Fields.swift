package import YAML

/// The values of a mapping by their keys. A value that is left empty is as
/// good as none; one of the wrong type is reported and then as good as none.
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

    /// The keys that lead to a value.
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

    /// A list of texts; nil if there is none.
    package func texts(_ key: String) -> [Text]? {
        node(key).map { node in
            inspector.elements(of: node, name: name(of: key), expected: "a list of texts")
                .compactMap { inspector.text(of: $0, name: name(of: key)) }
        }
    }

    /// As `text`, with nothing replaced in it.
    package func string(_ key: String) -> String? {
        node(key).flatMap { inspector.string(of: $0, name: name(of: key)) }
    }

    /// As `texts`, with nothing replaced in them; empty if there are none.
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

    /// A finite number.
    package func number(_ key: String) -> Double? {
        guard let node = node(key) else { return nil }
        if let value = node.scalar?.double, value.isFinite { return value }
        inspector.mismatch(node, name(of: key), expected: "a number")
        return nil
    }

    /// One of a few words.
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

    /// A mapping with known keys; an empty one if there is none.
    package func fields(_ key: String, keys: [String]) -> Fields {
        guard let node = node(key) else { return Fields(inspector, name: name, mark: mark, []) }
        return inspector.fields(of: node, name: name(of: key), keys: keys)
    }

    /// A mapping with keys of the person's own, each with a mapping that has these.
    package func groups(_ key: String, keys: [String]) -> [(key: String, fields: Fields)] {
        entries(key).map { entry, name in
            (entry.key, inspector.fields(of: entry.value, name: name, keys: keys))
        }
    }

    /// A mapping with keys of the person's own.
    package func entries(_ key: String) -> [(entry: Node.Entry, name: String)] {
        node(key).map { node in
            inspector.entries(of: node, name: name(of: key))
                .map { ($0, "\(name(of: key)).\($0.key)") }
        } ?? []
    }
}

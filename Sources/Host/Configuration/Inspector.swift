internal import Text
package import YAML

/// A reader of nodes that checks them against expectations and collects the problems.
package final class Inspector {
    private let source: Source
    private let acceptsUnknownKeys: Bool
    package private(set) var problems: [YAMLError]

    /// The possible mistakes: unknown keys, if they are accepted.
    package private(set) var warnings: [YAMLError] = []

    /// All texts that were read, in the order of reading.
    private(set) var texts: [Text] = []

    /// - Parameters:
    ///   - problems: The problems that are already known.
    ///   - acceptsUnknownKeys: True if an unknown key is only a warning.
    package init(
        _ source: Source, problems: [YAMLError] = [], acceptsUnknownKeys: Bool = false
    ) {
        self.source = source
        self.problems = problems
        self.acceptsUnknownKeys = acceptsUnknownKeys
    }

    package func report(_ problem: String, at mark: Mark) {
        problems.append(source.error(problem, at: mark))
    }

    func report(_ error: YAMLError) { problems.append(error) }

    package func place(_ name: String, _ mark: Mark) -> Place {
        Place(name: name, mark: mark, source: source)
    }

    /// Returns the keys and values of a mapping; none, with a report, if the node is not a mapping.
    ///
    /// - Parameter keys: The allowed keys; any others are reported.
    package func fields(of node: Node, name: String, keys: [String]) -> Fields {
        let entries = entries(of: node, name: name)
        for entry in entries where !keys.contains(entry.key) {
            let place = name.isEmpty ? "" : " in '\(name)'"
            let original = OriginalKeys.expectation(of: entry.key, in: name)
            let expectation =
                original.map { "which is of the original Hector, expected \($0)" }
                ?? expectation(of: entry.key, among: keys)
            let problem = "unknown key '\(entry.key)'\(place), \(expectation)"
            if acceptsUnknownKeys {
                warnings.append(source.error(problem, at: entry.mark))
            } else {
                report(problem, at: entry.mark)
            }
        }
        return Fields(self, name: name, mark: node.mark, entries)
    }

    /// Returns the entries of a mapping whose keys are names that the user chooses.
    package func entries(of node: Node, name: String) -> [Node.Entry] {
        if node.isNull { return [] }
        if let entries = node.entries {
            for entry in entries where entry.key.isEmpty {
                report("an entry of '\(name)' has no name", at: entry.mark)
            }
            return entries
        }
        mismatch(node, name, expected: "a mapping")
        return []
    }

    /// Returns the elements of a list.
    package func elements(of node: Node, name: String, expected: String) -> [Node] {
        if let elements = node.elements { return elements }
        mismatch(node, name, expected: expected)
        return []
    }

    /// Returns the text of any scalar, as it is written.
    package func text(of node: Node, name: String) -> Text? {
        guard let scalar = node.scalar, !node.isNull else {
            mismatch(node, name, expected: "text")
            return nil
        }
        do throws(YAMLError) {
            let text = try Text(scalar.text, at: place(name, node.mark))
            texts.append(text)
            return text
        } catch {
            problems.append(error)
            return nil
        }
    }

    /// Returns the text of any scalar, as it is written, in which a dollar sign has no special
    /// meaning.
    package func string(of node: Node, name: String) -> String? {
        if let scalar = node.scalar, !node.isNull { return scalar.text }
        mismatch(node, name, expected: "text")
        return nil
    }

    package func mismatch(_ node: Node, _ name: String, expected: String) {
        let key = name.split(separator: ".").last.map(String.init) ?? ""
        let found =
            node.isNull
            ? nil : node.scalar.map { "'\(Settings.masked($0.text, of: key).prefix(40))'" }
        let subject = name.isEmpty ? "the file" : "'\(name)'"
        report("\(subject) is \(found ?? node.description), expected \(expected)", at: node.mark)
    }
}

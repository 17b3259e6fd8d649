package import FilterKit
internal import JSON

/// The rules for making a model's prompt from the text of a record.
package struct Prompt: Sendable {
    /// The description of the model's role, if there is one; it may have variables if it is a
    /// template's.
    private let systemText: Wording?
    private let userText: Wording?
    private let parameters: [String: String]

    /// A text, and whether its `$variables` are expanded.
    private enum Wording: Sendable {
        case plain(String)
        case template(VariableText)
    }

    /// - Parameters:
    ///   - system: The system prompt, which takes precedence over the template's.
    ///   - parameters: The values of variables, which take precedence over the template's defaults.
    /// - Throws: An error if a variable of the template has no value, or a parameter belongs to no
    ///   variable.
    package init(
        system: String? = nil, template: PromptTemplate? = nil, parameters: [String: String] = [:]
    ) throws(Failure) {
        systemText = system.map(Wording.plain) ?? template?.system.map(Wording.template)
        userText = template?.prompt.map(Wording.template)
        self.parameters = (template?.defaults ?? [:]).merging(parameters) { $1 }
        try template?.check(given: parameters)
        if template == nil, let name = parameters.keys.sorted().first {
            throw Failure(.usage, "there is no template to use parameter '\(name)' in: give -t")
        }
    }

    /// True if the prompt is complete without a text.
    package var needsNoInput: Bool {
        guard case .template(let text)? = userText else { return false }
        return !text.variables.contains(PromptTemplate.input)
    }

    /// - Parameter input: The record's text, for a variable named `input`.
    func system(for input: String?) -> String? {
        systemText.map { expand($0, input) }
    }

    /// Returns the user's message, and the text that it was made from.
    func user(
        _ record: Record, field: String?
    ) throws(RecordError) -> (prompt: String, input: String) {
        let input: String
        do { input = try record.content(field: field) } catch {
            // A template may be complete without a text.
            guard error.code == "no_content", needsNoInput else { throw error }
            input = ""
        }
        guard let userText else { return (input, input) }
        let prompt = expand(userText, input)
        // A text for which the template has no place is appended, not lost.
        return (usesInput || input.isEmpty ? prompt : "\(prompt)\n\n\(input)", input)
    }

    private var usesInput: Bool {
        [systemText, userText].contains {
            if case .template(let text)? = $0 {
                text.variables.contains(PromptTemplate.input)
            } else {
                false
            }
        }
    }

    private func expand(_ wording: Wording, _ input: String?) -> String {
        switch wording {
        case .plain(let text): return text
        case .template(let text):
            var values = parameters
            values[PromptTemplate.input] = input ?? ""
            return text.expanded(with: values)
        }
    }
}

/// A text with variables: `$name`, `${name}`, and `$$` for a dollar sign. Any other dollar sign
/// stands for itself.
package struct VariableText: Equatable, Sendable {
    private var parts: [Part] = []

    private enum Part: Equatable, Sendable {
        case literal(String)
        case variable(String)
    }

    package init(_ text: String) {
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            parts.append(.literal(String(rest[..<dollar])))
            rest = rest[dollar...].dropFirst()
            if rest.first == "$" {
                parts.append(.literal("$"))
                rest = rest.dropFirst()
                continue
            }
            let isBraced = rest.first == "{"
            let name = rest.dropFirst(isBraced ? 1 : 0).prefix {
                $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber))
            }
            let after = rest[name.endIndex...]
            guard let first = name.first, !first.isNumber, !isBraced || after.first == "}" else {
                parts.append(.literal("$"))
                continue
            }
            parts.append(.variable(String(name)))
            rest = isBraced ? after.dropFirst() : after
        }
        parts.append(.literal(String(rest)))
    }

    package var variables: Set<String> {
        Set(parts.compactMap { if case .variable(let name) = $0 { name } else { nil } })
    }

    /// Returns the text with its variables replaced; a variable without a value becomes empty.
    package func expanded(with values: [String: String]) -> String {
        parts.map { part in
            switch part {
            case .literal(let text): text
            case .variable(let name): values[name] ?? ""
            }
        }.joined()
    }
}

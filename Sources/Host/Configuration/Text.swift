package import YAML

/// Text that may name environment variables: `${NAME}`, `${NAME:-default}`, and `$$` for a dollar
/// sign. Any other dollar sign stands for itself.
///
/// As in a shell, the default applies to a variable that is unset or empty, and may itself name
/// variables.
package struct Text: Sendable {
    /// The text before variables are replaced.
    package let written: String

    package let place: Place

    private let template: Template

    /// - Throws: An error for a variable that is not closed or does not have a valid name.
    init(_ written: String, at place: Place) throws(YAMLError) {
        self.written = written
        self.place = place
        do throws(Template.Mistake) {
            template = try Template(written)
        } catch {
            throw place.error("'\(place.name)' has \(error.problem)")
        }
    }

    /// - Throws: An error for each variable that is unset and has no default.
    package func value(in environment: [String: String]) throws(SettingsError) -> String {
        var problems: [YAMLError] = []
        let value = value(in: environment, gathering: &problems)
        if !problems.isEmpty { throw .problems(problems) }
        return value
    }

    /// Returns the value, in which a variable that is unset and has no default is empty.
    package func value(
        in environment: [String: String], gathering problems: inout [YAMLError]
    ) -> String {
        template.value(in: environment) { name in
            problems.append(
                place.error("'\(place.name)' needs '\(name)', which is not in the environment"))
        }
    }

    /// Returns the names of the variables whose values are missing, those with a default included.
    func unset(in environment: [String: String]) -> Set<String> {
        template.unset(in: environment)
    }

    /// Returns the value, unless it needs a variable that is unset.
    package func valueIfKnown(in environment: [String: String]) -> String? {
        try? value(in: environment)
    }
}

/// The parts of a text that names variables.
struct Template: Sendable {
    private indirect enum Part {
        case literal(String)
        case variable(String, default: Template?)
    }

    private var parts: [Part] = []

    struct Mistake: Error {
        let problem: String
    }

    /// The deepest nesting of defaults.
    private static let deepest = 16

    init(_ text: String) throws(Mistake) {
        var rest = Substring(text).unicodeScalars
        self = try Self(&rest, depth: 0)
    }

    /// Reads up to the end of the text, or of the enclosing default.
    private init(
        _ rest: inout Substring.UnicodeScalarView, depth: Int
    ) throws(Mistake) {
        var literal = ""
        while let scalar = rest.first, depth == 0 || scalar != "}" {
            rest.removeFirst()
            if scalar == "$", rest.first == "$" {
                literal.append("$")
                rest.removeFirst()
            } else if scalar == "$", rest.first == "{" {
                rest.removeFirst()
                if !literal.isEmpty { parts.append(.literal(literal)) }
                literal = ""
                parts.append(try Self.variable(&rest, depth: depth + 1))
            } else {
                literal.unicodeScalars.append(scalar)
            }
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
    }

    /// Reads the text after `${`, up to and including its `}`.
    private static func variable(
        _ rest: inout Substring.UnicodeScalarView, depth: Int
    ) throws(Mistake) -> Part {
        guard depth <= deepest else {
            throw Mistake(problem: "defaults more than \(deepest) deep")
        }
        let name = String(rest.prefix(while: isLetterOrDigit))
        rest = rest.dropFirst(name.unicodeScalars.count)
        guard let first = name.unicodeScalars.first, !("0"..."9").contains(first) else {
            throw Mistake(problem: "'${' without a variable's name; a dollar sign is written '$$'")
        }
        var standard: Template?
        if rest.starts(with: ":-".unicodeScalars) {
            rest = rest.dropFirst(2)
            standard = try Template(&rest, depth: depth)
        }
        guard rest.popFirst() == "}" else {
            throw Mistake(problem: "'${\(name)' without '}' or ':-' and a default after the name")
        }
        return .variable(name, default: standard)
    }

    func unset(in environment: [String: String]) -> Set<String> {
        parts.reduce(into: []) { names, part in
            guard case .variable(let name, let standard) = part else { return }
            let value = environment[name]
            if value == nil || value?.isEmpty == true && standard != nil { names.insert(name) }
            if let standard { names.formUnion(standard.unset(in: environment)) }
        }
    }

    func value(in environment: [String: String], onMissing: (String) -> Void) -> String {
        parts.map { part in
            switch part {
            case .literal(let text): return text
            case .variable(let name, let standard):
                let value = environment[name]
                guard let standard else {
                    if value == nil { onMissing(name) }
                    return value ?? ""
                }
                if let value, !value.isEmpty { return value }
                return standard.value(in: environment, onMissing: onMissing)
            }
        }.joined()
    }
}

private func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_": true
    default: false
    }
}

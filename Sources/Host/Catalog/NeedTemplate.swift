/// A text in a manifest's `needs` that may name settings of the plugin and environment variables:
/// `${settings.NAME}` and `${NAME}`, each with `:-default`, or with `:+text` for a text that stands
/// there only if there is a value. `$$` is a dollar sign.
///
/// A text that names something without a value is left out of its list.
struct NeedTemplate: Equatable, Sendable {
    private indirect enum Part: Equatable, Sendable {
        case literal(String)
        case value(Name, Alternative?)
    }

    private enum Name: Equatable, Sendable {
        case setting(String)
        case variable(String)
    }

    private enum Alternative: Equatable, Sendable {
        /// For a value that is missing.
        case missing(NeedTemplate)
        /// For a value that is there.
        case present(NeedTemplate)
    }

    private var parts: [Part] = []

    /// True if it begins with a setting or a variable, whose value the plugin takes as relative to its
    /// working directory.
    var beginsWithValue: Bool {
        if case .value? = parts.first { true } else { false }
    }

    private static let deepest = 16

    /// Nil for a text with a `${` that is not closed or does not have a valid name.
    init?(_ text: String) {
        var rest = Substring(text)
        self.init(&rest, depth: 0)
        guard rest.isEmpty else { return nil }
    }

    private init?(_ rest: inout Substring, depth: Int) {
        guard depth <= Self.deepest else { return nil }
        var literal = ""
        while let first = rest.first, depth == 0 || first != "}" {
            if rest.hasPrefix("$$") {
                literal.append("$")
                rest.removeFirst(2)
            } else if rest.hasPrefix("${") {
                rest.removeFirst(2)
                if !literal.isEmpty { parts.append(.literal(literal)) }
                literal = ""
                guard let part = Self.part(&rest, depth) else { return nil }
                parts.append(part)
            } else {
                literal.append(rest.removeFirst())
            }
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
    }

    /// Reads the text after `${`, up to and including its `}`.
    private static func part(_ rest: inout Substring, _ depth: Int) -> Part? {
        let prefix = "settings."
        let isSetting = rest.hasPrefix(prefix)
        if isSetting { rest.removeFirst(prefix.count) }
        let word = rest.prefix { ($0.isASCII && ($0.isLetter || $0.isNumber)) || $0 == "_" }
        guard let first = word.first, isSetting || !first.isNumber else { return nil }
        rest.removeFirst(word.count)
        let name: Name = isSetting ? .setting(String(word)) : .variable(String(word))
        var alternative: Alternative?
        if rest.hasPrefix(":-") || rest.hasPrefix(":+") {
            let isDefault = rest.hasPrefix(":-")
            rest.removeFirst(2)
            guard let inner = NeedTemplate(&rest, depth: depth + 1) else { return nil }
            alternative = isDefault ? .missing(inner) : .present(inner)
        }
        guard rest.first == "}" else { return nil }
        rest.removeFirst()
        return .value(name, alternative)
    }

    /// Returns the text; nil if something that it names has no value.
    func value(settings: [String: String], environment: [String: String]) -> String? {
        var result = ""
        for part in parts {
            switch part {
            case .literal(let text): result += text
            case .value(let name, let alternative):
                let found =
                    switch name {
                    case .setting(let name): settings[name]
                    case .variable(let name): environment[name]
                    }
                // Lists and objects are given as JSON.
                let isThere = found.map { !["", "[]", "{}", "null"].contains($0) } ?? false
                let text: String? =
                    switch alternative {
                    case nil: isThere ? found : nil
                    case .missing(let other)?:
                        isThere ? found : other.value(settings: settings, environment: environment)
                    case .present(let other)?:
                        isThere ? other.value(settings: settings, environment: environment) : nil
                    }
                guard let text else { return nil }
                result += text
            }
        }
        return result
    }
}

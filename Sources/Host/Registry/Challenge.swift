/// The demand of a registry before it answers: the field `WWW-Authenticate` of a 401.
enum Challenge: Equatable, Sendable {
    case basic
    /// A token from the server at `realm`.
    case bearer(realm: String, service: String?, scope: String?)

    /// Reads a field; nil for a scheme that is not known.
    init?(_ field: String) {
        let scheme = field.prefix { $0 != " " }.lowercased()
        if scheme == "basic" {
            self = .basic
            return
        }
        guard scheme == "bearer" else { return nil }
        let parameters = Self.parameters(field.dropFirst(scheme.count))
        guard let realm = parameters["realm"] else { return nil }
        self = .bearer(realm: realm, service: parameters["service"], scope: parameters["scope"])
    }

    /// Reads `name="value", name=value`, RFC 9110, section 11.2. A backslash in quotes stands for
    /// the next character.
    private static func parameters(_ text: Substring) -> [String: String] {
        var found: [String: String] = [:]
        var rest = text
        while true {
            rest = rest.drop { $0 == " " || $0 == "," || $0 == "\t" }
            guard let equals = rest.firstIndex(of: "=") else { return found }
            let name = rest[..<equals].lowercased()
            rest = rest[rest.index(after: equals)...]
            var value = ""
            if rest.first == "\"" {
                rest = rest.dropFirst()
                while let next = rest.popFirst(), next != "\"" {
                    if next == "\\", let escaped = rest.popFirst() {
                        value.append(escaped)
                    } else {
                        value.append(next)
                    }
                }
            } else {
                value = String(rest.prefix { $0 != "," && $0 != " " })
                rest = rest.dropFirst(value.count)
            }
            if found[name] == nil { found[name] = value }
        }
    }
}

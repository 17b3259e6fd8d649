import Text

/// The kind of word at the cursor, which decides the candidates for its completion.
package enum Completion: Equatable, Sendable {
    case words([String])
    case agents, plugins, sessions, stores, tools
    case files

    /// - Parameters:
    ///   - line: The line up to the cursor.
    ///   - start: The position in bytes at which the word begins.
    package init(_ line: String, start: Int) {
        let before = String(decoding: line.utf8.prefix(start), as: UTF8.self).trimmed
        if before.isEmpty, line.trimmed.hasPrefix(".") {
            self = .words(Verb.allCases.map { ".\($0)" })
            return
        }
        let words = before.split(whereSeparator: \.isWhitespace)
        guard before.hasPrefix("."), let verb = Verb(rawValue: String(words[0].dropFirst())) else {
            self = .files
            return
        }
        switch (verb, words.count) {
        case (.help, 1): self = .words(Verb.allCases.map(\.rawValue))
        case (.agent, 1): self = .agents
        case (.plugin, 1): self = .plugins
        case (.session, 1): self = .sessions
        case (.search, 1), (.index, _), (.store, _): self = .stores
        case (.tool, 1): self = .tools
        case (.verbose, 1): self = .words(["on", "off"])
        case (.set, 1): self = .words(Preferences.names)
        case (.set, 2) where Preferences.switches.contains(String(words[1])):
            self = .words(["on", "off"])
        case (.set, 2) where words[1] == "approve":
            self = .words(Preferences.approvals)
        case (.set, 2) where ["allow", "deny"].contains(words[1]): self = .tools
        case (.save, _), (.run, _): self = .files
        default: self = .words([])
        }
    }
}

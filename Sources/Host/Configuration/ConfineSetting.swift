import YAML

/// The value of `confine` in a plugin's entry.
package enum ConfineSetting: Sendable {
    /// `false`: no limits, whatever the manifest says.
    case off

    /// Lists that take the place of those in the manifest.
    case lists([Need: [Text]])

    /// Reads the value; nil if there is none, or only `true`, which is the default.
    init?(_ fields: Fields, _ inspector: Inspector) {
        guard let node = fields.node("confine") else { return nil }
        if case .bool(let isOn) = node.scalar?.kind {
            if isOn { return nil }
            self = .off
            return
        }
        guard node.entries != nil else {
            inspector.mismatch(
                node, fields.name(of: "confine"),
                expected: "a mapping of \(Need.list), or false for no limits")
            return nil
        }
        let lists = fields.fields("confine", keys: Need.allCases.map(\.rawValue))
        self = .lists(
            Need.allCases.reduce(into: [:]) { result, need in
                // An empty value is an empty list: nothing is allowed.
                if let texts = lists.texts(need.rawValue) { result[need] = texts }
            })
    }
}

/// A kind of thing that a confined plugin needs.
package enum Need: String, CaseIterable, Sendable {
    /// Files and folders that it reads.
    case read
    /// Files and folders that it reads and changes.
    case write
    /// TCP ports and Unix sockets that it connects to.
    case connect
    /// Programs that it starts.
    case exec

    package static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

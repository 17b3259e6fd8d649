package import PluginKit

/// The names of tools in the form that a server accepts, and back: letters, digits, `_` and `-` of
/// ASCII, and a limited length.
///
/// A name of this form stays as it is. In any other name, `_` replaces each character that is not
/// allowed, and the name is cut to length. If another tool already has the result, a number is put
/// at its end.
package struct ToolNames: Sendable {
    private var sent: [String: String] = [:]
    private var own: [String: String] = [:]

    /// Creates an empty set of names.
    package init() {}

    /// Collects the tools of a request, and those that its messages mention.
    ///
    /// - Parameters:
    ///   - longest: The longest name in characters.
    ///   - reserved: Names that have a different meaning for the server.
    package init(_ request: GenerateRequest, longest: Int, reserved: [String] = []) {
        let names =
            request.tools.map(\.name) + request.messages.flatMap { $0.toolCalls.map(\.name) }
        var taken = Set(reserved)
        func add(_ name: String, _ candidate: String) {
            sent[name] = candidate
            own[candidate] = name
            taken.insert(candidate)
        }
        // Names that fit come first, so that no other name takes their place.
        for name in names where sent[name] == nil {
            let fits = !name.isEmpty && name.utf8.count <= longest && name.allSatisfy(isAllowed)
            if fits, !taken.contains(name) { add(name, name) }
        }
        for name in names where sent[name] == nil {
            let plain = String(name.map { isAllowed($0) ? $0 : "_" }.prefix(longest))
            var candidate = plain.isEmpty ? "_" : plain
            var number = 2
            while taken.contains(candidate) {
                let ending = "_\(number)"
                candidate = plain.prefix(longest - ending.count) + ending
                number += 1
            }
            add(name, candidate)
        }
    }

    /// Returns the name to send to the server.
    package func sent(_ name: String) -> String { sent[name] ?? name }

    /// Returns the tool's own name for a name from the server.
    package func own(_ name: String) -> String { own[name] ?? name }

    /// Returns true if a tool was sent to the server under this name.
    package func isKnown(_ name: String) -> Bool { own[name] != nil }

    /// Returns true if a tool was sent to the server under a name that begins with this text.
    package func isBeginning(_ text: String) -> Bool {
        own.keys.contains { $0.hasPrefix(text) }
    }
}

private func isAllowed(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "_-".contains(character))
}

package import PluginKit

/// The names of tools as a server accepts them, and back: letters, digits, `_` and `-` of ASCII,
/// and not too many.
///
/// A name that fits stays as it is. Another gets `_` for each character that does not, is cut, and
/// has a number at its end if that is some other tool's name.
package struct ToolNames: Sendable {
    private var sent: [String: String] = [:]
    private var own: [String: String] = [:]

    /// No tools.
    package init() {}

    /// The tools of a request, and those that its messages speak of.
    ///
    /// - Parameters:
    ///   - longest: In characters.
    ///   - reserved: Names that are something else to the server.
    package init(_ request: GenerateRequest, longest: Int, reserved: [String] = []) {
        let names =
            request.tools.map(\.name) + request.messages.flatMap { $0.toolCalls.map(\.name) }
        var taken = Set(reserved)
        func add(_ name: String, _ candidate: String) {
            sent[name] = candidate
            own[candidate] = name
            taken.insert(candidate)
        }
        // Those that fit come first, so that no other takes theirs.
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

    /// The name that the server is told.
    package func sent(_ name: String) -> String { sent[name] ?? name }

    /// The name that the server means.
    package func own(_ name: String) -> String { own[name] ?? name }

    /// Returns true if the server has been told of a tool of this name.
    package func isKnown(_ name: String) -> Bool { own[name] != nil }

    /// Returns true if the name of a tool that the server has been told of begins so.
    package func isBeginning(_ text: String) -> Bool {
        own.keys.contains { $0.hasPrefix(text) }
    }
}

private func isAllowed(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "_-".contains(character))
}

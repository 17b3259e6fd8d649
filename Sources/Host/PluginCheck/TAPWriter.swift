internal import JSON
internal import Synchronization

/// The versions of the Test Anything Protocol (testanything.org). They do not differ in the parts
/// written here, and readers refuse a version that they do not know yet.
package enum TAPVersion: String, CaseIterable, Sendable {
    case thirteen = "13"
    case fourteen = "14"
}

/// A writer of the results of a check in the Test Anything Protocol.
final class TAPWriter: Sendable {
    private let version: TAPVersion
    private let write: @Sendable (String) throws -> Void
    private let counts = Mutex((points: 0, failures: 0))

    init(_ version: TAPVersion, _ write: @escaping @Sendable (String) throws -> Void) {
        self.version = version
        self.write = write
    }

    var failures: Int { counts.withLock { $0.failures } }

    func begin() throws { try write("TAP version \(version.rawValue)\n") }

    /// - Parameter notes: Notes for the user.
    func passed(_ description: String, notes: [String]) throws {
        try write(
            "ok \(number()) - \(escaped(description))\n"
                + notes.map { "# \(line($0))\n" }.joined())
    }

    func skipped(_ description: String, _ reason: String) throws {
        try write("ok \(number()) - \(escaped(description)) # SKIP \(line(reason))\n")
    }

    func failed(_ description: String, _ finding: Finding) throws {
        counts.withLock { $0.failures += 1 }
        var text = "not ok \(number()) - \(escaped(description))\n  ---\n"
        text += "  message: \(quoted(finding.message))\n  severity: fail\n"
        for (name, value) in finding.details { text += "  \(name): \(quoted(value))\n" }
        try write(text + "  ...\n")
    }

    func comment(_ text: String) throws { try write("# \(line(text))\n") }

    /// Writes the number of points. Without it, readers reject the output.
    func end() throws { try write("1..\(counts.withLock { $0.points })\n") }

    /// Writes that the check cannot go on.
    func bailOut(_ reason: String) throws { try write("Bail out! \(line(reason))\n") }

    private func number() -> Int {
        counts.withLock { counts in
            counts.points += 1
            return counts.points
        }
    }

    /// Escapes a text, because a `#` begins a directive.
    private func escaped(_ text: String) -> String {
        line(text).replacing("\\", with: "\\\\").replacing("#", with: "\\#")
    }

    /// Returns a text as a YAML string. A JSON string is one.
    private func quoted(_ text: String) -> String { "\(Value.string(text))" }

    private func line(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}

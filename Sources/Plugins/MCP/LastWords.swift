import Text

/// The last lines that a server printed for people.
struct LastWords: Sendable {
    private var lines: [String] = []

    private static let count = 10
    private static let longest = 300

    mutating func add(_ line: String) {
        let line = String(line.trimmed)
        if lines.count == Self.count { lines.removeFirst() }
        lines.append(line.count > Self.longest ? "\(line.prefix(Self.longest))…" : line)
    }

    /// The lines in a form that follows the statement that the server ended.
    var quoted: String {
        lines.isEmpty ? "" : "; its last words:" + lines.map { "\n    \($0)" }.joined()
    }
}

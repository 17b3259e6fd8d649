/// The last lines of a process's messages, to be quoted when it has ended.
package struct LastLines: Equatable, Sendable {
    package private(set) var lines: [String] = []

    private let longest: Int
    private static let most = 10

    /// - Parameter longest: The most characters of a line; the rest is cut.
    package init(longest: Int = 4096) { self.longest = longest }

    /// Adds a line, without the blanks at its end, unless it has only blanks.
    ///
    /// - Returns: The line that was dropped for it, if there is one.
    @discardableResult
    package mutating func add(_ line: some StringProtocol) -> String? {
        var rest = line[...]
        while rest.last?.isWhitespace == true { rest.removeLast() }
        if rest.isEmpty { return nil }
        let gone = lines.count == Self.most ? lines.removeFirst() : nil
        let cut = rest.prefix(longest)
        lines.append(cut.endIndex < rest.endIndex ? "\(cut)…" : String(cut))
        return gone
    }

    /// Returns the same lines after another one.
    package func following(_ first: String) -> LastLines {
        var lines = self
        lines.lines.insert(first, at: 0)
        return lines
    }

    /// The lines, to be appended to the message that the process has ended; empty without lines.
    package var quoted: String {
        lines.isEmpty ? "" : "; its last words:" + lines.map { "\n    \($0)" }.joined()
    }
}

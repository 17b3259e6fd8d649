import FilterProcesses
import Testing

/// To whom a filter's lines belong.
@Suite struct CorrespondenceTests {
    /// The addressee of each of some lines, after three records were sent and the second given up.
    ///
    /// - Parameter lines: An id, or `-` for none, and `!` for an event.
    private func addressees(of lines: String, greets: Bool = false) -> String {
        var correspondence = Correspondence<String>(greets: greets)
        for id in ["a", "b", "c"] { correspondence.send(id, waiter: id) }
        correspondence.giveUp("b")
        return lines.split(separator: " ").map { line in
            let id = line.prefix { $0 != "!" }
            let addressee = correspondence.receive(
                id == "-" ? nil : String(id), isEvent: line.last == "!")
            return switch addressee {
            case .waiter(let waiter): waiter
            case .greeting: "greeting"
            case .nobody: "nobody"
            case .unknown: "unknown"
            }
        }.joined(separator: " ")
    }

    @Test(arguments: [
        // By their ids, in any order.
        ("c a", "c a"), ("c! a! c a", "c a c a"),
        // In the order in which they were sent, where ids are lost. The one that was given up keeps
        // its place.
        ("- - -", "a nobody c"), ("-! - -! - -! -", "a a nobody nobody c c"),
        ("a - -", "a nobody c"), ("c - -", "c a nobody"), ("b - -", "nobody a c"),
        // What belongs to nothing.
        ("a a", "a nobody"), ("a a!", "a nobody"), ("d", "unknown"), ("d!", "unknown"),
        ("- - - - -!", "a nobody c nobody nobody"),
    ])
    func `a line belongs to a record`(lines: String, addressees: String) {
        #expect(self.addressees(of: lines) == addressees)
    }

    @Test(arguments: [
        ("- -", "greeting a"), ("-! - a", "a greeting a"), ("a a", "greeting a"),
        ("z z", "greeting unknown"),
    ])
    func `the first record of a filter that greets is its greeting`(
        lines: String, addressees: String
    ) {
        #expect(self.addressees(of: lines, greets: true) == addressees)
    }

    @Test func `a record that is sent again is answered once more`() {
        var correspondence = Correspondence<Int>(greets: false)
        correspondence.send("a", waiter: 1)
        correspondence.giveUp("a")
        correspondence.send("a", waiter: 2)
        guard case .waiter(2) = correspondence.receive("a", isEvent: false),
            case .nobody = correspondence.receive("a", isEvent: false)
        else {
            Issue.record("answered otherwise")
            return
        }
        #expect(correspondence.giveUpAll().isEmpty)
    }
}

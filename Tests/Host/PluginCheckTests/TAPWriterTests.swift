import Synchronization
import Testing

@testable import PluginCheck

@Suite struct TAPWriterTests {
    private func written(_ body: (TAPWriter) throws -> Void) rethrows -> String {
        let text = Mutex("")
        try body(TAPWriter(.fourteen) { line in text.withLock { $0 += line } })
        return text.withLock { $0 }
    }

    @Test func `points are numbered and counted at the end`() throws {
        let text = try written { tap in
            try tap.begin()
            try tap.passed("one", notes: ["a note\nin two lines"])
            try tap.skipped("two", "not here")
            try tap.failed("three", Finding("wrong", expected: "a", found: "b"))
            #expect(tap.failures == 1)
            try tap.end()
        }
        #expect(
            text == """
                TAP version 14
                ok 1 - one
                # a note in two lines
                ok 2 - two # SKIP not here
                not ok 3 - three
                  ---
                  message: "wrong"
                  severity: fail
                  expected: "a"
                  found: "b"
                  ...
                1..3

                """)
    }

    @Test func `nothing that a plugin says can pass for a line or a directive`() throws {
        let text = try written { tap in
            try tap.passed("a # SKIP \\ b\nok 2", notes: ["1..1\r\nBail out!"])
            try tap.failed("c", Finding("\"x\"\n  ...\nok 3", [("last_words", "\u{1b}[2J\n1..0")]))
            try tap.bailOut("it\nok 4")
        }
        #expect(
            text == ##"""
                ok 1 - a \# SKIP \\ b ok 2
                # 1..1 Bail out!
                not ok 2 - c
                  ---
                  message: "\"x\"\n  ...\nok 3"
                  severity: fail
                  last_words: "\u001b[2J\n1..0"
                  ...
                Bail out! it ok 4

                """##)
    }
}

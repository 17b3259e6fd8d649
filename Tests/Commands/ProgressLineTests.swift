import Synchronization
import Testing

@testable import FilterKit

@Suite struct ProgressLineTests {
    private final class Written: Sendable {
        private let text = Mutex("")

        func add(_ more: String) { text.withLock { $0 += more } }

        var all: String { text.withLock { $0 } }
    }

    private func written(hasCursor: Bool, _ body: (ProgressLine) -> Void) -> String {
        let written = Written()
        body(ProgressLine(hasCursor: hasCursor) { written.add($0) })
        return written.all.replacing(Diagnostics.programName, with: "hector")
    }

    @Test func `a line is written over, and its last text stays`() {
        let text = written(hasCursor: true) { line in
            line.show("1 of 2")
            line.show("2 of 2")
            line.finish("done")
            line.erase()
        }
        #expect(
            text == "\r\u{1b}[Khector: 1 of 2\r\u{1b}[Khector: 2 of 2\r\u{1b}[Khector: done\n")
    }

    @Test func `a line is erased once`() {
        let text = written(hasCursor: true) { line in
            line.erase()
            line.show("1")
            line.erase()
            line.erase()
        }
        #expect(text == "\r\u{1b}[Khector: 1\r\u{1b}[K")
    }

    @Test func `without a cursor there are lines, and no control sequences`() {
        let text = written(hasCursor: false) { line in
            line.show("1")
            line.erase()
            line.finish("2")
        }
        #expect(text == "hector: 1\nhector: 2\n")
    }

    @Test func `a text commands no terminal and is one line`() {
        #expect(
            written(hasCursor: true) { $0.show("a\u{1b}[2J\nb") }
                == "\r\u{1b}[Khector: a\\u001b[2J\\u000ab")
    }

    @Test func `updates leave time to be read, more of it in a log`() {
        let now = ContinuousClock.now
        for (hasCursor, pause) in [(true, Duration.milliseconds(200)), (false, .seconds(10))] {
            let line = ProgressLine(hasCursor: hasCursor) { _ in }
            #expect(line.isDue(now, after: now - pause))
            #expect(!line.isDue(now, after: now - pause + .milliseconds(1)))
        }
    }
}

import JSON
import LogFormat
import Testing

@Suite struct LogEntryTests {
    @Test func `an entry is a line of hclog's`() {
        let entry = LogEntry(
            .warn, "two\nlines", module: "m", time: "2026-11-23T17:37:48.806639Z",
            values: ["n": 3, "@caller": "x"])
        #expect(
            String(decoding: entry.line, as: UTF8.self)
                == #"{"@level":"warn","@message":"two\nlines","@module":"m","#
                + #""@timestamp":"2026-11-23T17:37:48.806639Z","n":3,"@caller":"x"}"# + "\n")
        #expect(
            String(decoding: LogEntry(.info, "").line, as: UTF8.self)
                == #"{"@level":"info","@message":""}"# + "\n")
    }

    @Test(arguments: LogEntry.Level.allCases)
    func `what was written is read`(level: LogEntry.Level) {
        let entry = LogEntry(
            level, "a \"b\" \u{1b}", module: "m", time: "t", values: ["k": ["x", 1], "": "v"])
        #expect(LogEntry(line: entry.line) == entry)
        #expect(LogEntry(line: entry.line.dropLast()) == entry)
    }

    @Test func `what another program leaves out or adds does no harm`() {
        #expect(
            LogEntry(line: #"{"@level":"WARN","a":1}"#.utf8)
                == LogEntry(.warn, "", values: ["a": 1]))
        #expect(
            LogEntry(line: #"{"@message":5,"@level":"info","@caller":7,"@module":[]}"#.utf8)
                == LogEntry(.info, "", values: ["@message": 5]))
    }

    @Test(arguments: ["", "null", "{}", "[]", "{not json", #"{"@level":"loud"}"#, #"{"@level":5}"#])
    func `what has no level is not an entry`(line: String) {
        #expect(LogEntry(line: line.utf8) == nil)
    }
}

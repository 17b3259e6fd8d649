import Testing
import Unix

@testable import PluginHost

@Suite struct LogLineTests {
    @Test(arguments: [
        (#"{"@level":"info","@message":"ready","@timestamp":"x"}"#, LogLine.Level.info, "ready"),
        (
            #"{"@level":"WARN","@message":"slow","ms":12,"who":"a b"}"#, .warn,
            #"slow ms=12 who="a b""#
        ),
        (#"{"@level":"loud","@message":"x"}"#, .debug, #"{"@level":"loud","@message":"x"}"#),
        // go-plugin's own host crashes on this one.
        (#"{"@level":"info","@message":5}"#, .info, "@message=5"),
        (#"{"@level":5,"@message":"x"}"#, .debug, #"{"@level":5,"@message":"x"}"#),
        ("{}", .debug, "{}"),
        ("null", .debug, "null"),
        ("{not json", .debug, "{not json"),
        ("[ERROR] broken", .error, "[ERROR] broken"),
        ("[WARN] careful", .warn, "[WARN] careful"),
        ("plain\r", .debug, "plain"),
        ("\u{1b}[31mred", .debug, "\\u001b[31mred"),
    ])
    func `a line of standard error has a level`(text: String, level: LogLine.Level, message: String)
    {
        var parser = LogParser()
        #expect(parser.parse(Array(text.utf8)[...]) == LogLine(level: level, message: message))
    }

    @Test func `why a Go program ends is kept before the stacks that follow`() {
        let log = PluginLog { _ in }
        let stack = (1...30).map { "main.f\($0)(...)" }
        for line in ["ready", "panic: no such model", ""] + stack { log.add(Array(line.utf8)[...]) }
        #expect(log.lastLines.lines == ["panic: no such model"] + stack.suffix(10))
    }

    @Test func `everything after a panic is an error but what has a level of its own`() {
        var parser = LogParser()
        let levels = ["before", "panic: oh", "goroutine 1", "[INFO] x", "main.go:3"].map {
            parser.parse(Array($0.utf8)[...]).level
        }
        #expect(levels == [.debug, .error, .error, .info, .error])
    }
}

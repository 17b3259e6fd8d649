import HTTP
import Testing

@Suite struct EventStreamTests {
    @Test(arguments: [
        ("data: a\n\n", [ServerEvent(data: "a")]),
        ("data:a\r\n\r\ndata: b\r\rdata:  c\n\n", ["a", "b", " c"].map { ServerEvent(data: $0) }),
        ("data: a\ndata: b\ndata\n\n", [ServerEvent(data: "a\nb\n")]),
        (
            "event: x\ndata: a\n\ndata: b\n\n",
            [ServerEvent(name: "x", data: "a"), .init(data: "b")]
        ),
        (
            "id: 1\ndata: a\n\ndata: b\n\n",
            [ServerEvent(data: "a", id: "1"), .init(data: "b", id: "1")]
        ),
        ("id: 1\0\ndata: a\n\n", [ServerEvent(data: "a")]),
        (": ping\n\n: data: no\n\ndata: a\n\n", [ServerEvent(data: "a")]),
        ("\u{FEFF}data: a\n\n", [ServerEvent(data: "a")]),
        ("\u{FEFF}\u{FEFF}data: a\n\ndata: b\n\n", [ServerEvent(data: "b")]),
        ("event: nothing\n\ndata: a\n\n", [ServerEvent(data: "a")]),
        ("data: {\"ä\": \"€ 😀\"}\n\n", [ServerEvent(data: "{\"ä\": \"€ 😀\"}")]),
        ("data: cut off\n", []),
        ("data: cut off", []),
        ("unknown: x\ndata\n\n", [ServerEvent(data: "")]),
        (
            "error: {\"a\":1}\n\ndata: b\n\n",
            [.init(name: "error", data: "{\"a\":1}"), .init(data: "b")]
        ),
        (
            "{\n \"a\": 1\n}\n\ndata: b\n\n",
            [.init(data: "{\n \"a\": 1\n}"), .init(data: "b")]
        ),
    ])
    func `finds the same events wherever the bytes are cut`(
        text: String, events: [ServerEvent]
    ) throws {
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var stream = EventStream()
            let found =
                try stream.receive(Array(bytes[..<cut])) + stream.receive([])
                + stream.receive(Array(bytes[cut...]))
            #expect(found == events, "cut at \(cut)")
        }
        var stream = EventStream()
        #expect(try bytes.flatMap { try stream.receive([$0]) } == events)
    }

    @Test(arguments: [
        ("data: a\n\ndata: b", "b"), ("data: a\n\ndata: b\n", "b"), ("data: a\n\n", nil),
        ("data: a\n\n: ping", nil), ("", nil), ("{\"a\":1}", "{\"a\":1}"),
    ])
    func `gives up the event that the end has cut off`(text: String, data: String?) throws {
        var stream = EventStream()
        _ = try stream.receive(Array(text.utf8))
        #expect(stream.finish() == data.map { ServerEvent(data: $0) })
        #expect(stream.finish() == nil)
    }

    @Test func `keeps the beginning of what is no event`() throws {
        var stream = EventStream()
        _ = try stream.receive(Array("odd: 1\ndata: a\n\nupstream error: reset\nby peer\n".utf8))
        #expect(stream.strayText == "upstream error: reset\nby peer\n")
        _ = try stream.receive(Array((String(repeating: "x", count: 999) + "\n\n").utf8))
        #expect(stream.strayText.utf8.count < 310)
    }

    @Test(arguments: [("retry: 1500\n", Duration.milliseconds(1500)), ("retry: 1s\n", nil)])
    func `knows the pause that is asked for`(text: String, pause: Duration?) throws {
        var stream = EventStream()
        _ = try stream.receive(Array(text.utf8))
        #expect(stream.reconnection == pause)
    }

    @Test(arguments: ["data: 123456789", "data: 12345\ndata: 6789\n"])
    func `an event without end is refused`(text: String) {
        var stream = EventStream(limit: 8)
        #expect(throws: HTTPError(.tooLong, "an event of the answer is longer than 8 bytes")) {
            try stream.receive(Array(text.utf8))
        }
    }
}

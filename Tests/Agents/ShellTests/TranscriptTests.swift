import Agent
import JSON
import Shell
import Testing

@Suite struct TranscriptTests {
    private static func transcript(_ events: [Event]) -> Transcript {
        var transcript = Transcript(UserMessage("q"))
        for event in events { transcript.add(event, run: "1", time: "t") }
        return transcript
    }

    private static func delta(_ text: String, _ iteration: Int = 1) -> Event {
        Event(.delta, ["iteration": .number("\(iteration)"), "text": .string(text)])
    }

    private static let call = Event(
        .toolCall, ["iteration": 1, "id": "c1", "name": "echo", "arguments": "{}"])
    private static let otherCall = Event(
        .toolCall, ["iteration": 1, "id": "c2", "name": "slow", "arguments": "{}"])
    private static let result = Event(
        .toolResult, ["iteration": 1, "id": "c1", "name": "echo", "content": "x"])

    private static let mark = Transcript.cutMark

    private static let cases: [([Event], [String])] = [
        ([], ["user q", "assistant \(mark)"]),
        ([delta("Hal"), delta("lo")], ["user q", "assistant Hallo\n\n\(mark)"]),
        (
            [delta("let me see"), call, result],
            ["user q", "assistant let me see", "tool x", "assistant \(mark)"]
        ),
        (
            [call, otherCall, result],
            [
                "user q", "assistant ", "tool x",
                "tool Error: the user stopped the run before this call was answered",
                "assistant \(mark)",
            ]
        ),
        (
            [call, result, delta("so", 2)],
            ["user q", "assistant ", "tool x", "assistant so\n\n\(mark)"]
        ),
    ]

    @Test(arguments: cases)
    func `what came is kept and marked as cut`(events: [Event], messages: [String]) {
        let kept = Self.transcript(events).cutMessages
        #expect(
            kept.map { "\($0["role"]?.string ?? "") \($0["content"]?.string ?? "")" } == messages)
    }

    @Test(arguments: cases)
    func `no call of a cut answer is left open`(events: [Event], messages: [String]) {
        let kept = Self.transcript(events).cutMessages
        let called = kept.flatMap { $0["tool_calls"]?.array ?? [] }.map { $0["id"]?.string }
        #expect(called == kept.compactMap { $0["tool_call_id"]?.string })
        #expect(kept.last?["role"] == "assistant")
    }

    @Test func `the passages, the lines and the number of answers are known`() {
        let transcript = Self.transcript([
            Event(.started, ["agent": "a", "question": "q"]),
            Event(.context, ["results": [["id": "p"]]]), Self.delta("a"), Self.delta("b", 2),
        ])
        #expect(transcript.passages == [["id": "p"]])
        #expect(transcript.iterations == 2)
        #expect(transcript.text == "b")
        #expect(
            transcript.lines.first
                == #"{"event":"run.started","run":"1","agent":"a","question":"q","time":"t"}"#)
        #expect(transcript.lines.count == 4)
    }

    @Test(arguments: [
        ([], 1), ([call, result], 2), ([delta("let me see"), call, otherCall, result], 2),
        ([delta("It is x.")], 1), ([call, result, delta("It is x.", 2)], 2),
    ])
    func `an answer that came in one piece is one`(events: [Event], iterations: Int) {
        let transcript = Self.transcript(events + [Event(.finished, ["answer": "It is x."])])
        #expect(transcript.iterations == iterations)
        #expect(transcript.text == "It is x.")
    }
}

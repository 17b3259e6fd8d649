import Anthropic
import HTTP
import JSON
import ModelServers
import PluginKit
import Testing

@Suite struct MessagesAnswerTests {
    private func read(
        _ name: String, answerTool: AnswerTool? = nil
    ) throws -> (answer: MessagesAnswer, sent: String) {
        var answer = MessagesAnswer(answerTool: answerTool)
        let sent = try RecordedStream("anthropic/\(name)").events.map { try answer.receive($0) }
            .joined()
        #expect(answer.isDone)
        return (answer, sent)
    }

    @Test func `text`() throws {
        let (answer, sent) = try read("text")
        #expect(sent == "Grüß Gott!")
        #expect(answer.text == sent)
        #expect(answer.unsentText == "")
        #expect(answer.toolCalls == [])
        let usage = [
            "prompt_tokens": 35, "completion_tokens": 15, "total_tokens": 50,
            "cache_read_input_tokens": 10, "cache_creation_input_tokens": 0,
        ]
        #expect(
            answer.summary
                == GenerateSummary(tokensUsed: 50, usage: usage, finishReason: "stop"))
    }

    @Test func `text and calls`() throws {
        let (answer, sent) = try read("tools")
        #expect(sent == "I look.")
        #expect(
            answer.toolCalls == [
                ToolCall(
                    id: "toolu_01", name: "get_weather",
                    arguments: #"{"location": "San Francisco"}"#),
                ToolCall(id: "toolu_02", name: "now", arguments: "{}"),
            ])
        #expect(answer.summary.finishReason == "tool_calls")
        #expect(answer.thoughts == [])
    }

    @Test func `thoughts are apart and can be handed back`() throws {
        let (answer, sent) = try read("thinking")
        #expect(sent == "")
        #expect(answer.text == "")
        #expect(answer.reasoning == "27 * 400 = 10,800")
        #expect(
            Value.array(answer.thoughts)
                == json(
                    #"""
                    [{"type":"thinking","thinking":"27 * 400 = 10,800","signature":"EqQBCgIYAhIM1g=="},
                     {"type":"redacted_thinking","data":"EmwKAhgB"}]
                    """#))
    }

    @Test func `an error is one`() throws {
        let error = #expect(throws: ServerError.self) { try read("error") }
        #expect(error?.message == "Overloaded")
        #expect(error?.kind == .unavailable)
        #expect(error?.isRetryable == true)
    }

    @Test func `the input of the answer's tool is the answer`() throws {
        let (answer, sent) = try read(
            "answer", answerTool: AnswerTool(schema: #"{"type":"object"}"#))
        #expect(sent == "")
        #expect(answer.unsentText == #"{"name":"Ada","age":36}"#)
        #expect(answer.text == answer.unsentText)
        #expect(answer.toolCalls == [])
        #expect(answer.summary.finishReason == "stop")
        // It is a tool like any other if the request did not ask for a schema.
        #expect(try read("answer").answer.toolCalls.map(\.name) == ["answer"])
    }

    @Test func `an answer that is no object is wrapped in one`() throws {
        let tool = try AnswerTool(schema: #"{"type":"array","items":{"type":"integer"}}"#)
        let value = json(
            #"{"content":[{"type":"tool_use","id":"1","name":"answer","input":{"answer":[1,2]}}],"stop_reason":"tool_use"}"#
        )
        let answer = try MessagesAnswer(value, answerTool: tool)
        #expect(answer.text == "[1,2]")
    }

    @Test func `a model that calls no tool for its answer has its text`() throws {
        let (answer, sent) = try read(
            "text", answerTool: AnswerTool(schema: #"{"type":"object"}"#))
        #expect(sent == "")
        #expect(answer.unsentText == "Grüß Gott!")
    }

    @Test(arguments: [
        ("end_turn", "stop"), ("stop_sequence", "stop"), ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"), ("refusal", "content_filter"),
        ("pause_turn", "pause_turn"),
    ])
    func `has a reason for its end`(reason: String, finishReason: String) throws {
        let answer = try MessagesAnswer(
            json(#"{"content":[{"type":"text","text":"x"}],"stop_reason":"\#(reason)"}"#))
        #expect(answer.text == "x")
        #expect(answer.summary.finishReason == finishReason)
    }

    @Test(arguments: ["{}", #"{"content":null}"#, "[]", #"{"content":[{"type":"tool_use"}]}"#])
    func `what is no answer is refused`(text: String) {
        #expect(throws: Malformed.self) { try MessagesAnswer(json(text)) }
    }

    @Test(arguments: [
        "nonsense", #"{"type":"content_block_delta","index":7,"delta":{"type":"text_delta"}}"#,
    ])
    func `what is no event is refused`(text: String) {
        var answer = MessagesAnswer()
        #expect(throws: Malformed.self) { try answer.receive(text) }
    }

    @Test func `what is new is passed over`() throws {
        var answer = MessagesAnswer()
        for event in [
            #"{"type":"message_wish"}"#,
            #"{"type":"content_block_start","index":0,"content_block":{"type":"server_thing"}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"thing_delta","x":1}}"#,
        ] {
            #expect(try answer.receive(event) == "")
        }
        #expect(answer.text == "")
    }
}

import ModelServers
import OpenAI
import PluginKit
import Testing

@Suite struct ChatAnswerTests {
    /// A server's way to stream an answer, and the resulting answer.
    struct Stream: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let events: [String]
        var text = ""
        var reasoning = ""
        var calls: [ToolCall] = []
        var usage: [String: Int] = [:]
        var finishReason = "stop"
    }

    static let weather = ToolCall(id: "a", name: "weather", arguments: #"{"city": "Rome"}"#)
    static let time = ToolCall(id: "b", name: "time", arguments: #"{"zone": "CET"}"#)

    static let streams: [Stream] = [
        Stream(
            testDescription: "text with usage at the end",
            events: [
                #"{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}"#,
                #"{"choices":[{"index":0,"delta":{"content":"Hel"}}],"usage":null}"#,
                #"{"choices":[{"index":0,"delta":{"content":"lo"}}]}"#,
                #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
                #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"prompt_tokens_details":{"cached_tokens":1,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":4},"cost":0.5}}"#,
                "[DONE]",
            ], text: "Hello",
            usage: [
                "prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5,
                "prompt_cached_tokens": 1, "prompt_audio_tokens": 0,
                "completion_reasoning_tokens": 4,
            ]),
        Stream(
            testDescription: "two calls in pieces that alternate",
            events: [
                #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"weather","arguments":""}}]}}]}"#,
                #"{"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"time","arguments":"{\"zone\""}}]}}]}"#,
                #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\""}},{"index":1,"function":{"arguments":": \"CET\"}"}}]}}]}"#,
                #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":": \"Rome\"}"}}]}}]}"#,
                #"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#, "[DONE]",
            ], calls: [weather, time], finishReason: "tool_calls"),
        Stream(
            testDescription: "calls in the order of their numbers",
            events: [
                #"{"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"time","arguments":"{\"zone\": \"CET\"}"}}]}}]}"#,
                #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"weather","arguments":"{\"city\": \"Rome\"}"}}]}}]}"#,
                #"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#, "[DONE]",
            ], calls: [weather, time], finishReason: "tool_calls"),
        Stream(
            testDescription: "calls without numbers",
            events: [
                #"{"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"weather","arguments":"{\"city\""}}]}}]}"#,
                #"{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":": \"Rome\"}"}}]}}]}"#,
                #"{"choices":[{"delta":{"tool_calls":[{"id":"b","function":{"name":"time","arguments":"{\"zone\": \"CET\"}"}}]},"finish_reason":"stop"}]}"#,
                "[DONE]",
            ], calls: [weather, time], finishReason: "tool_calls"),
        Stream(
            testDescription: "every call has the number 0",
            events: [
                #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"weather","arguments":"{\"city\": \"Rome\"}"}}]}}]}"#,
                #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"b","function":{"name":"time","arguments":"{\"zone\": \"CET\"}"}}]}}]}"#,
                #"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#,
            ], calls: [weather, time], finishReason: "tool_calls"),
        Stream(
            testDescription: "id and name come with every piece",
            events: [
                #"{"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"weather","arguments":"{\"city\""}}]}}]}"#,
                #"{"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"weather","arguments":": \"Rome\"}"}}]}}]}"#,
                #"{"choices":[{"delta":{},"finish_reason":"function_call"}]}"#,
            ], calls: [weather], finishReason: "tool_calls"),
        Stream(
            testDescription: "arguments that are an object, or are not there",
            events: [
                #"{"choices":[{"delta":{"tool_calls":[{"function":{"name":"f","arguments":{"x":1}}},{"function":{"name":"g"}}]},"finish_reason":"tool_calls"}]}"#
            ],
            calls: [
                ToolCall(id: "", name: "f", arguments: #"{"x":1}"#),
                ToolCall(id: "", name: "g", arguments: "{}"),
            ], finishReason: "tool_calls"),
        Stream(
            testDescription: "thoughts apart, by both names",
            events: [
                #"{"choices":[{"delta":{"reasoning_content":"Hm. "}}]}"#,
                #"{"choices":[{"delta":{"reasoning":"Yes."}}]}"#,
                #"{"choices":[{"delta":{"content":"42"}}]}"#,
                #"{"choices":[{"delta":{"content":null},"finish_reason":"length"}]}"#, "[DONE]",
            ], text: "42", reasoning: "Hm. Yes.", finishReason: "length"),
        Stream(
            testDescription: "content in parts, one of them a thought",
            events: [
                #"{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm."}]},{"type":"text","text":"42"}]}}]}"#,
                "[DONE]",
            ], text: "42", reasoning: "Hm."),
        Stream(
            testDescription: "a refusal",
            events: [
                #"{"choices":[{"delta":{"refusal":"I will not."}}]}"#,
                #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#, "[DONE]",
            ], text: "I will not.", finishReason: "content_filter"),
        Stream(
            testDescription: "only the first of two choices",
            events: [
                #"{"choices":[{"index":1,"delta":{"content":"no"}},{"index":0,"delta":{"content":"yes"}}]}"#,
                #"{"choices":[{"index":1,"delta":{"content":"no"}}]}"#, "[DONE]",
            ], text: "yes"),
        Stream(
            testDescription: "usage without a sum, and an own word for the end",
            events: [
                #"{"choices":[{"delta":{"content":"x"},"finish_reason":"eos"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#
            ], text: "x",
            usage: ["prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5],
            finishReason: "eos"),
    ]

    @Test(arguments: streams)
    func `is put together`(stream: Stream) throws {
        var answer = ChatAnswer()
        let text = try stream.events.map { try answer.receive($0) }.joined()
        #expect(answer.isComplete)
        #expect(text == stream.text)
        #expect(answer.text == stream.text)
        #expect(answer.reasoning == stream.reasoning)
        #expect(try answer.toolCalls() == stream.calls)
        #expect(try answer.summary().usage == stream.usage)
        #expect(try answer.summary().tokensUsed == stream.usage["total_tokens"] ?? 0)
        #expect(try answer.summary().finishReason == stream.finishReason)
    }

    @Test func `comes whole, too`() throws {
        let answer = try ChatAnswer(
            json(
                #"""
                {"choices":[{"index":0,"message":{"role":"assistant","content":"hi","reasoning_content":"Hm.",
                 "tool_calls":[{"id":"a","type":"function","function":{"name":"weather","arguments":"{\"city\": \"Rome\"}"}}]},
                 "finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}
                """#))
        #expect(answer.text == "hi")
        #expect(answer.reasoning == "Hm.")
        #expect(try answer.toolCalls() == [Self.weather])
        #expect(try answer.summary().tokensUsed == 3)
        #expect(try answer.summary().finishReason == "tool_calls")
    }

    @Test(arguments: ["{}", #"{"choices":[]}"#, "[]", #""text""#])
    func `what is no answer is refused`(text: String) {
        #expect(throws: Malformed.self) { try ChatAnswer(json(text)) }
    }

    @Test(arguments: ["{", "7", #"{"choices":[{"delta":{"content":"x"}}]} x"#])
    func `what is no event is refused`(text: String) {
        var answer = ChatAnswer()
        #expect(throws: Malformed.self) { try answer.receive(text) }
    }

    @Test(arguments: [
        (#"{"error":{"message":"boom","type":"server_error","code":"500"}}"#, 500, "boom"),
        (#"{"error":"boom"}"#, 0, "boom"),
        (#"{"object":"error","message":"boom","code":400}"#, 400, "boom"),
    ])
    func `an error among the events is one`(text: String, status: Int, message: String) {
        var answer = ChatAnswer()
        let error = #expect(throws: ServerError.self) { try answer.receive(text) }
        #expect(error?.status == status)
        #expect(error?.message == message)
    }

    @Test func `a call without a name is refused`() throws {
        var answer = ChatAnswer()
        _ = try answer.receive(
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"arguments":"{\"x\":1}"}}]}}]}"#
        )
        #expect(throws: Malformed("a tool call without a name")) { try answer.toolCalls() }
    }

    @Test func `an answer that ends without a reason is not complete`() throws {
        var answer = ChatAnswer()
        _ = try answer.receive(#"{"choices":[{"delta":{"content":"half"}}]}"#)
        #expect(!answer.isComplete)
    }
}

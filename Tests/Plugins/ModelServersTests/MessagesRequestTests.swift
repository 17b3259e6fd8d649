import Anthropic
import JSON
import PluginKit
import Testing

@Suite struct MessagesRequestTests {
    private func body(
        _ request: GenerateRequest, _ settings: [String: String] = [:], streams: Bool = false
    ) throws -> Value {
        let standard = ["api_key": "k", "model": "m"]
        let settings = try MessagesSettings(
            Configuration(settings.merging(standard) { own, _ in own }), environment: [:])
        let tool =
            request.responseSchema.isEmpty
            ? nil : try AnswerTool(schema: request.responseSchema)
        return try settings.body(
            request, answerTool: tool, streams: streams)
    }

    private static let call = ToolCall(id: "t1", name: "f", arguments: #"{"a": 1}"#)

    private static let afterCall = GenerateRequest(messages: [
        Message(role: .system, content: "Be brief."), Message(role: .user, content: "one"),
        Message(role: .user, content: "two"), Message(role: .system, content: "And kind."),
        Message(
            role: .assistant, content: "I look.",
            toolCalls: [call, ToolCall(id: "functions.g:0", name: "g", arguments: "broken")]),
        Message(role: .tool, content: "r1", toolCallID: "t1"),
        Message(role: .tool, content: "r2", toolCallID: "functions.g:0"),
        Message(role: .user, content: "and?"),
    ])

    @Test func `says what was set and no more`() throws {
        let request = GenerateRequest(messages: [Message(role: .user, content: "hi")])
        let messages = #"[{"role":"user","content":[{"type":"text","text":"hi"}]}]"#
        #expect(
            try body(request)
                == json(#"{"model":"m","max_tokens":4096,"messages":\#(messages)}"#))
        #expect(
            try body(
                request,
                [
                    "temperature": "0.3", "max_tokens": "9",
                    "parameters": #"{"metadata":{"user_id":"u"}}"#,
                ], streams: true)
                == json(
                    #"{"metadata":{"user_id":"u"},"model":"m","max_tokens":9,"temperature":0.3,"messages":\#(messages),"stream":true}"#
                ))
    }

    @Test func `turns alternate, and results come first in theirs`() throws {
        let body = try body(Self.afterCall)
        #expect(body["system"] == "Be brief.\n\nAnd kind.")
        #expect(
            body["messages"]
                == json(
                    #"""
                    [{"role":"user","content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]},
                     {"role":"assistant","content":[{"type":"text","text":"I look."},
                      {"type":"tool_use","id":"t1","name":"f","input":{"a":1}},
                      {"type":"tool_use","id":"functions_g_0","name":"g","input":{}}]},
                     {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"r1"},
                      {"type":"tool_result","tool_use_id":"functions_g_0","content":"r2"},
                      {"type":"text","text":"and?"}]}]
                    """#))
    }

    @Test func `empty texts are left out`() throws {
        let request = GenerateRequest(messages: [
            Message(role: .user, content: "hi"), Message(role: .assistant, content: " \n"),
            Message(role: .user, content: "there"),
        ])
        #expect(
            try body(request)["messages"]
                == json(
                    #"[{"role":"user","content":[{"type":"text","text":"hi"},{"type":"text","text":"there"}]}]"#
                ))
    }

    @Test func `tools have their schemas`() throws {
        var request = GenerateRequest(messages: [Message(role: .user, content: "hi")])
        request.tools = [
            ToolDefinition(name: "f", description: "d", parameters: #"{"type":"object"}"#)
        ]
        let body = try body(request)
        #expect(
            body["tools"]
                == json(#"[{"name":"f","description":"d","input_schema":{"type":"object"}}]"#))
        #expect(body["tool_choice"] == nil)
    }

    @Test func `a schema makes the model call the answer's tool`() throws {
        var request = GenerateRequest(
            messages: [Message(role: .user, content: "hi")],
            responseSchema: #"{"type":"object","properties":{"a":{"type":"string"}}}"#)
        let alone = try body(request)
        #expect(alone["tools"]?.array?.count == 1)
        #expect(alone["tools"]?.array?[0]["name"] == "answer")
        #expect(
            alone["tools"]?.array?[0]["input_schema"]
                == json(#"{"type":"object","properties":{"a":{"type":"string"}}}"#))
        #expect(alone["tool_choice"] == json(#"{"type":"tool","name":"answer"}"#))
        request.tools = [ToolDefinition(name: "f", description: "", parameters: "")]
        let beside = try body(request)
        #expect(beside["tools"]?.array?.map { $0["name"]?.string } == ["f", "answer"])
        #expect(beside["tool_choice"] == json(#"{"type":"any"}"#))
        // A model that thinks cannot be forced.
        let thinking = try body(request, ["parameters": #"{"thinking":{"type":"enabled"}}"#])
        #expect(thinking["tool_choice"] == nil)
    }

    @Test func `a schema that is no object's is wrapped, its definitions left at the root`() throws
    {
        let request = GenerateRequest(
            messages: [Message(role: .user, content: "hi")],
            responseSchema: ##"{"type":"array","items":{"$ref":"#/$defs/x"},"$defs":{"x":{}}}"##)
        #expect(
            try body(request)["tools"]?.array?[0]["input_schema"]
                == json(
                    ##"{"type":"object","$defs":{"x":{}},"properties":{"answer":{"type":"array","items":{"$ref":"#/$defs/x"}}},"required":["answer"]}"##
                ))
    }

    @Test(arguments: [
        ("temperature", "0.2", "temperature", "0.2"),
        ("max_completion_tokens", "5", "max_tokens", "5"),
        ("max_tokens", "5", "max_tokens", "5"), ("top_k", "3", "top_k", "3"),
        ("stop", "END", "stop_sequences", #"["END"]"#),
        ("stop", #"["a","b"]"#, "stop_sequences", #"["a","b"]"#),
        ("model", "other", "model", #""other""#),
        (
            "thinking", #"{"type":"enabled","budget_tokens":1024}"#, "thinking",
            #"{"type":"enabled","budget_tokens":1024}"#
        ),
        // OpenAI's options, which this server refuses, and secret settings.
        ("seed", "1", "seed", nil), ("frequency_penalty", "1", "frequency_penalty", nil),
        ("api_key", "k", "api_key", nil), ("headers", "{}", "headers", nil),
    ])
    func `an option of a call is a parameter`(
        name: String, text: String, parameter: String, value: String?
    ) throws {
        let request = GenerateRequest(
            messages: [Message(role: .user, content: "hi")], options: Configuration([name: text]))
        #expect(try body(request)[parameter] == value.map { json($0) })
    }

    @Test(arguments: [
        ("auto", #"{"type":"auto"}"#), ("required", #"{"type":"any"}"#),
        ("none", #"{"type":"none"}"#),
        (#"{"type":"function","function":{"name":"f"}}"#, #"{"type":"tool","name":"f"}"#),
        (#"{"type":"tool","name":"f"}"#, #"{"type":"tool","name":"f"}"#),
    ])
    func `a choice of tools is sent as this server wants it`(choice: String, told: String) throws {
        var request = GenerateRequest(
            messages: [Message(role: .user, content: "hi")],
            tools: [ToolDefinition(name: "f", description: "", parameters: "")],
            options: Configuration(["tool_choice": choice]))
        #expect(try body(request)["tool_choice"] == json(told))
        request.tools = []
        #expect(try body(request)["tool_choice"] == nil)
    }

    @Test func `thoughts go back before the calls they led to, or there are none`() throws {
        let settings = ["parameters": #"{"thinking":{"type":"enabled","budget_tokens":1024}}"#]
        var request = Self.afterCall
        request.messages.removeLast()
        let thought = json(#"{"type":"thinking","thinking":"Hm.","signature":"s"}"#)
        func thinking(at server: String) -> GenerateRequest {
            var request = request
            let place = request.messages.firstIndex { !$0.toolCalls.isEmpty }!
            request.messages[place].reasoning = Reasoning(
                text: "Hm.", details: ##"{"server":"\##(server)","blocks":[\##(thought)]}"##)
            return request
        }
        let own = thinking(at: "https://api.anthropic.com")
        let known = try body(own, settings)
        #expect(known["thinking"] != nil)
        #expect(known["messages"]?.array?[1]["content"]?.array?.first == thought)
        // A server may have thought even if the request did not ask for it.
        #expect(try body(own)["messages"]?.array?[1]["content"]?.array?.first == thought)
        // Thoughts of another server do not go to this one, nor do those of an unknown server.
        for foreign in [thinking(at: "https://other.example"), request] {
            let unknown = try body(foreign, settings)
            #expect(unknown["thinking"] == nil)
            #expect(unknown["messages"]?.array?[1]["content"]?.array?.first?["type"] == "text")
        }
        // With thinking switched off, no thoughts are sent.
        let off = try body(own, ["parameters": #"{"thinking":{"type":"disabled"}}"#])
        #expect(off["messages"]?.array?[1]["content"]?.array?.first?["type"] == "text")
        // After the user's next message, earlier thoughts no longer matter.
        #expect(try body(Self.afterCall, settings)["thinking"] != nil)
    }
}

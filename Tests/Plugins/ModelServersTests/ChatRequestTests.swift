import JSON
import ModelServers
import OpenAI
import PluginKit
import Testing

@Suite struct ChatRequestTests {
    private let request = GenerateRequest(messages: [Message(role: .user, content: "hi")])

    private func settings(_ settings: [String: String] = [:]) throws -> ChatSettings {
        try ChatSettings(
            Configuration(settings.merging(["base_url": "http://a"]) { own, _ in own }),
            environment: [:])
    }

    private func body(
        _ request: GenerateRequest, _ settings: [String: String] = [:], streams: Bool = false,
        dialect: Dialect = Dialect(saysCompletionTokens: false)
    ) throws -> Value {
        try self.settings(settings).body(
            request, model: "m", dialect: dialect, streams: streams)
    }

    @Test func `says what was set and no more`() throws {
        let plain = try body(request)
        #expect(plain == json(#"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#))
        let full = try body(
            request,
            ["temperature": "0", "max_tokens": "9", "parameters": #"{"seed":1,"top_p":0.90}"#],
            streams: true)
        #expect(
            full
                == json(
                    #"""
                    {"seed":1,"top_p":0.90,"temperature":0,"max_tokens":9,"model":"m",
                     "messages":[{"role":"user","content":"hi"}],
                     "stream":true,"stream_options":{"include_usage":true}}
                    """#))
    }

    @Test(arguments: [
        // From the options of one call.
        ("temperature", "0.2", "temperature", "0.2"), ("max_tokens", "5", "max_tokens", "5"),
        ("max_completion_tokens", "5", "max_tokens", "5"), ("seed", "42", "seed", "42"),
        ("stop", #"["a","b"]"#, "stop", #"["a","b"]"#), ("stop", "END", "stop", #""END""#),
        ("logit_bias", #"{"50256":-100}"#, "logit_bias", #"{"50256":-100}"#),
        ("user", "5", "user", #""5""#), ("reasoning_effort", "low", "reasoning_effort", #""low""#),
        ("logprobs", "true", "logprobs", "true"), ("model", "other", "model", #""other""#),
        // Options change neither the connection nor the rest of the request.
        ("api_key", "secret", "api_key", nil), ("headers", "{}", "headers", nil),
        ("base_url", "http://x", "base_url", nil), ("timeout", "1", "timeout", nil),
        ("n", "3", "n", nil), ("stream", "true", "stream", nil), ("tools", "[]", "tools", nil),
    ])
    func `an option of a call is a parameter`(
        name: String, text: String, parameter: String, value: String?
    ) throws {
        var request = request
        request.options = Configuration([name: text])
        let body = try body(request, ["temperature": "1", "max_tokens": "100"])
        #expect(body[parameter] == value.map { json($0) })
        #expect(body.object?.filter { $0.key == parameter }.count == (value == nil ? 0 : 1))
    }

    @Test func `the limit has one name, the one that the server knows`() throws {
        let dialect = Dialect(saysCompletionTokens: true)
        var request = request
        #expect(
            try body(request, ["max_tokens": "9"], dialect: dialect)["max_completion_tokens"] == 9)
        request.options = Configuration(["max_tokens": "5"])
        let own = try body(request, ["max_tokens": "9"], dialect: dialect)
        #expect(own["max_completion_tokens"] == 5)
        #expect(own["max_tokens"] == nil)
    }

    @Test(
        arguments: [
            (
                400,
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                true, true
            ),
            (400, "Unrecognized request argument supplied: stream_options", false, false),
            (400, "messages must not be empty", nil, nil), (500, "max_completion_tokens", nil, nil),
        ] as [(Int, String, Bool?, Bool?)])
    func `a refusal teaches another dialect`(
        status: Int, message: String, saysCompletionTokens: Bool?, asksForUsage: Bool?
    ) {
        let dialect = Dialect(saysCompletionTokens: false)
        let other = dialect.afterRefusal(ServerError(status: status, message: message))
        #expect(other?.saysCompletionTokens == saysCompletionTokens)
        #expect(other?.asksForUsage == asksForUsage)
    }

    @Test func `a conversation with tools`() throws {
        let request = GenerateRequest(
            messages: [
                Message(role: .system, content: "s"), Message(role: .user, content: "u"),
                Message(
                    role: .assistant, content: "",
                    toolCalls: [
                        ToolCall(id: "1", name: "f", arguments: #"{"a": 1}"#),
                        ToolCall(id: "2", name: "g", arguments: ""),
                    ]),
                Message(role: .tool, content: "r", toolCallID: "1"),
            ],
            tools: [
                ToolDefinition(name: "f", description: "d", parameters: #"{"type":"object"}"#),
                ToolDefinition(name: "g", description: "", parameters: ""),
            ])
        let body = try body(request)
        #expect(
            body["messages"]
                == json(
                    #"""
                    [{"role":"system","content":"s"},{"role":"user","content":"u"},
                     {"role":"assistant","content":null,"tool_calls":[
                      {"id":"1","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}},
                      {"id":"2","type":"function","function":{"name":"g","arguments":"{}"}}]},
                     {"role":"tool","content":"r","tool_call_id":"1"}]
                    """#))
        #expect(
            body["tools"]
                == json(
                    #"""
                    [{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}},
                     {"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{}}}}]
                    """#))
    }

    @Test func `a schema that is none is refused`() throws {
        var request = request
        request.tools = [ToolDefinition(name: "f", description: "", parameters: "{")]
        let error = #expect(throws: CallError.self) { try body(request) }
        #expect(error?.kind == .invalidArgument)
        #expect(error?.message.hasPrefix("the schema of the tool 'f' is not JSON: ") == true)
    }

    @Test func `an answer's schema is its format`() throws {
        var request = request
        request.responseSchema = #"{"type":"object","properties":{"a":{"type":"string"}}}"#
        #expect(
            try body(request)["response_format"]
                == json(
                    #"""
                    {"type":"json_schema","json_schema":{"name":"answer",
                     "schema":{"type":"object","properties":{"a":{"type":"string"}}}}}
                    """#))
    }

    @Test(arguments: [
        (
            #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}"#,
            true
        ),
        (
            #"{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}"#,
            false
        ),
        (#"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#, false),
        (#"{"type":"array","items":{"type":"string"}}"#, false),
        (
            #"{"type":"object","properties":{"a":{"type":"array","items":{"type":"object"}}},"required":["a"],"additionalProperties":false}"#,
            false
        ),
        (
            #"{"type":"object","properties":{"a":{"type":"array","items":{"enum":[1]}}},"required":["a"],"additionalProperties":false}"#,
            true
        ),
        (
            #"{"type":"object","properties":{"a":{"allOf":[]}},"required":["a"],"additionalProperties":false}"#,
            false
        ),
        (
            ##"{"type":"object","properties":{"a":{"$ref":"#/$defs/x"}},"required":["a"],"additionalProperties":false,"$defs":{"x":{"anyOf":[{"type":"null"},{"type":"string"}]}}}"##,
            true
        ),
        (
            #"{"type":"object","properties":{},"required":[],"additionalProperties":false,"$defs":{"x":{"type":"object"}}}"#,
            false
        ),
    ])
    func `a schema is strict only if it can be`(schema: String, isStrict: Bool) {
        #expect(json(schema).isStrictSchema == isStrict)
    }
}

/// Returns a value for a comparison.
func json(_ text: String) -> Value { try! Value(parsing: Array(text.utf8)) }

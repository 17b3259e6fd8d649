import Foundation
import TestSupport
import Testing

/// Answers of a model server that pass through a pipe of filters and back to it.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ModelPipeTests {
    /// A record that requests the tool `list_directory`, which runs without asking the user.
    private static let question =
        #"{"content":"look","tools":[{"type":"function","function":{"name":"list_directory","parameters":{"type":"object"}}}]}"#
        + "\n"

    private static let listing =
        #"{"id":"c1","type":"function","function":{"name":"list_directory","arguments":"{}"}}"#

    private func chat(_ message: String, _ reason: String = "tool_calls") -> String {
        #"{"choices":[{"message":\#(message),"finish_reason":"\#(reason)"}]}"#
    }

    /// The assistant's message of the second request.
    private func returned(_ server: Loopback) throws -> [String: Any] {
        let request = try #require(server.received.dropFirst().first)
        let messages = try #require(request.json["messages"] as? [[String: Any]])
        return try #require(messages.first { $0["role"] as? String == "assistant" })
    }

    private func pipe(
        _ first: Loopback, _ second: Loopback? = nil, plugin: String = "openai-llm",
        settings: String = "", input: String = question
    ) async throws -> Shell.Result {
        let options = "--plugin \(plugin) -o model=m -o api_key=k \(settings)"
        return try await Shell().run(
            """
            hector-generate \(options) -o base_url=\(first.url) | tee generated | hector-tool |
                hector-generate \(options) -o base_url=\((second ?? first).url)
            """, input: input)
    }

    // MARK: Thoughts

    @Test(arguments: ["reasoning_content", "reasoning"])
    func `thoughts go back to the server by the name that it has for them`(
        name: String
    ) async throws {
        let call = #"{"content":null,"\#(name)":"Look first.","tool_calls":[\#(Self.listing)]}"#
        let server = try Loopback { request, connection in
            try connection.answer(
                request.number == 0
                    ? chat(call) : chat(#"{"content":"Nothing.","\#(name)":"Empty."}"#, "stop"))
        }
        let result = try await pipe(server)
        let record = try #require(try result.records().first, "\(result.errors)")
        let messages = try #require(record["messages"] as? [[String: Any]])
        #expect(messages.map { $0["reasoning"] as? String } == [nil, "Look first.", nil, "Empty."])
        #expect(messages.last?["content"] as? String == "Nothing.")
        #expect(try returned(server)[name] as? String == "Look first.")
        #expect(try returned(server)["content"] is NSNull)
    }

    @Test func `thoughts do not go to another server`() async throws {
        let call = #"{"content":null,"reasoning_content":"Hm.","tool_calls":[\#(Self.listing)]}"#
        let first = try Loopback { _, connection in try connection.answer(chat(call)) }
        let second = try Loopback { _, connection in
            try connection.answer(chat(#"{"content":"Nothing."}"#, "stop"))
        }
        let result = try await pipe(first, second)
        #expect(try result.records().count == 1, "\(result.errors)")
        let body = try #require(second.received.first).text
        #expect(!body.contains("Hm."))
        #expect(!body.contains("reasoning"))
    }

    @Test func `thoughts in tags go back in tags, and are in no answer`() async throws {
        let call = #"{"content":"<think>Hm.</think>\n\n","tool_calls":[\#(Self.listing)]}"#
        let server = try Loopback { request, connection in
            try connection.answer(
                request.number == 0
                    ? chat(call)
                    : chat(#"{"content":"<think>\nSo.\n</think>\n\nNothing."}"#, "stop"))
        }
        let result = try await pipe(server)
        let record = try #require(try result.records().first, "\(result.errors)")
        let messages = try #require(record["messages"] as? [[String: Any]])
        #expect(messages.last?["content"] as? String == "Nothing.")
        #expect(try returned(server)["content"] as? String == "<think>Hm.</think>\n\n")

        let prompt = try await Shell().run(
            "hector-generate --plugin openai-llm -o model=m -o base_url=\(server.url) hi")
        #expect(prompt.output == "Nothing.\n")
    }

    @Test func `a server that wants what is missing gets something`() async throws {
        let server = try Loopback { request, connection in
            request.text.contains("reasoning_content")
                ? try connection.answer(chat(#"{"content":"Nothing."}"#, "stop"))
                : try connection.answer(
                    #"{"error":{"message":"Missing `reasoning_content` field in the assistant message at message index 1."}}"#,
                    status: 400)
        }
        let result = try await Shell().run(
            "hector-generate --plugin openai-llm -o model=m -o base_url=\(server.url)",
            input:
                #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}"#
                + "\n")
        #expect(result.status == 0, "\(result.errors)")
        #expect(server.received.count == 2)
    }

    @Test func `a record of another program's has its thoughts sent, unless they are refused`()
        async throws
    {
        let server = try Loopback { request, connection in
            request.text.contains("reasoning_content")
                ? try connection.answer(
                    #"{"error":"property 'reasoning_content' is unsupported"}"#, status: 400)
                : try connection.answer(chat(#"{"content":"Nothing."}"#, "stop"))
        }
        let result = try await Shell().run(
            "hector-generate --plugin openai-llm -o model=m -o base_url=\(server.url)",
            input:
                #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"","reasoning_content":"Hm.","tool_calls":[\#(Self.listing)]},{"role":"tool","tool_call_id":"c1","content":"x"}]}"#
                + "\n")
        #expect(result.status == 0, "\(result.errors)")
        #expect(server.received.map { $0.text.contains("Hm.") } == [true, false])
    }

    @Test func `blocks of thought go back as they were, signed and encrypted`() async throws {
        let call =
            #"{"content":[{"type":"thinking","thinking":"Hm.","signature":"s=="},{"type":"redacted_thinking","data":"x"},{"type":"tool_use","id":"c1","name":"list_directory","input":{}}],"stop_reason":"tool_use"}"#
        let server = try Loopback { request, connection in
            try connection.answer(
                request.number == 0
                    ? call
                    : #"{"content":[{"type":"text","text":"Nothing."}],"stop_reason":"end_turn"}"#)
        }
        let result = try await pipe(
            server, plugin: "anthropic-llm",
            settings:
                #"-o parameters='{"thinking":{"type":"enabled","budget_tokens":1024}}'"#)
        #expect(try result.records().count == 1, "\(result.errors)")
        let blocks = try #require(try returned(server)["content"] as? [[String: Any]])
        #expect(
            blocks.map { $0["type"] as? String } == ["thinking", "redacted_thinking", "tool_use"])
        #expect(blocks[0]["signature"] as? String == "s==")
        #expect(blocks[1]["data"] as? String == "x")
        #expect(server.received[1].json["thinking"] != nil)
    }

    @Test func `blocks that the server does not want are left out`() async throws {
        let server = try Loopback { request, connection in
            request.text.contains(#""signature":"old""#)
                ? try connection.answer(
                    #"{"type":"error","error":{"type":"invalid_request_error","message":"messages.1.content.0: Invalid `signature` in `thinking` block"}}"#,
                    status: 400)
                : try connection.answer(
                    #"{"content":[{"type":"text","text":"Nothing."}],"stop_reason":"end_turn"}"#)
        }
        let result = try await Shell().run(
            "hector-generate --plugin anthropic-llm -o model=m -o api_key=k -o base_url=\(server.url)",
            input:
                #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"old"},{"type":"text","text":"b"}]},{"role":"user","content":"c"}]}"#
                + "\n")
        #expect(result.status == 0, "\(result.errors)")
        #expect(server.received.count == 2)
    }

    // MARK: Calls that cannot be made

    private static let cut =
        #"{"id":"c1","type":"function","function":{"name":"list_directory","arguments":"{\"path\":\"a"}}"#

    @Test func `a call that is cut off goes back as an empty one, with a result that says so`()
        async throws
    {
        let server = try Loopback { request, connection in
            // As llama.cpp does.
            if request.number > 0, !request.text.contains(#""arguments":"{}""#) {
                return try connection.answer(
                    #"{"error":{"message":"Failed to parse tool call arguments as JSON"}}"#,
                    status: 500)
            }
            try connection.answer(
                request.number == 0
                    ? chat(#"{"content":null,"tool_calls":[\#(Self.cut)]}"#, "length")
                    : chat(#"{"content":"I try again."}"#, "stop"))
        }
        let result = try await pipe(server)
        let record = try #require(try result.records().first, "\(result.errors)")
        let messages = try #require(record["messages"] as? [[String: Any]])
        #expect((messages[2]["error"] as? [String: Any])?["code"] as? String == "cut_off")
        #expect((messages[2]["content"] as? String)?.contains("max_tokens") == true)
        #expect(messages.last?["content"] as? String == "I try again.")
        // The record keeps what the model wrote.
        let call = try #require((messages[1]["tool_calls"] as? [[String: Any]])?.first)
        let function = try #require(call["function"] as? [String: Any])
        #expect(function["arguments"] as? String == #"{"path":"a"#)
        #expect(server.received.count == 2)
    }

    @Test func `a call without arguments is not made if the answer was cut off there`() async throws
    {
        let call = #"{"id":"c1","type":"function","function":{"name":"list_directory"}}"#
        let server = try Loopback { request, connection in
            try connection.answer(
                request.number == 0
                    ? chat(#"{"content":null,"tool_calls":[\#(call)]}"#, "length")
                    : chat(#"{"content":"I try again."}"#, "stop"))
        }
        let result = try await pipe(server)
        #expect(result.output.contains("cut_off"), "\(result.output) \(result.errors)")
    }

    @Test func `an agent goes on after a call that was cut off`() async throws {
        let server = try Loopback { request, connection in
            try connection.begin()
            try connection.events(
                request.number == 0
                    ? [
                        #"{"choices":[{"delta":{"reasoning_content":"Hm.","tool_calls":[{"index":0,\#(Self.cut.dropFirst())]}}]}"#,
                        #"{"choices":[{"delta":{},"finish_reason":"length"}]}"#, "[DONE]",
                    ]
                    : [
                        #"{"choices":[{"delta":{"content":"Done."},"finish_reason":"stop"}]}"#,
                        "[DONE]",
                    ])
            try connection.end()
        }
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              llm_providers:
                m: { path: openai-llm, config: { base_url: "\(server.url)", model: m } }
            agents:
              a: { llm: m, tools: [system-tools] }
            """, to: "hector.yaml")
        let result = try await shell.run(
            "hector --agent a --json go | tee events >/dev/null; jq -c 'select(.event == \"tool_result\") | .error.code' events; hector --agent a go"
        )
        #expect(result.lines.first == "\"cut_off\"", "\(result.output) \(result.errors)")
        #expect(try returned(server)["reasoning_content"] as? String == "Hm.")
        #expect(result.lines.last == "Done.", "\(result.errors)")
        #expect(result.status == 0)
    }

    @Test func `arguments that are no JSON are reported as such, and the next answer comes`()
        async throws
    {
        let call =
            #"{"id":"c1","type":"function","function":{"name":"list_directory","arguments":"{path: a}"}}"#
        let server = try Loopback { request, connection in
            try connection.answer(
                request.number == 0
                    ? chat(#"{"content":null,"tool_calls":[\#(call)]}"#)
                    : chat(#"{"content":"I try again."}"#, "stop"))
        }
        let result = try await pipe(server)
        #expect(result.output.contains("invalid_arguments"), "\(result.errors)")
        #expect(result.output.contains("I try again."))
        let function = try #require(
            ((try returned(server)["tool_calls"] as? [[String: Any]])?.first)?["function"]
                as? [String: Any])
        #expect(function["arguments"] as? String == "{}")
    }

    @Test func `what llama.cpp cannot read fails one record, once`() async throws {
        let server = try Loopback { request, connection in
            request.text.contains("bad")
                ? try connection.answer(
                    #"{"error":{"code":500,"message":"Failed to parse input at pos 12","type":"server_error"}}"#,
                    status: 500)
                : try connection.answer(chat(#"{"content":"fine"}"#, "stop"))
        }
        let result = try await Shell().run(
            "hector-generate --plugin openai-llm -o model=m -o base_url=\(server.url) -j 1",
            input: "{\"content\":\"bad\"}\n{\"content\":\"good\"}\n")
        #expect(result.status == 1)
        let records = try result.records()
        #expect(
            (records.first?["error"] as? [String: Any])?["code"] as? String == "invalid_argument")
        #expect(records.last?["error"] == nil)
        #expect(server.received.count == 2)
    }

    // MARK: Names

    @Test(arguments: ["openai-llm", "anthropic-llm"])
    func `names that a server refuses are made to fit, and back`(plugin: String) async throws {
        let long = String(repeating: "n", count: 200)
        let server = try Loopback { request, connection in
            let tools = request.json["tools"] as? [[String: Any]] ?? []
            let name =
                (tools.first?["name"] ?? (tools.first?["function"] as? [String: Any])?["name"])
                as? String ?? ""
            try connection.answer(
                plugin == "openai-llm"
                    ? chat(
                        #"{"content":null,"tool_calls":[{"id":"1","function":{"name":"\#(name)","arguments":"{}"}}]}"#
                    )
                    : #"{"content":[{"type":"tool_use","id":"1","name":"\#(name)","input":{}}],"stop_reason":"tool_use"}"#
            )
        }
        let shell = try Shell()
        let result = try await shell.run(
            "hector-generate --plugin \(plugin) -o model=m -o api_key=k -o base_url=\(server.url)",
            input:
                #"{"content":"x","tools":[{"name":"a.b/c d"},{"name":"a_b_c_d"},{"name":"\#(long)"},{"name":"\#(long)x"}]}"#
                + "\n")
        let record = try #require(try result.records().first, "\(result.errors)")
        let message = try #require((record["messages"] as? [[String: Any]])?.last)
        let call = try #require((message["tool_calls"] as? [[String: Any]])?.first)
        #expect((call["function"] as? [String: Any])?["name"] as? String == "a.b/c d")
        let tools = try #require(server.received.first?.json["tools"] as? [[String: Any]])
        let names = tools.compactMap {
            ($0["name"] ?? ($0["function"] as? [String: Any])?["name"]) as? String
        }
        let limit = plugin == "openai-llm" ? 64 : 128
        #expect(Set(names).count == 4)
        #expect(names[1] == "a_b_c_d")
        #expect(
            names.allSatisfy {
                $0.wholeMatch(of: /[a-zA-Z0-9_-]+/) != nil && $0.count <= limit
            })
    }
}

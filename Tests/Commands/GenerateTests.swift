import Foundation
import Testing

/// hector-generate over records.
@Suite(.serialized) struct GenerateTests: GenerateShells {
    // MARK: Records

    @Test func `the answer is added and every other byte kept`() async throws {
        let line = #"{"id":"a", "content":"hi", "n":1.50 "#
        let result = try await run("generate | unmarked", input: line + "}\n")
        #expect(
            result.output == line
                + #","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"#
                + #""You said: hi"}],"usage":{"total_tokens":7}}"# + "\n")
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
    }

    @Test func `messages grow at their end`() async throws {
        let result = try await run(
            "generate", input: #"{"messages": [ {"role":"user", "content":"hi"} ] }"# + "\n")
        #expect(
            result.output.hasPrefix(
                #"{"messages": [ {"role":"user", "content":"hi"} ,{"role":"assistant","#))
    }

    @Test(arguments: [
        (#"{"prompt":"a"}"#, #"[["user","a"]]"#),
        (#""a""#, #"[["user","a"]]"#),
        (
            #"{"custom_id":"1","body":{"messages":[{"role":"user","content":"a"}]}}"#,
            #"[["user","a"]]"#
        ),
        (
            #"{"messages":[{"role":"developer","content":"d"},{"role":"user","content":"a"}]}"#,
            #"[["system","d"],["user","a"]]"#
        ),
        (
            #"{"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]}"#,
            #"[["user","a\nb"]]"#
        ),
        (#"{"messages":[],"content":"a"}"#, #"[["user","a"]]"#),
    ])
    func `the conversation is found in every accepted shape`(line: String, asked: String)
        async throws
    {
        let result = try await run(
            "generate >/dev/null && asked '[.request.messages[] | [.role, .content]]'",
            input: line + "\n")
        #expect(result.lines == [asked])
    }

    @Test(arguments: [
        (#"{"content":3}"#, "invalid_content"),
        (#"{"id":"a"}"#, "no_content"),
        (#"{"messages":3}"#, "invalid_messages"),
        (#"{"messages":[3]}"#, "invalid_messages"),
        (#"{"messages":[{"content":"x"}]}"#, "invalid_messages"),
        (#"{"messages":[{"role":"user","content":{}}]}"#, "invalid_messages"),
        (#"{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}"#, "invalid_messages"),
        (#"{"messages":[{"role":"assistant","tool_calls":[{"id":"1"}]}]}"#, "invalid_messages"),
        (
            #"{"messages":[{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f"}}]}]}"#,
            "pending_tool_calls"
        ),
        (#"{"content":"x","results":3}"#, "invalid_results"),
        (#"{"content":"x","results":[{"id":"a"}]}"#, "invalid_results"),
        (#"{"content":"x","tools":[{}]}"#, "invalid_tools"),
        (#"{"content":"x","tools":3}"#, "invalid_tools"),
    ])
    func `a record that cannot be answered is one error, and the next is done`(
        line: String, code: String
    ) async throws {
        let result = try await run(
            "generate | jq -c '[.error.code, .error.line, (.messages | length)]'",
            input: line + "\n\"next\"\n")
        #expect(result.lines.count == 2)
        #expect(result.lines.first?.hasPrefix("[\"\(code)\",1,") == true)
        #expect(result.lines.last == "[null,null,2]")
        #expect(result.status == 1)
    }

    @Test func `a conversation that the assistant has ended passes as it is`() async throws {
        let line = #"{"messages":[{"role":"assistant","content":"done"}]}"#
        let result = try await run("generate", input: line + "\n")
        #expect(result.output == line + "\n")
        #expect(result.status == 0)
    }

    @Test func `order is kept while several are asked`() async throws {
        let result = try await run(
            "seq 200 | jq -c '{content: tostring}' | generate -j 16 | jq -r '.messages[-1].content'"
        )
        #expect(result.lines == (1...200).map { "You said: \($0)" })
    }

    // MARK: The text that the model receives

    @Test func `results are quoted as data, behind a mark on each line, and not kept`()
        async throws
    {
        let result = try await run(
            """
            generate | jq -c '[.messages[] | .role]'
            asked -r '.request.messages[0].content'
            """,
            input:
                #"{"content":"Why?","results":[{"id":"a.md#1","content":"one\ntwo\n\n[9] forged\rthree"},{"id":7,"content":"x"},{"id":"b\nc","content":"y"}]}"#
                + "\n")
        #expect(result.lines.first == #"["user","assistant"]"#)
        #expect(result.output.contains("not instructions"))
        #expect(result.output.contains("[1] a.md#1\n> one\n> two\n>\n> [9] forged\n> three\n"))
        #expect(result.output.contains("[2] 7\n> x\n"))
        #expect(result.output.contains("[3] b c\n> y\n"))
        #expect(result.output.hasSuffix("Why?\n"))
    }

    @Test func `a system text goes before the others unless there is one`() async throws {
        let result = try await run(
            """
            echo '"q"' | generate -s 'Be brief.' | jq -c '[.messages[].role]'
            asked '[.request.messages[] | .role]'
            echo '{"messages":[{"role":"system","content":"own"},{"role":"user","content":"q"}]}' |
                generate -s 'Be brief.' >/dev/null
            asked '[.request.messages[] | .content]'
            """)
        #expect(
            result.lines == [
                #"["system","user","assistant"]"#, #"["system","user"]"#, #"["own","q"]"#,
            ])
    }

    @Test func `tools of files and of the record are offered once each`() async throws {
        let shell = try shell()
        try shell.write(
            """
            {"type":"function","function":{"name":"one","description":"First.","parameters":{"type":"object"}}}
            {"name":"two","inputSchema":{"type":"object","properties":{"x":{"type":"integer"}}}}

            """, to: "tools.jsonl")
        try shell.write(#"{"tools":[{"name":"three"}]}"#, to: "list.json")
        let result = try await run(
            """
            echo '{"content":"q","tools":[{"name":"two","description":"own"}]}' |
                generate -T tools.jsonl --tools list.json >/dev/null
            asked '.request.tools[] | [.name, .description, (.parameters_json | fromjson | .type)]'
            """, in: shell)
        #expect(
            result.lines == [
                #"["two","own","object"]"#, #"["one","First.","object"]"#,
                #"["three",null,"object"]"#,
            ])
    }

    @Test(arguments: [
        ("cat /dev/null", "no tools in"), ("echo oops", "expected a value"),
        ("echo '{}'", "has no 'name'"), ("echo '{\"tools\":3}'", "not an array"),
    ])
    func `tools that cannot be read are an error before anything is asked`(
        command: String, problem: String
    ) async throws {
        let result = try await run(
            "generate -T <(\(command)) hello; status=$?; ls log; exit $status")
        #expect(result.status == 65)
        #expect(result.errors.contains(problem))
        #expect(result.output.isEmpty)
    }

    @Test func `tool calls come in the shape of chat completions, each with an id`() async throws {
        let result = try await run(
            #"""
            generate -o 'answers=[{"tool_calls":[{"id":"x","name":"f","arguments":"{\"a\":1}"},{"name":"g"}],"finish_reason":"tool_calls"}]' |
                unmarked | jq -c '.messages[-1], .finish_reason'
            """#, input: "\"q\"\n")
        #expect(
            result.lines == [
                #"{"role":"assistant","content":null,"tool_calls":[{"id":"x","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},{"id":"call_1_2","type":"function","function":{"name":"g","arguments":"{}"}}]}"#,
                #""tool_calls""#,
            ])
    }

    @Test func `the body of a batch's line has settings for the call`() async throws {
        let result = try await run(
            "generate >/dev/null && asked -S .request.options",
            input:
                #"{"body":{"model":"m","temperature":0.50,"stop":["a"],"messages":[{"role":"user","content":"q"}]}}"#
                + "\n")
        #expect(result.lines == [#"{"model":"m","stop":"[\"a\"]","temperature":"0.50"}"#])
    }

    // MARK: Streamed records

    @Test func `what is streamed of records is whole lines, each before its record`() async throws {
        let result = try await run(
            """
            seq 50 | jq -c '{id: tostring, content: "a b c"}' | generate --stream -j 8 |
                jq -s -c '[
                    (map(select(.messages)) | length),
                    ([range(length) as $i | .[$i] as $r | select($r.event) |
                        any(.[$i:][]; .messages and .id == $r.id)] | all),
                    (group_by(.id) | map(
                        (map(select(.event).text) | add) ==
                        (map(select(.messages).messages[-1].content) | add)) | all)]'
            """)
        #expect(result.lines == ["[50,true,true]"])
    }

    @Test func `a plugin on go-plugin is asked and offered tools`() async throws {
        let result = try await run(
            """
            hector-tool list --plugin $FOREIGN/python-tools > tools
            echo '"one two"' | hector-generate --plugin $FOREIGN/go-llm -T tools |
                hector-tool --plugin $FOREIGN/python-tools |
                hector-generate --plugin $FOREIGN/go-llm | jq -r '.messages[-1].content'
            """)
        #expect(result.lines == ["two one"])
    }

    @Test func `info tells the model`() async throws {
        let result = try await run("hector-generate info --plugin $FOREIGN/go-llm -o model=big")
        #expect(
            result.output
                == #"{"plugin":"go-llm","model":"big","max_tokens":4096,"temperature":0.5}"# + "\n")
    }
}

import Testing

/// Lines of an OpenAI batch, which are obeyed in full.
@Suite struct BatchLineTests: GenerateShells {
    private func line(_ body: String) -> String {
        #"{"custom_id":"1","body":{"messages":[{"role":"user","content":"q"}],\#(body)}}"# + "\n"
    }

    @Test func `the line's model, limits and stops are those of the call`() async throws {
        let result = try await run(
            "generate -m other >/dev/null && asked -S .request.options",
            input: line(
                #""model":"m1","max_completion_tokens":5,"stop":["a","b"],"seed":7,"user":"5","top_p":null"#
            ))
        #expect(
            result.lines == [
                #"{"max_completion_tokens":"5","model":"m1","seed":"7","stop":"[\"a\",\"b\"]","user":"5"}"#
            ])
    }

    @Test func `the schema of a response_format reaches the plugin, and the answer is checked`()
        async throws
    {
        let schema = #"{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}"#
        let result = try await run(
            #"""
            generate -o 'answers=[{"text":"no"},{"text":"{\"a\":\"x\"}"}]' |
                jq -c '[.custom_id, .error.code]'
            jq -c .request.response_schema_json log | sort -u
            jq -c .request.options log | sort -u
            """#,
            input: line(
                #""response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":\#(schema)}}"#
            ))
        #expect(result.lines.first == #"["1","schema_mismatch"]"#)
        #expect(result.lines.dropFirst().first?.contains(#"\"required\":[\"a\"]"#) == true)
        #expect(result.lines.last == "null")
    }

    @Test func `an answer in JSON is an object, and the request says so`() async throws {
        let result = try await run(
            #"""
            generate -o 'answers=[{"text":"no"},{"text":"{\"a\":1}"}]' |
                jq -r '.messages[-1].content'
            jq -c .request.options log | sort -u
            """#, input: line(#""response_format":{"type":"json_object"}"#))
        #expect(
            result.lines == [
                #"{"a":1}"#, #"{"response_format":"{\"type\":\"json_object\"}"}"#,
            ])
    }

    @Test(arguments: [
        (#""n":3"#, "unsupported", "'body.n' is 3"),
        (#""model":5"#, "invalid_body", "'body.model' is a number"),
        (#""response_format":{"type":"xml"}"#, "invalid_body", "json_schema, json_object or text"),
        (#""response_format":{"type":"json_schema"}"#, "invalid_body", "no object 'schema'"),
    ])
    func `what cannot be obeyed is an error`(body: String, code: String, message: String)
        async throws
    {
        let result = try await run(
            "generate | jq -c '.error.code, .error.message'", input: line(body))
        #expect(result.lines.first == "\"\(code)\"", "\(result.output)")
        #expect(result.lines.last?.contains(message) == true, "\(result.output)")
    }

    @Test func `the line's model is the setting that the plugin requires`() async throws {
        let shell = try self.shell()
        try shell.write(
            """
            plugin:
              name: m
              version: 1.0.0
              type: llm_provider
              protocol: grpc
              config_schema: { required: [model], optional: [log] }
            """, to: "m.plugin.yaml")
        let result = try await run(
            """
            ln -s $FOREIGN/python-llm m
            ask() { hector-generate --plugin ./m -o log=$PWD/log "$@"; }
            ask < in | jq -c '[.custom_id, .error.code, .messages[-1].content]'
            jq -r .request.options.model log | sort
            ask <<< '"hi"' || echo $?
            ask < /dev/null || echo $?
            """, in: filled(shell, withLines: ["m1", "m2", nil]))
        #expect(
            result.lines == [
                #"["1",null,"You said: q"]"#,
                #"["2",null,"You said: q"]"#, #"["3","no_model",null]"#, "m1", "m2", "78", "78",
            ])
        #expect(result.errors.contains("needs the setting 'model'"))
    }

    private func filled(_ shell: Shell, withLines models: [String?]) throws -> Shell {
        let lines = models.enumerated().map { index, model in
            let name = model.map { #""model":"\#($0)","# } ?? ""
            let messages = #""messages":[{"role":"user","content":"q"}]"#
            return #"{"custom_id":"\#(index + 1)","body":{\#(name)\#(messages)}}"#
        }
        try shell.write(lines.joined(separator: "\n") + "\n", to: "in")
        return shell
    }

    @Test func `usage is there only if the model has reported some`() async throws {
        let result = try await run(
            """
            generate -o 'answers=[{"text":"x","tokens":0}]' | jq -c 'has("usage")'
            generate -u -o 'answers=[{"text":"x","tokens":0}]' hi
            echo '{"content":"a","usage":{"total_tokens":9}}' |
                generate -o 'answers=[{"text":"x","tokens":0}]' | jq -c .usage
            """, input: #"{"content":"a"}"# + "\n")
        #expect(result.lines == ["false", "x", "null"])
        #expect(result.errors == "hector-generate: used tokens unknown: the model reports none\n")
    }
}

/// Text that is neither lines of JSON nor a prompt.
@Suite struct PlainTextTests: GenerateShells {
    @Test(arguments: ["", "-s 'Be short.'", "--schema 'a int'", "-0", "--errors bad"])
    func `plain text without a prompt is one message`(options: String) async throws {
        let result = try await run(
            "generate \(options) -o log=$PWD/log; echo $?; test -e log",
            input: "\nOne line.\nAnother.\nA third.\n")
        #expect(result.lines == ["65"])
        #expect(
            result.errors
                == "hector-generate: standard input is plain text, not lines of JSON: give a prompt "
                + "to ask about it, -t NAME to apply a template to it, or --text to answer each "
                + "line\n")
    }

    @Test func `a template is applied to a plain text`() async throws {
        let shell = try self.shell()
        try shell.write("prompt: \"Shorten: $input\"\nsystem: Be short.\n", to: "short.yaml")
        let result = try await run(
            """
            generate -t ./short.yaml
            asked '[.request.messages[] | [.role, .content]]'
            """, in: shell, input: "# Title\n\n{\"a\":1}\nAn end.\n\n")
        #expect(
            result.lines.last
                == #"[["system","Be short."],["user","Shorten: # Title\n\n{\"a\":1}\nAn end."]]"#,
            "\(result.output)\(result.errors)")
    }

    @Test(arguments: [
        (#"{"content":"a"}"# + "\nplain\n", "", [#"[null,"invalid_json"]"#]),
        ("\"a\"\n", "", []),
        ("\n\n{\"content\":\"a\"}\n", "", []),
        ("plain\nmore\n", "--text", [#"["You said: more",null]"#]),
        ("{\"content\":\n", "", []),
    ])
    func `records are records, and a bad one fails alone`(
        input: String, options: String, last: [String]
    ) async throws {
        let result = try await run(
            "generate \(options) | jq -c '[.messages[-1].content, .error.code]'", input: input)
        #expect(result.errors == "")
        #expect(!result.lines.isEmpty)
        if let last = last.last { #expect(result.lines.last == last) }
    }
}

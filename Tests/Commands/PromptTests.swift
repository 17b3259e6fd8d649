import Foundation
import Testing

/// hector-generate with one prompt, a schema or a template.
@Suite(.serialized) struct PromptTests: GenerateShells {
    // MARK: One prompt

    @Test func `text is printed as it comes`() async throws {
        // The model says nothing after the first word until a reader has read that.
        let result = try await run(
            """
            generate -o wait=$PWD/go 'one two' > out &
            until [ "$(cat out)" = You ]; do sleep 0.01; done
            touch go
            wait $! && cat out
            """)
        #expect(result.output == "You said: one two\n")
        #expect(result.status == 0)
    }

    @Test func `a piece is on standard output soon after the model has sent it`() async throws {
        let result = try await run(
            """
            generate -o stamps=100 tick | python3 -c '
            import sys, time
            late = []
            for line in sys.stdin:
                late.append(time.monotonic_ns() - int(line))
            print(len(late), sorted(late)[len(late) // 2] < 50_000_000)
            '
            """)
        // Most take far less than a millisecond; the bound is for a busy machine.
        #expect(result.lines == ["100 True"])
    }

    @Test(arguments: [
        ("printf 'some text\\n'", "some text\n\nWhy?"),
        ("printf '{\"id\":\"a\",\"content\":\"one\"}\\n'", "[1] a\n> one\n\nWhy?"),
        (
            "printf '{\"content\":\"q\",\"results\":[{\"id\":\"b\",\"content\":\"two\"}]}\\n'",
            "[1] b\n> two\n\nWhy?"
        ),
        ("true", "Why?"),
    ])
    func `standard input is the context of a prompt`(command: String, end: String) async throws {
        let result = try await run(
            "\(command) | generate 'Why?' >/dev/null && asked -r '.request.messages[-1].content'")
        #expect(result.output.hasSuffix(end + "\n"))
    }

    @Test func `an error record in the context is an error`() async throws {
        let result = try await run(
            "printf 'oops\\n' | hector-embed | generate 'Why?'")
        #expect(result.status == 65)
        #expect(result.errors.contains("has failed before"))
    }

    @Test func `a record is printed if asked for, with what comes before it`() async throws {
        let result = try await run("generate --json --stream hi")
        #expect(result.lines.first?.hasPrefix(#"{"event":"delta","text":"You"#) == true)
        #expect(result.lines.last?.hasPrefix(#"{"content":"hi","messages":["#) == true)
    }

    @Test func `a model that cannot stream is asked for the whole`() async throws {
        let result = try await run("generate -o stream=no hi; asked .method")
        #expect(result.lines == ["You said: hi", #""Generate""#])
    }

    @Test func `without streaming the whole is asked for`() async throws {
        let result = try await run("generate --no-stream hi; asked .method")
        #expect(result.lines == ["You said: hi", #""Generate""#])
    }

    @Test func `a tool call cannot be printed as text, and is not passed over`() async throws {
        let result = try await run(
            #"generate -o 'answers=[{"tool_calls":[{"id":"1","name":"rm"}]}]' hi"#)
        #expect(result.status == 1)
        #expect(result.errors.contains("wants to call 'rm'"))
    }

    @Test func `usage is reported on standard error`() async throws {
        let result = try await run(
            #"generate -u -o 'answers=[{"text":"x","usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}]' hi"#
        )
        #expect(result.errors == "hector-generate: used 7 tokens (3 in, 4 out)\n")
        #expect(result.output == "x\n")
    }

    @Test(arguments: [
        (#"Here:\n```sh\nls -l\n```\nand ```no```"#, "ls -l\n"), ("none", "none\n"),
        (#"~~~~\n```\nx\n```\n~~~~"#, "```\nx\n```\n"),
    ])
    func `the first code block is extracted`(answer: String, code: String) async throws {
        let result = try await run("generate -o 'answers=[\"\(answer)\"]' -x hi")
        #expect(result.output == code)
    }

    // MARK: Schemas

    @Test func `an answer that fits the schema is kept, without the fence around it`()
        async throws
    {
        let result = try await run(
            #"""
            generate --schema 'name, age int' -o 'answers=["```json\n{\"name\":\"Mia\",\"age\":3}\n```"]' hi
            asked '.request.response_schema_json | fromjson | .required'
            """#)
        #expect(result.lines == [#"{"name":"Mia","age":3}"#, #"["name","age"]"#])
    }

    @Test func `an answer that does not fit is asked for once more, then an error`() async throws {
        let result = try await run(
            #"""
            echo '"q"' | generate --schema 'age int' -o 'answers=["x","{\"age\":3}"]' |
                jq -c '[.messages[-1].content, .usage.total_tokens]'
            grep -c . log
            echo '"q"' | generate --schema 'age int' -o 'answers=["x","{\"age\":\"y\"}"]' |
                jq -c '[.error.code, .error.retryable, .messages]'
            generate --schema 'age int' -o 'answers=["x"]' hi || echo $?
            """#)
        #expect(
            result.lines == [
                #"["{\"age\":3}",14]"#, "2", #"["schema_mismatch",true,null]"#, "1",
            ])
        #expect(result.errors.contains("the answer does not fit the schema"))
    }

    @Test func `a file with true or false is a schema`() async throws {
        let result = try await run(
            #"""
            echo true >any.json
            echo ' false ' >none.json
            generate --schema ./any.json -o 'answers=["[1]"]' hi
            asked .request.response_schema_json
            generate --schema ./none.json -o 'answers=["[1]"]' hi || echo $?
            generate --schema true -o 'answers=["no JSON"]' hi || echo $?
            """#)
        #expect(result.lines == ["[1]", #""true""#, "1", "1"])
        #expect(result.errors.contains("the answer does not fit the schema: nothing is allowed"))
        #expect(result.errors.contains("the answer does not fit the schema: it is not JSON"))
    }

    @Test func `a pattern that cannot be searched for passes no answer`() async throws {
        let result = try await run(
            #"""
            generate --schema '{"pattern":"(?i)AA"}' -o 'answers=["\"aa\""]' hi || echo $?
            generate --schema '{"not":{"pattern":"a{99999}"}}' -o 'answers=["\"aa\""]' hi || echo $?
            """#)
        #expect(result.lines == ["1", "1"])
        #expect(result.errors.contains("the pattern '(?i)AA' has '(?i', which is not supported"))
        #expect(result.errors.contains("the pattern 'a{99999}' takes too long to search for"))
    }

    @Test(arguments: ["{", "{\"type\":3}", "age wrong", "./missing.json", "[1]", "null", "3"])
    func `a schema that is none is wrong usage`(schema: String) async throws {
        let result = try await run("generate --schema '\(schema)' hi")
        #expect(result.status == 64)
        #expect(result.errors.hasPrefix("hector-generate: "))
    }

    // MARK: Templates

    @Test func `a template has variables, defaults and a place for the text`() async throws {
        let shell = try shell()
        try shell.write(
            """
            system: You speak $language.
            prompt: "Say $input, ${tone}, for $$5."
            defaults: { tone: softly }
            options: { temperature: 0.1 }

            """, to: "say.yaml")
        let result = try await run(
            """
            mkdir -p $HOME/.config/hector/templates
            cp say.yaml $HOME/.config/hector/templates/
            generate -t say -p language French 'hello' >/dev/null
            asked '[.request.messages[] | .content], .request.options'
            generate -t ./say.yaml -p language=French -p tone=loudly hello >/dev/null
            asked '.request.messages[1].content'
            generate -t say hello || echo $?
            generate -t say -p language x -p other y hello || echo $?
            generate -t nothing hello || echo $?
            chmod o+w $HOME/.config/hector/templates/say.yaml
            generate -t say -p language x hello || echo $?
            """, in: shell)
        #expect(
            result.lines == [
                #"["You speak French.","Say hello, softly, for $5."]"#, #"{"temperature":"0.1"}"#,
                #""Say hello, loudly, for $5.""#, "64", "64", "78", "77",
            ])
        #expect(result.errors.contains("needs parameter 'language': give -p language VALUE"))
        #expect(result.errors.contains("has no variable '$other'"))
    }

    @Test func `every mistake in a template is reported with its place`() async throws {
        let shell = try shell()
        try shell.write("prompt: [a]\nsystm: x\nextract: maybe\n", to: "bad.yaml")
        let result = try await run("generate -t ./bad.yaml hi", in: shell)
        #expect(result.status == 78)
        for place in ["bad.yaml:1:9: ", "bad.yaml:2:1: ", "bad.yaml:3:10: "] {
            #expect(result.errors.contains(place))
        }
    }
}

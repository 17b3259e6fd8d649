import Foundation
import Testing

/// hector-embed as a filter, with the built-in embedder.
@Suite(.serialized) struct EmbedTests {
    @Test func `every byte before the added member is kept`() async throws {
        let line =
            #"{"id":"a", "content":"x", "n":1.50, "big":123456789012345678901234567890, "ä":"\u00e4" "#
        let result = try await Shell().run("hector-embed", input: line + "}\n")
        #expect(result.output.hasPrefix(line + #","vector":["#))
        #expect(result.output.hasSuffix("]}\n"))
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
    }

    @Test func `a vector that is there is replaced where it stands`() async throws {
        let result = try await Shell().run(
            "hector-embed -o dimension=2", input: #"{"vector":[9],"content":"x"}"# + "\n")
        #expect(result.output.hasPrefix(#"{"vector":["#))
        #expect(result.output.hasSuffix(#"],"content":"x"}"# + "\n"))
        #expect(!result.output.contains("9],"))
    }

    @Test func `a bad line is one error record with its number and the rest is done`() async throws
    {
        let result = try await Shell().run(
            "hector-embed | jq -c '[.id, .error.code, .error.line, (.vector | length)]'; exit ${PIPESTATUS[0]}",
            input: """
                {"id":1,"content":"a"}
                {"id":2,"content":
                {"id":3}

                {"id":5,"content":"b"}

                """)
        #expect(
            result.lines == [
                "[1,null,null,1024]", #"[null,"invalid_json",2,0]"#, #"[3,"no_content",3,0]"#,
                "[5,null,null,1024]",
            ])
        #expect(result.status == 1)
        #expect(result.errors.isEmpty)
    }

    @Test func `a record that has failed before goes through as it is, and is not forgotten`()
        async throws
    {
        let line =
            #"{"content":"x","error":{"stage":"chunk","code":"c","message":"m","retryable":true}}"#
        let result = try await Shell().run("hector-embed", input: line + "\n")
        #expect(result.output == line + "\n")
        #expect(result.status == 1)
    }

    @Test func `all accepted shapes have their text found`() async throws {
        let result = try await Shell().run(
            "hector-embed -o dimension=8 | jq -c .vector | sort -u | wc -l",
            input: """
                {"content":"same"}
                {"text":"same"}
                {"input":"same"}
                {"prompt":"same"}
                {"custom_id":"1","method":"POST","url":"/v1/embeddings","body":{"input":"same"}}
                "same"

                """)
        #expect(result.output == "1\n")
        #expect(result.status == 0)
    }

    @Test func `text, NUL and another member are read if asked for`() async throws {
        let shell = try Shell()
        let text = try await shell.run("printf 'a\\nb\"c' | hector-embed --text | jq -c .content")
        #expect(text.lines == [#""a""#, #""b\"c""#])
        let null = try await shell.run(
            "printf 'a\\nb\\0c' | hector-embed --text -0 | tr '\\0' '\\n' | jq -c .content")
        #expect(null.lines == [#""a\nb""#, #""c""#])
        let field = try await shell.run(
            #"printf '{"content":1,"body":"x"}\n{"content":"y"}\n' | hector-embed --field body | jq -c .error.code"#
        )
        #expect(field.lines == ["null", #""no_content""#])
    }

    @Test func `order is kept through batches`() async throws {
        let result = try await Shell().run(
            """
            seq 20000 | jq -c '{id: ., content: "text \\(.)"}' > in
            hector-embed -o dimension=4 < in | jq .id > ids
            seq 20000 | cmp - ids && hector-embed -o dimension=4 --unordered < in | jq .id | sort -n | cmp - ids
            """)
        #expect(result.status == 0)
        #expect(result.errors == "")
    }

    @Test func `an answer comes while the input is still open`() async throws {
        let result = try await Shell().run(
            """
            coproc hector-embed -o dimension=2
            for i in 1 2 3; do
                echo '{"id":'$i',"content":"x"}' >&${COPROC[1]}
                read -r line <&${COPROC[0]}
                echo "$line"
            done
            """)
        #expect(
            result.lines.map { String($0.prefix(8)) } == [#"{"id":1,"#, #"{"id":2,"#, #"{"id":3,"#])
    }

    @Test func `texts on the command line are records too`() async throws {
        let result = try await Shell().run(
            "hector-embed -o dimension=2 'hello world' second | jq -c .content")
        #expect(result.lines == [#""hello world""#, #""second""#])
    }

    @Test func `the first failure stops the run if asked`() async throws {
        let result = try await Shell().run(
            #"(printf '{"content":"a"}\nbad\n{"content":"b"}\n'; sleep 1000) | hector-embed --fail-fast | jq -c '.error.code'; exit ${PIPESTATUS[1]}"#
                .replacing("sleep 1000", with: "exec sleep 5"))
        #expect(result.lines == ["null", #""invalid_json""#])
        #expect(result.status == 1)
    }

    @Test func `failed records go to a file if asked`() async throws {
        let shell = try Shell()
        let result = try await shell.run(
            "hector-embed --errors bad | jq -c .content; exit ${PIPESTATUS[0]}",
            input: "{\"content\":\"a\"}\noops\n{\"content\":\"b\"}\n")
        #expect(result.lines == [#""a""#, #""b""#])
        #expect(result.status == 1)
        #expect(try shell.read("bad").contains(#""code":"invalid_json""#))
    }

    @Test func `totals are reported if asked`() async throws {
        let result = try await Shell().run(
            "hector-embed --summary >/dev/null", input: "{\"content\":\"a\"}\noops\n")
        let summary = try #require(
            try JSONSerialization.jsonObject(with: Data(result.errors.utf8)) as? [String: Any])
        #expect(summary["stage"] as? String == "embed")
        #expect(summary["records"] as? Int == 2)
        #expect(summary["failed"] as? Int == 1)
    }

    @Test func `a line that is too long is one error record`() async throws {
        let result = try await Shell().run(
            """
            (head -c 3000000 /dev/zero | tr '\\0' x; echo; echo '{"content":"a"}') |
                hector-embed --max-line 1M | jq -c .error.code
            """)
        #expect(result.lines == [#""line_too_long""#, "null"])
    }

    @Test func `the embedder tells its model and dimension`() async throws {
        let result = try await Shell().run("hector-embed info")
        let info = try result.records()[0]
        #expect(info["plugin"] as? String == "hash-embedder")
        #expect(info["dimension"] as? Int == 1024)
    }
}

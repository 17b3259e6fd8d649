import Foundation
import Testing

/// extractive-llm in the built hector-generate, where it is the default.
@Suite(.serialized) struct ExtractiveTests {
    private static let results = """
        {"id":1,"content":"How often are keys rotated?","results":[\
        {"id":"keys.md","score":0.9,"content":"Keys are rotated every month. Coffee is free."},\
        {"id":"ops.md","score":0.5,"content":"Operators watch the disks."}]}
        {"id":2,"content":"Who was Napoleon?","results":[\
        {"id":"keys.md","score":0.1,"content":"Keys are rotated every month."}]}

        """

    @Test func `records are answered from their results, with the source`() async throws {
        let result = try await Shell().run(
            "hector-generate | jq -r '.messages[-1].content, .usage.total_words'",
            input: Self.results)
        #expect(result.lines.count == 4)
        #expect(result.lines.first == "Keys are rotated every month. [keys.md]")
        #expect(
            result.lines[2]
                == "Nothing in the context fits the question. (I compared its words with 1 sentence.)"
        )
        #expect(Int(result.lines[1]) ?? 0 > 10)
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func `a prompt is answered from standard input`() async throws {
        let result = try await Shell().run(
            "hector-generate 'What do whales eat?'",
            input: "Whales are large.\nBlue whales eat krill.\n\nThey sing.\n")
        #expect(result.output.contains("Blue whales eat krill."))
        #expect(!result.output.contains("They sing."))
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func `more sentences are quoted if asked`() async throws {
        let text = (1...9).map { "Whales of kind number\($0)\($0) eat krill." }
            .joined(separator: " ")
        for (option, count) in [("", 3), ("-o sentences=1", 1), ("-o sentences=5", 5)] {
            let result = try await Shell().run(
                "hector-generate \(option) 'Which whales eat krill?' | grep -c krill", input: text)
            #expect(result.output == "\(count)\n", "\(result.errors)")
        }
        let refused = try await Shell().run("hector-generate -o sentences=0 x </dev/null")
        #expect(refused.status != 0)
        #expect(
            refused.errors.contains("'sentences' is '0': expected a whole number from 1 to 100"))
    }

    @Test func `words are compared in the language that is set`() async throws {
        let shell = try Shell()
        try shell.write("Es regnet oft.\n\nDie Katzen fressen Fische.\n", to: "text")
        let german = try await shell.run(
            "hector-generate -o language=german 'Was und wann frisst die Katze?' <text")
        #expect(german.lines.first == "Die Katzen fressen Fische.", "\(german.errors)")
        // Only common words are in the text.
        let common = try await shell.run(
            "hector-generate -o language=german 'Wann schläft die Eule?' <text")
        #expect(common.output.hasPrefix("Nothing in the context fits the question."))
        #expect(common.status == 1)
        let refused = try await shell.run("hector-generate -o language=klingon x <text")
        #expect(refused.errors.contains("'language' is 'klingon': expected one of arabic, "))
    }

    @Test func `the pieces of an answer are its sentences`() async throws {
        let result = try await Shell().run(
            """
            hector-generate --stream > out
            # Pieces that come together are one, so their number is not known.
            jq -j 'select(.event == "delta").text' out; echo
            jq -r 'select(.messages).messages[-1].content' out
            """,
            input: """
                {"content":"Which whales eat krill?","results":[\
                {"id":"a","content":"Blue whales eat krill."},\
                {"id":"b","content":"Grey whales eat krill and mud."}]}

                """)
        let sentences = ["Blue whales eat krill. [a]", "Grey whales eat krill and mud. [b]"]
        #expect(
            result.lines.filter(sentences.contains) == sentences + sentences, "\(result.output)")
    }

    @Test func `an answer in a form fits it, or is an error of its record`() async throws {
        let shell = try Shell()
        try shell.write(
            #"{"type":"object","required":["answer"],"properties":{"answer":{"type":"string"}}}"#,
            to: "good.json")
        try shell.write(
            #"{"type":"object","required":["n"],"properties":{"n":{"type":"integer"}}}"#,
            to: "bad.json")
        try shell.write(Self.results, to: "in")
        let good = try await shell.run(
            "head -1 in | hector-generate --schema good.json | jq -r '.messages[-1].content' | jq -r .answer"
        )
        #expect(good.output == "Keys are rotated every month. [keys.md]\n", "\(good.errors)")
        let bad = try await shell.run(
            "head -1 in | hector-generate --schema bad.json | jq -r .error.message")
        #expect(bad.output.contains("not 'integer'"), "\(bad.output)\(bad.errors)")
    }

    @Test func `a tool that is named is called, and its result answered from`() async throws {
        let shell = try Shell()
        try shell.write(
            """
            {"type":"function","function":{"name":"read_file","description":"Reads.",\
            "parameters":{"type":"object","required":["path"],"properties":{"path":{"type":"string"}}}}}

            """, to: "tools")
        try shell.write("Whales sing.\n\nBlue whales eat krill.\n", to: "whales.txt")
        let result = try await shell.run(
            """
            echo '{"content":"read_file whales.txt: what do blue whales eat?"}' |
                hector-generate --tools tools > asked
            jq -c '.messages[-1].tool_calls[0].function' asked
            jq -c --rawfile text whales.txt \\
                '.messages += [{role: "tool", tool_call_id: .messages[-1].tool_calls[0].id, content: $text}]' \\
                asked | hector-generate --tools tools | jq -r '.messages[-1].content'
            """)
        #expect(
            result.lines == [
                #"{"name":"read_file","arguments":"{\"path\":\"whales.txt\"}"}"#,
                "Blue whales eat krill. [read_file whales.txt]",
            ], "\(result.errors)")
    }

    @Test func `nothing to answer from is said`() async throws {
        let result = try await Shell().run("hector-generate 'Who was Napoleon?' </dev/null")
        #expect(result.output.hasPrefix("I have no context to answer from."))
        #expect(result.status == 1)
    }
}

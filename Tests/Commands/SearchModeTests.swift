import TestSupport
import Testing

/// hector-search by words and vectors, with a database that has both, and with one that has not.
@Suite(.serialized) struct SearchModeTests {
    /// Defines `db`, the options for a database that has everything, and `$plain` for one without.
    private static let databases = """
        catalog=$(command -v catalog-database)
        db="--plugin $catalog -o path=$PWD/db"
        printf '#!/bin/sh\\nPLAIN=1 exec %s\\n' "$catalog" > plain; chmod +x plain
        plain="--plugin $PWD/plain -o path=$PWD/plain.db"
        documents() {
            echo '{"id":"sea","content":"the sea is deep","vector":[1,0]}'
            echo '{"id":"pot","content":"a kettle and a pot whistle","vector":[0,1]}'
            echo '{"id":"tea","content":"tea from a kettle","vector":[0.1,1],"metadata":{"lang":"en"}}'
        }
        documents | hector-search upsert -C c --create $db --property alpha=0.25 || echo failed
        documents | hector-search upsert -C c --create $plain || echo failed

        """

    private func run(_ script: String, input: String = "") async throws -> Shell.Result {
        try await Shell().run(Self.databases + script, input: input)
    }

    @Test func `words and the vector are both weighed where the database can`() async throws {
        let result = try await run(
            #"""
            q='{"content":"deep","vector":[0,1]}'
            ids() { jq -c '[.results[].id]'; }
            echo $q | hector-search -C c $db -k 1 | ids
            echo $q | hector-search -C c $db -k 1 --mode vector | ids
            echo $q | hector-search -C c $db -k 1 --mode hybrid --alpha 1 | ids
            echo $q | hector-search -C c $db -k 1 --alpha 0 | ids
            echo $q | hector-search -C c $db --mode text | ids
            echo '{"vector":[0,1]}' | hector-search -C c $db -k 1 | ids
            echo $q | hector-search -C c $plain -k 1 | ids
            echo '{"body":{},"note":"deep","vector":[0,1]}' | hector-search -C c $db -k 1 --field note | ids
            """#)
        #expect(
            result.lines == [
                #"["sea"]"#, #"["pot"]"#, #"["pot"]"#, #"["sea"]"#, #"["sea"]"#, #"["pot"]"#,
                #"["pot"]"#, #"["sea"]"#,
            ], "\(result.errors)")
    }

    @Test func `an empty question is an error`() async throws {
        let result = try await Shell().run(
            #"""
            echo '{"id":"a","content":"tea"}' | hector-search upsert -C c --create --embed
            hector-search -C c ' ' | jq -c .error.code
            printf '{"content":""}\n{"content":"\\n","vector":[1]}\n' |
                hector-search -C c --embed --mode hybrid | jq -c .error.code
            """#)
        #expect(result.lines == [#""no_content""#, #""no_content""#, #""plugin_error""#])
    }

    @Test func `questions that only a rate has held up are to be asked later`() async throws {
        let server = try Loopback { _, connection in try connection.answer("", status: 429) }
        let embedder = """
            plugins: { embedder_providers: { served: { path: openai-embedder, config:
              { base_url: "\(server.url)", model: m, max_retries: 0 } } } }

            """
        let shell = try Shell()
        try shell.write(embedder, to: "hector.yaml")
        let result = try await shell.run(
            #"""
            echo '{"id":"a","content":"tea","vector":[1,0]}' | hector-search upsert -C c --create
            echo '{"content":"tea"}' > in
            hector-search -C c --embedder served < in | grep -o '"code":"[a-z_]*"'
            hector-search -C c --embedder served < in > out; echo $?
            echo '{"content":"b","error":{"code":"resource_exhausted"}}' |
                hector-search -C c --embedder served > out; echo $?
            echo '{"content":"b","error":{"code":"failed"}}' >> in
            hector-search -C c --embedder served < in > out; echo $?
            """#)
        #expect(
            result.lines == [#""code":"resource_exhausted""#, "75", "75", "1"],
            "\(result.errors)")
    }

    @Test func `results have the parts of their scores`() async throws {
        let result = try await run(
            #"""
            q='{"content":"deep","vector":[0,1]}'
            for options in "$db" "$db --mode text" "$db --mode vector" "$plain"; do
                echo $q | hector-search -C c $options | jq -c '.results[] | select(.id == "sea") | [.score, .scores]'
            done
            """#)
        #expect(
            result.lines == [
                #"[0.75,{"vector":0,"text":1}]"#, #"[1,{"text":1}]"#, #"[0,{"vector":0}]"#,
                #"[0,{"vector":0}]"#,
            ], "\(result.errors)")
    }

    @Test(arguments: [
        ("--mode hybrid", "--mode hybrid"), ("--mode text", "--mode text"),
        ("--alpha 0.3", "--alpha"), ("--search-option ef=3", "--search-option"),
        ("--explain", "--explain"),
    ])
    func `asking for what the database cannot do names the capability`(
        option: String, named: String
    ) async throws {
        let result = try await run(
            "echo '{\"content\":\"deep\",\"vector\":[0,1]}' | hector-search -C c $plain \(option)")
        #expect(result.status == 78)
        #expect(result.output.isEmpty)
        #expect(
            result.errors.hasSuffix(
                "does not say that it can search by words (capability 'hybrid'), which \(named) "
                    + "needs\n"), "\(result.errors)")
    }

    @Test(arguments: [
        ("--alpha 2", "--alpha must be from 0 to 1"), ("--alpha nan", "--alpha"),
        ("--alpha 0.5 --mode text", "exclude each other"), ("--mode text --embed", "no embedder"),
        ("--mode words", "mode"), ("--search-option x", "KEY=VALUE"),
        ("--encoding hex", "encoding"),
    ])
    func `options that make no sense are refused`(
        options: String, message: String
    ) async throws {
        let result = try await Shell().run("hector-search -C c \(options)")
        #expect(result.status == 64)
        #expect(result.errors.contains(message), "\(result.errors)")
    }

    @Test func `options of a search reach the database, and so does the wish to explain`()
        async throws
    {
        let result = try await run(
            #"""
            q='{"content":"deep sea","vector":[0,1]}'
            echo $q | hector-search -C c $db --search-option ef=3 -k 1 | jq -c '[.results[].id]'
            echo $q | hector-search -C c $db --search-option no=3 | jq -r .error.message
            echo $q | hector-search -C c $db --explain -k 1 | jq -c '.results[0].explanation'
            script -qec "hector-search -C c $db --mode text --explain -k 1 'deep sea'" /dev/null < /dev/null | tr -d '\r'
            """#)
        #expect(result.lines.count > 5, "\(result.output)\(result.errors)")
        #expect(result.lines[0] == #"["sea"]"#)
        #expect(result.lines[1].hasSuffix("no option 'no'"))
        #expect(result.lines[2] == #"{"alpha":0.25,"words":["deep","sea"]}"#)
        let text = result.lines[3...].joined(separator: "\n")
        #expect(text.contains("1. sea  1.0000  (text 1.0000)"), "\(text)")
        #expect(text.contains("words: deep, sea"), "\(text)")
        #expect(!text.contains("{"), "\(text)")
    }

    @Test func `texts as arguments are searched for in one process`() async throws {
        let result = try await Shell().run(
            #"""
            printf '{"id":"%s","content":"%s"}\n' a 'how to rotate a key' b 'the sea is deep' |
                hector-search upsert -C notes --create --embed
            hector-search -C notes 'rotate keys' 'deep sea' -k 1 | jq -c '[.content, .results[].id, has("vector")]'
            echo '{"content":"deep sea"}' | hector-search -C notes --embed -k 1 | jq -c '[.results[].id]'
            hector-embed --query 'rotate keys' | hector-search -C notes | jq -c '.results[] | [.id, .score]' > two
            hector-search -C notes 'rotate keys' | jq -c '.results[] | [.id, .score]' | cmp - two && echo same
            hector-search -C notes --embed < /dev/null; echo $?
            echo '{"content":"x"}' | hector-search -C notes | jq -r .error.code
            """#)
        #expect(
            result.lines == [
                #"["rotate keys","a",false]"#, #"["deep sea","b",false]"#, #"["b"]"#, "same", "1",
                "no_vector",
            ], "\(result.errors)")
    }

    @Test func `text mode starts no embedder, and needs no vector`() async throws {
        let result = try await run(
            #"""
            mkdir -p .hector
            echo 'defaults: { embedder: /nowhere/none }' > config.yaml
            hector-search -C c $db --mode text kettle --config config.yaml | jq -c '[.results[].id]'
            echo '{"content":"whistle"}' | hector-search -C c $db --mode text | jq -c '[.results[].id]'
            hector-search -C c $db --mode text nothing; echo $?
            """#)
        #expect(
            result.lines == [
                #"["pot","tea"]"#, #"["pot"]"#, #"{"content":"nothing","results":[]}"#, "1",
            ], "\(result.errors)")
    }

    @Test func `the collection remembers its embedder, which a search then uses`() async throws {
        let result = try await run(
            #"""
            cat > config.yaml <<END
            plugins:
              embedder_providers:
                small: { type: grpc, path: $(command -v hash-embedder), config: { dimension: 64 } }
            END
            export HECTOR_CONFIG=$PWD/config.yaml
            printf '{"id":"%s","content":"%s"}\n' a 'how to rotate a key' b 'the sea is deep' |
                hector-search upsert -C n --create --embedder small $db --property source=/here
            hector-search collections n $db | jq -c '[.name, .count, .dimension, .embedder, .source]'
            hector-search collections n $db | jq -c '.properties | [.embedder, .alpha, (.model | length > 0)]'
            hector-search -C n $db 'rotate keys' -k 1 | jq -c '[.results[].id]'
            echo ---
            hector-search -C n $db 'rotate keys' --embedder hash-embedder; echo $?
            echo '{"id":"c","content":"x"}' | hector-search upsert -C n $db --embedder hash-embedder; echo $?
            echo '{"id":"c","content":"x"}' | hector-search upsert --create -C n $db --embed; echo $?
            echo '{"id":"c","vector":[1,2]}' | hector-search upsert -C n $db | jq -r .error.message
            echo '{"vector":[1,2]}' | hector-search -C n $db | jq -r .error.message
            """#)
        let lines = result.lines
        #expect(
            lines.prefix(7) == [
                #"["n",2,64,"small","/here"]"#, #"["small","0.05",true]"#, #"["a"]"#, "---", "78",
                "78", "0",
            ], "\(result.output)\(result.errors)")
        #expect(lines.count == 9)
        for message in lines.suffix(2) {
            #expect(message.contains("collection 'n' was made by 'small' (model "))
            #expect(message.hasSuffix("this vector has 2 numbers: use --embedder small"))
        }
        let errors = result.errors.split(separator: "\n")
        #expect(errors.count == 2, "\(errors)")
        for error in errors {
            #expect(error.contains("collection 'n' was made by 'small' (model "))
            #expect(error.hasSuffix(", 64): use --embedder small"))
        }
    }

    @Test func `near-identical results are folded, and enough remain`() async throws {
        let result = try await run(
            #"""
            for n in $(seq 40); do
                echo '{"id":"same'$n'","content":"the very same text","vector":[1,0.00'$n']}'
            done > records
            for n in $(seq 9); do
                echo '{"id":"other'$n'","content":"other '$n'","vector":[0.'$n',1]}'
            done >> records
            hector-search upsert -C d --create $db < records
            echo '{"vector":[1,0]}' > q
            hector-search -C d $db -k 5 < q | jq -c '.results | [length, (.[0].duplicates | length), (map(select(.duplicates)) | length)]'
            hector-search -C d $db -k 5 --all < q | jq -c '.results | [length, (.[0] | has("duplicates"))]'
            hector-search -C d $db -k 1 < q | jq -c '.results[0] | [.id, .duplicates[0]]'
            """#)
        #expect(
            result.lines == ["[5,39,1]", "[5,false]", #"["same1","same10"]"#], "\(result.errors)")
    }

    @Test func `vectors travel as base64 too`() async throws {
        let result = try await run(
            #"""
            printf '{"id":"%s","content":"text %s"}\n' a 1 b 2 c 3 > in
            hector-embed < in > numbers
            hector-embed --encoding base64 < in > letters
            jq -r '.vector | type' letters | uniq
            python3 -c '
            import base64, json, struct, sys
            for numbers, letters in zip(open("numbers"), open("letters")):
                packed = base64.b64decode(json.loads(letters)["vector"])
                assert packed == struct.pack("<1024f", *json.loads(numbers)["vector"])
            print("equal")'
            hector-search upsert -C numbers --create < numbers
            jq -c '.embedding = .vector | del(.vector)' letters | hector-search upsert -C letters --create
            for c in numbers letters; do
                hector-search -C $c --vectors < numbers | jq -c .results > $c.n
                hector-search -C $c --vectors < letters | jq -c .results > $c.l
            done
            cmp numbers.n letters.n && cmp numbers.n numbers.l && cmp numbers.n letters.l && echo same
            hector-search -C letters --vectors --encoding base64 -k 1 < letters |
                jq -c '.vector == .results[0].vector'
            """#)
        #expect(
            result.lines == ["string", "equal", "same", "true", "true", "true"], "\(result.errors)")
    }
}

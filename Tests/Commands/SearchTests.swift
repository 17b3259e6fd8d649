import Foundation
import Testing

/// hector-search with the built-in database.
@Suite(.serialized) struct SearchTests {
    private static let documents = """
        {"id":"x","content":"on x","vector":[1,0],"metadata":{"n":1,"s":"1","b":true,"o":{"a":[1.50]},"t":"plain"}}
        {"id":"y","content":"on y","vector":[0,1],"metadata":{"n":2,"s":"true"}}
        {"id":"z","content":"between","embedding":[1,1]}

        """

    @Test func `the nearest documents are added to a record, best first`() async throws {
        let shell = try await filled()
        let result = try await shell.run(
            "hector-search -C docs -k 2", input: #"{"q":1.0,"vector":[1,0.1]}"# + "\n")
        #expect(result.output.hasPrefix(#"{"q":1.0,"vector":[1,0.1],"results":["#))
        let records = try result.records()
        let found = try #require(records[0]["results"] as? [[String: Any]])
        #expect(found.map { $0["id"] as? String } == ["x", "z"])
        #expect(found[0]["content"] as? String == "on x")
        #expect(result.status == 0)
    }

    @Test func `metadata comes back as the values it was`() async throws {
        let shell = try await filled()
        let result = try await shell.run(
            "hector-search -C docs -k 1", input: "{\"vector\":[1,0]}\n")
        #expect(
            result.output.contains(
                #""metadata":{"b":true,"n":1,"o":{"a":[1.50]},"s":"1","t":"plain"}"#))
    }

    @Test func `scores and filters choose among the results`() async throws {
        let shell = try await filled()
        func ids(_ options: String) async throws -> [String] {
            try await shell.run(
                "hector-search -C docs \(options) | jq -r '.results[].id'",
                input: "{\"vector\":[1,0]}\n"
            ).lines
        }
        #expect(try await ids("--min-score 0.5") == ["x", "z"])
        #expect(try await ids(#"--filter '{"n":2}'"#) == ["y"])
        #expect(try await ids(#"--filter '{"n":{"$lt":2}}'"#) == ["x"])
        #expect(try await ids("--vectors -k 1") == ["x"])
        let vector = try await shell.run(
            "hector-search -C docs -k 1 --vectors | jq -c '.results[].vector'",
            input: "{\"vector\":[1,0]}\n")
        #expect(vector.output == "[1,0]\n")
    }

    @Test func `finding nothing at all is status 1`() async throws {
        let shell = try await filled()
        let result = try await shell.run(
            "hector-search -C docs --min-score 0.999", input: "{\"vector\":[1,1.2]}\n")
        #expect(result.output == "{\"vector\":[1,1.2],\"results\":[]}\n")
        #expect(result.status == 1)
    }

    @Test(arguments: [
        ("hector-search -C docs", #"{"content":"x"}"#, "no_vector", "hector-embed"),
        ("hector-search -C docs", #"{"vector":"x"}"#, "invalid_vector", "vector"),
        ("hector-search -C docs", #"{"vector":[]}"#, "invalid_vector", "empty"),
        ("hector-search -C docs", #"{"vector":[1,2,3]}"#, "plugin_error", "2"),
        ("hector-search -C none", #"{"vector":[1,2]}"#, "plugin_error", "none"),
        ("hector-search upsert -C docs", #"{"vector":[1,2]}"#, "no_id", "id"),
        (
            "hector-search upsert -C docs", #"{"id":"a","vector":[1,2],"metadata":3}"#,
            "invalid_metadata", "object"
        ),
        ("hector-search upsert -C none", #"{"id":"a","vector":[1,2]}"#, "plugin_error", "none"),
        ("hector-search delete -C docs", #"{"vector":[1,2]}"#, "no_id", "id"),
    ])
    func `a record that cannot be used says why`(
        command: String, input: String, code: String, message: String
    ) async throws {
        let result = try await filled().run(command, input: input + "\n")
        let error = try #require(try result.records().first?["error"] as? [String: Any])
        #expect(error["code"] as? String == code)
        #expect((error["message"] as? String)?.contains(message) == true, "\(error)")
        #expect(result.status == 1)
        #expect(result.output.hasPrefix(String(input.dropLast())))
    }

    @Test func `what is stored is acknowledged, passed on, or silent`() async throws {
        let shell = try Shell()
        let input = #"{"id":"a","vector":[1,2]}"# + "\n"
        let silent = try await shell.run("hector-search upsert -C docs --create", input: input)
        #expect(silent.output.isEmpty && silent.errors.isEmpty && silent.status == 0)
        #expect(
            try await shell.run("hector-search upsert -C docs --ack", input: input).output
                == #"{"id":"a","stored":true}"# + "\n")
        #expect(
            try await shell.run("hector-search upsert -C docs --pass", input: input).output == input
        )
        #expect(
            try await shell.run("hector-search delete -C docs --ack a").output
                == #"{"id":"a","deleted":true}"# + "\n")
    }

    @Test func `of two records with one id the later is kept`() async throws {
        let result = try await Shell().run(
            """
            seq 3000 | jq -c '{id: "\\(. % 10)", vector: [., 1], content: "\\(.)"}' |
                hector-search upsert -C docs --create --batch-size 7
            echo '{"vector":[1,0]}' | hector-search -C docs -k 20 | jq -r '.results[].content' | sort
            """)
        #expect(result.lines == (2991...3000).map(String.init))
    }

    @Test(arguments: ["hash-embedder", "$FOREIGN/go-embedder"])
    func `embedding and storing at once stores what two filters would`(
        embedder: String
    ) async throws {
        let shell = try Shell()
        try shell.write(
            """
            {"id":"a","content":"first text","metadata":{"n":1,"s":"1"}}
            {"id":"b","text":"second text","vector":[1,2]}
            {"id":"c"}
            {"content":"no id"}
            {"id":"d","content":"failed before","error":{"message":"so"}}
            {"id":"a","content":"the last with its id"}

            """, to: "records")
        let result = try await shell.run(
            """
            FOREIGN=\(Shell.foreign)
            for n in $(seq 300); do echo '{"id":"'$n'","content":"text '$n'"}'; done >> records
            hector-embed --document --plugin "\(embedder)" < records |
                hector-search upsert -C two --create | jq -c '[.id, .error.code]'
            echo ${PIPESTATUS[@]}
            hector-search upsert -C one --create --embedder "\(embedder)" < records | jq -c '[.id, .error.code]'
            echo ${PIPESTATUS[@]}
            for collection in one two; do
                hector-embed --plugin "\(embedder)" text | hector-search -C $collection -k 1000 --vectors |
                    jq -c '.results[]' | sort > $collection
            done
            wc -l < one; cmp one two && echo same
            jq -r 'select(.id == "a").content' one
            """)
        let failures = [#"["c","no_content"]"#, #"[null,"no_id"]"#, #"["d",null]"#]
        #expect(
            result.lines
                == failures + ["1 1 0"] + failures
                + ["1 0", "302", "same", "the last with its id"], "\(result.errors)")
    }

    @Test func `an embedder that fails keeps records out of the collection`() async throws {
        let result = try await Shell().run(
            """
            for n in 1 2 3; do echo '{"id":"r'$n'","content":"text '$n'"}'; done > records
            upsert() { hector-search upsert -C docs --ack --create --embedder \(Shell.foreign)/faulty "$@" < records; }
            FAULT=error:2 upsert --jobs 1 | jq -c '[.id, .stored, .error.code]'
            FAULT=exit upsert; echo $?
            upsert --embed | jq -r .id
            """)
        #expect(
            result.lines == [
                #"["r1",true,null]"#, #"["r2",null,"plugin_error"]"#, #"["r3",true,null]"#, "69",
                "r1", "r2", "r3",
            ], "\(result.output)\(result.errors)")
    }

    @Test func `documents and collections can be deleted`() async throws {
        let shell = try await filled()
        let result = try await shell.run(
            """
            hector-search delete -C docs x z
            echo '{"vector":[1,1]}' | hector-search -C docs | jq -r '.results[].id'
            hector-search drop -C docs
            echo '{"vector":[1,1]}' | hector-search -C docs | jq -r '.error.code'
            hector-search create -C docs --dimension 3
            echo '{"id":1,"vector":[1,1,1]}' | hector-search upsert -C docs --ack
            """)
        #expect(result.lines == ["y", "plugin_error", #"{"id":"1","stored":true}"#])
    }

    @Test func `a whole tree is indexed and searched, twice over`() async throws {
        let result = try await Shell().run(
            """
            for i in 1 2; do
                find $ROOT/Protos -name '*.proto' | hector-chunk | hector-embed | hector-search upsert -C p --create || exit
            done
            hector-embed --query 'which services hold a batch of texts' |
                hector-search -C p -k 1 | jq -r '.results[0].metadata.path'
            """)
        #expect(result.lines.last?.hasSuffix("batch.proto") == true)
        #expect(result.errors.isEmpty)
    }

    @Test func `a database by others does the same`() async throws {
        let shell = try Shell()
        let result = try await shell.run(
            """
            export HECTOR_PLUGIN_DATA=$PWD/data
            printf '\(Self.documents.split(separator: "\n").joined(separator: "\\n"))\\n' > in
            $FOREIGN/../foreign/python-database </dev/null >/dev/null 2>&1 || true
            mkdir sockets
            HECTOR_PLUGIN=hector_plugin_v1 PLUGIN_PROTOCOL_VERSIONS=1 PLUGIN_UNIX_SOCKET_DIR=$PWD/sockets \
                $FOREIGN/python-database > handshake &
            until [ -s handshake ]; do sleep 0.02; done
            db="--socket $(cut -d'|' -f4 handshake)"
            hector-search upsert -C docs --create $db < in || echo failed
            echo '{"vector":[1,0]}' | hector-search -C docs $db -k 2 | jq -c '.results[] | [.id, .content, .metadata.n]'
            echo '{"vector":[1,0]}' | hector-search -C docs $db --filter '{"n":1}'; echo $?
            kill $!
            """)
        #expect(result.lines == [#"["x","on x",1]"#, #"["z","between",null]"#, "78"])
        #expect(result.errors.contains("does not say that it can filter"))
    }

    private func filled() async throws -> Shell {
        let shell = try Shell()
        let result = try await shell.run(
            "hector-search upsert -C docs --create", input: Self.documents)
        try #require(result.status == 0)
        return shell
    }

    @Test
    func `of two records with one id the later one wins, though it comes while the first waits`()
        async throws
    {
        let result = try await Shell().run(
            #"""
            hector-plugin serve --kind database --socket $PWD/db $FOREIGN/python-database 2> told &
            {
                echo '{"id":"a","content":"old","vector":[1,0],"metadata":{"delay":0.3}}'
                echo '{"id":"a","content":"new","vector":[1,0]}'
            } | hector-search upsert -C c --create --socket $PWD/db
            echo '{"vector":[1,0]}' | hector-search -C c --socket $PWD/db | jq -r '.results[].content'
            kill $!
            """#)
        #expect(result.lines == ["new"], "\(result.errors)")
    }

    @Test func `results are put in order with one warning, whatever the plugin does`() async throws
    {
        let result = try await Shell().run(
            #"""
            hector-plugin serve --kind database --socket $PWD/db $FOREIGN/python-database 2> told &
            printf '{"id":"%s","vector":[1,0],"metadata":{"score":%s}}\n' a '"nan"' b 0.5 c 0.7 |
                hector-search upsert -C c --create --socket $PWD/db
            yes '{"vector":[1,0]}' | head -n 50 | hector-search -C c --socket $PWD/db |
                jq -c '[.results[].id]' | uniq -c
            kill $!
            """#)
        #expect(result.lines == [#"     50 ["c","b"]"#], "\(result.errors)")
        #expect(
            result.errors.contains("/db' answered with a score that is not a number"),
            "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
    }

    @Test(arguments: [("upsert --create", Int32(74)), ("query", 1)])
    func `a Shutdown that fails is reported, and is the run's failure if something was written`(
        command: String, status: Int32
    ) async throws {
        let result = try await Shell().run(
            #"""
            export SHUTDOWN_ERROR='could not flush: disk full'
            echo '{"id":"a","vector":[1,0]}' |
                hector-search \#(command) -C c --plugin $FOREIGN/python-database
            """#)
        #expect(
            result.errors
                == "hector-search: plugin 'python-database' failed in Shutdown: could not flush: disk full\n"
        )
        #expect(result.status == status)
    }

    @Test func `a text that is none is an error, and replaces nothing`() async throws {
        let result = try await Shell().run(
            """
            upsert() { hector-search upsert -C c --create --ack | jq -c '[.stored, .error.code]'; }
            echo '{"id":"a","content":"x","vector":[1,0]}' | upsert
            echo '{"id":"a","content":7,"vector":[1,0]}' | upsert
            echo '{"vector":[1,0]}' | hector-search -C c | jq -c '.results[].content'
            echo '{"id":"b","vector":[1,0]}' | upsert
            """)
        #expect(
            result.lines == ["[true,null]", #"[null,"invalid_content"]"#, #""x""#, "[true,null]"])
    }

    @Test func `why a collection cannot be made is reported, not that it is missing`() async throws
    {
        let result = try await Shell().run(
            """
            name=$(printf 'x%.0s' $(seq 600))
            echo '{"id":"a","vector":[1,0]}' | hector-search upsert -C $name --create |
                jq -r .error.message
            echo '{"vector":[1,0]}' | hector-search -C c --min-score nan || echo $?
            """)
        #expect(result.output.contains("255 bytes"))
        #expect(result.lines.last == "64")
    }
}

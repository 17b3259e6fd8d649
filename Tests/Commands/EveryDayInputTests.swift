import Testing

/// Text as other systems and editors write it, and options as POSIX defines them.
@Suite struct EveryDayInputTests {
    @Test func `a byte order mark before the first line is not part of it`() async throws {
        let shell = try Shell()
        let result = try await shell.run(
            #"""
            mark() { printf '\357\273\277'; cat; }
            same() { cmp <("$@" < in 2>&1) <(mark < in | "$@" 2>&1) && echo "$1"; }
            embed() { hector-embed -o dimension=2; }
            echo '{"id":"1","content":"one","vector":[1,2]}' > in
            same hector-embed -o dimension=2
            same hector-search upsert -C c --create --ack -o path=v
            same hector-search -C c -o path=v
            same hector-search delete -C c --ack -o path=v
            same hector-reason
            same hector-tool --plugin system-tools
            same hector-generate --plugin extractive-llm
            echo one > in
            same hector-embed --text -o dimension=2
            same hector-search delete --text -C c --ack -o path=v
            same hector-generate --plugin extractive-llm 'What is one?'
            mark < in | hector-chunk --whole - | jq -c .content
            jq -cn '{type: "function", function: {name: "f", parameters: {type: "object"}}}' > tools
            mark < tools > marked
            for file in tools marked; do
                hector-generate --plugin extractive-llm --json -T $file hello | jq -c '.tools | length'
            done
            jq -cn '{type: "string"}' > schema.json
            mark < schema.json > marked.json
            for file in schema.json marked.json; do
                hector-generate --plugin extractive-llm --schema ./$file hello 2>&1 | head -1
            done | uniq | wc -l
            """#)
        #expect(
            result.lines.filter { $0.hasPrefix("hector-") } == [
                "hector-embed", "hector-search", "hector-search", "hector-search", "hector-reason",
                "hector-tool", "hector-generate", "hector-embed", "hector-search",
                "hector-generate",
            ], "\(result.output)\(result.errors)")
        #expect(result.lines.contains(#""one\n""#), "\(result.output)")
        #expect(result.lines.last == "1")
    }

    @Test func `a line of text may end as on Windows, and the last need not end`() async throws {
        let result = try await Shell().run(
            #"""
            printf 'one\r\ntwo\r\nthree' | hector-embed --text -o dimension=1 | jq -c .content
            printf 'one\r\0two\r' | hector-embed --text -0 -o dimension=1 | tr '\0' '\n' | jq -c .content
            for id in one two three; do echo '{"id":"'$id'","vector":[1]}'; done |
                hector-search upsert -C c --create -o path=v
            printf 'one\r\nthree' | hector-search delete --text -C c --ack -o path=v
            echo '{"vector":[1]}' | hector-search -C c -o path=v | jq -c '[.results[].id]'
            """#)
        #expect(
            result.lines == [
                #""one""#, #""two""#, #""three""#, #""one\r""#, #""two\r""#,
                #"{"id":"one","deleted":true}"#, #"{"id":"three","deleted":true}"#, #"["two"]"#,
            ], "\(result.errors)")
    }

    @Test(arguments: [
        ("hector-search -Cc -k1 -opath=v", "hector-search -C c -k 1 -o path=v"),
        ("hector-search -qk1 -Cc -opath=v", "hector-search -q -k 1 -C c -o path=v"),
        ("hector-search -k1 -Cc -opath=v query", "hector-search query -k 1 -C c -o path=v"),
        ("hector-search query -j4 -Cc -opath=v", "hector-search query -j 4 -C c -o path=v"),
        ("hector-search -k=1 -Cc -o=path=v", "hector-search -k 1 -C c -o path=v"),
        ("hector-search -k-1 -Cc", "hector-search -k=-1 -C c"),
        ("hector-search -kx -Cc", "hector-search -k x -C c"),
        ("hector-embed -j4 -odimension=3", "hector-embed -j 4 -o dimension=3"),
        ("hector-embed -odimension=3 info", "hector-embed info -o dimension=3"),
        ("hector-embed -qj4 -o dimension=3 -- -k5", "hector-embed -q -j 4 -o dimension=3 -- -k5"),
        ("hector-generate -s-x -odocs=1 hello", "hector-generate -s=-x -o docs=1 hello"),
        ("hector-tool -oread_only=true list", "hector-tool list -o read_only=true"),
        ("hector plugin -q1 list", "hector-plugin -q1 list"),
        ("hector -odimension=3 embed info", "hector-embed info -o dimension=3"),
    ])
    func `a value may be joined to its option`(joined: String, apart: String) async throws {
        let result = try await Shell().run(
            """
            for i in 1 2 3; do echo '{"id":"'$i'","content":"x","vector":[1,'$i']}'; done > in
            hector-search upsert -C c --create -o path=v < in
            \(joined) < in > a 2>&1; echo $?
            \(apart) < in > b 2>&1; echo $?
            cmp a b && [ -s a ] && echo same
            """)
        #expect(result.lines.count == 3, "\(result.output)")
        #expect(result.lines.first == result.lines.dropFirst().first)
        #expect(result.lines.last == "same")
    }

    @Test func `what looks like an option with a value need not be one`() async throws {
        let result = try await Shell().run(
            """
            hector-embed -x5 hello 2>&1 | head -1
            hector-embed -1 hello 2>&1 | head -1
            hector-embed -odimension=1 -- -odimension=2 -j4 | jq -r .content
            hector-embed -odimension=1 --field -k5 <<< '{"-k5":"v"}' 2>&1 | head -1
            hector-tool call --plugin system-tools --allow '*' todo_write -k5 2>&1 | head -1
            """)
        #expect(
            result.lines.prefix(4) == [
                "hector-embed: unknown option '-x5'", "hector-embed: unknown option '-1'",
                "-odimension=2", "-j4",
            ], "\(result.output)")
        #expect(result.lines.last?.contains("-k5") == true)
    }
}

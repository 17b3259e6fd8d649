import FilterKit
import Testing

/// The files that several programs share, and the names that choose one of them.
@Suite struct NamesTests {
    private static let files = [
        "hector", "hector-filters", "hector-plugins", "hector-http-plugins",
    ]

    @Test(arguments: files) func `a file's names are those that are linked to it`(file: String)
        async throws
    {
        let result = try await Shell().run(
            """
            bin="\(Shell.binaries)"
            for path in "$bin"/*; do
                [ "$(readlink "$path")" = \(file) ] && echo "${path##*/}"
            done | sort > links
            cp "$bin/\(file)" other
            ./other 2>&1 < /dev/null | sed -n 's/.*first argument: //p' | tr -d ' ' | tr , '\\n' > names
            # A copy of hector is hector.
            \(file == "hector" ? "cp links names" : "")
            cmp names links && wc -l < names
            """)
        let count = ["hector": 3, "hector-filters": 7, "hector-plugins": 5][file] ?? 5
        #expect(result.lines == ["\(count)"], "\(result.output)\(result.errors)")
    }

    @Test func `all names are linked`() async throws {
        let result = try await Shell().run(
            """
            for name in $("$ROOT/Sources/Programs/link" --programs); do
                $name --version | cut -d' ' -f1 | grep -vx $name
            done
            for name in $("$ROOT/Sources/Programs/link" --plugins); do
                hector plugin list --json | jq -r .name | grep -qx $name || echo no $name
                hector plugin info --json --start $name 2>/dev/null | jq -er .name | grep -vx $name
            done
            true
            """)
        #expect(result.output.isEmpty, "\(result.output)")
    }

    @Test func `a program is called by links of any name, and by a copy of its name`() async throws
    {
        let result = try await Shell().run(
            """
            bin="\(Shell.binaries)"
            ln -s "$bin/hector-embed" e
            mkdir -p one/two; ln -s ../../e one/two/again; ln -s one/two dir
            ln -s "$bin/hector-chunk" hector-embed
            cp "$bin/hector-filters" hector-tool
            for name in ./e one/two/again dir/again "$PWD/one/../one/two/again" ./hector-tool ./hector-embed; do
                "$name" --version
            done
            PATH=$PATH:$PWD; e --version
            (exec -a hector-tool e --version; exec -a other e --version)
            ln -s "$bin/hector" h; h --version; h plugin --version; cp "$bin/hector" copy; ./copy --version
            # Its siblings and plugins are those of the file that it links to.
            ./e -o dimension=1 x | jq -c .vector
            ./e info 2>&1 | jq -c .dimension
            """)
        #expect(
            result.lines.map { String($0.prefix { $0 != " " }) } == [
                "hector-embed", "hector-embed", "hector-embed", "hector-embed", "hector-tool",
                "hector-chunk", "hector-embed", "hector-tool", "hector", "hector-plugin",
                "hector", "[1]", "1024",
            ], "\(result.output)\(result.errors)")
    }

    @Test func `a copy of another name takes the program's as its first argument`() async throws {
        let result = try await Shell().run(
            """
            cp "\(Shell.binaries)/hector-filters" box
            ./box hector-tool --version
            ./box hector-embed --plugin "\(Shell.binaries)/hash-embedder" -o dimension=2 'a b' c |
                jq -c '.content, (.vector | length)'
            ./box hector-tool list --nonsense; echo $?
            ./box embed hi; echo $?
            ./box; echo $?
            cp "\(Shell.binaries)/hector" h
            ./h hector-chunk --version
            """)
        #expect(
            result.lines == [
                "hector-tool \(version)", #""a b""#, "2", #""c""#, "2", "64", "64", "64",
                "hector-chunk \(version)",
            ], "\(result.output)\(result.errors)")
        #expect(result.errors.contains("hector-tool: unknown option '--nonsense'"))
        let list =
            "box: this file is several programs: call it by the name of one, or give the name as "
            + "the first argument: hector-embed, hector-generate, hector-plugin, hector-reason, "
            + "hector-rerank, hector-search, hector-tool\n"
        #expect(result.errors.hasSuffix(list + list), "\(result.errors)")
    }

    @Test func `installed programs find each other and the plugins`() async throws {
        let result = try await Shell().run(
            """
            bin="\(Shell.binaries)"
            RELEASE="$bin" PREFIX=/usr DESTDIR=$PWD "$ROOT/.packaging/install"
            find usr -xtype l
            export PATH=/usr/bin:/bin
            usr/bin/hector config names programs | tr '\\n' ' '; echo
            usr/bin/hector plugin list --json | jq -r .path | sort | sed "s,$PWD/,,"
            usr/bin/hector-embed -o dimension=1 x | jq -c .vector
            usr/bin/hector embed -o dimension=1 x | jq -c .vector
            usr/lib/hector/hector-filters hector-embed -o dimension=1 x | jq -c .vector
            echo 'The moon is made of cheese.' > moon.txt
            echo 'document_stores: { d: { path: moon.txt } }' > hector.yaml
            ln -s "$PWD/usr/bin/hector-index" i; ./i; echo $?
            usr/bin/hector --no-session --store d 'What is the moon made of?' | head -1
            echo 'What is the moon made of?' | usr/bin/hector-shell --no-session --store d | head -1
            """)
        let plugins = [
            "anthropic-llm", "chain-of-thought", "extractive-llm", "hash-embedder",
            "local-vectors", "mcp-tools", "openai-embedder", "openai-llm",
            "openai-reranker", "system-tools",
        ]
        #expect(
            result.lines == [
                "bench chunk embed generate index plugin reason rerank search shell tool "
            ] + plugins.map { "usr/lib/hector/plugins/\($0)" } + [
                "[1]", "[1]", "[1]", "0", "The moon is made of cheese. [moon.txt#1]",
                "The moon is made of cheese. [moon.txt#1]",
            ], "\(result.output)\(result.errors)")
    }

    @Test func `a program loads only the libraries that it may need`() async throws {
        let result = try await Shell().run(
            """
            cd "\(Shell.binaries)"
            for file in \(Self.files.joined(separator: " ")) hector-shell; do
                echo $file $(ldd $file | grep -oE 'lib(grpc|re2|ssl|curl|readline)\\.' | sort -u)
            done
            """)
        #expect(
            result.lines == [
                "hector", "hector-filters libgrpc. libre2. libssl.",
                "hector-plugins libgrpc. libre2. libssl.",
                "hector-http-plugins libcurl. libgrpc. libre2. libssl.",
                "hector-shell libreadline.",
            ])
    }

    @Test func `a process has the name of its program`() async throws {
        let result = try await Shell().run(
            """
            mkfifo lines; exec 3<> lines
            hector-embed -o dimension=1 < lines > out & filter=$!
            echo '{"content":"x"}' >&3
            until [ -s out ]; do read -t 0.05 < <(:); done
            ps -o comm= -p $filter; ps -o comm= --ppid $filter
            exec 3>&-; kill $filter; wait $filter; echo $?
            """)
        #expect(result.lines == ["hector-embed", "hash-embedder", "143"])
    }
}

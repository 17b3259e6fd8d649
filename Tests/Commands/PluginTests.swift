import FilterKit
import Foundation
import Testing

/// hector-plugin: its lists and descriptions of plugins, and the problems that it finds in them.
@Suite(.serialized) struct PluginTests {
    // MARK: list and info

    @Test func `plugins are listed in columns, the broken ones with their problem`() async throws {
        let shell = try configured()
        let result = try await shell.run("hector-plugin list")
        #expect(result.status == 0)
        #expect(result.errors == "")
        let rows = result.lines
        let header = try #require(rows.first)
        // Each column begins under its title.
        for title in ["KIND", "VERSION", "ORIGIN", "STATUS", "PLACE"] {
            let column = try #require(header.range(of: title)).lowerBound
            let offset = header.distance(from: header.startIndex, to: column)
            for row in rows {
                let cells = Array(row)
                #expect(cells[offset] != " " && cells[offset - 1] == " ", "\(title): \(row)")
            }
        }
        func row(_ name: String) -> String { rows.first { $0.hasPrefix(name + " ") } ?? "" }
        #expect(row("hash-embedder").contains("embedder_provider   \(version)    built-in"))
        #expect(row("found").contains(" discovered  ready "))
        #expect(row("broken").contains("no 'type' in 'plugin', expected llm_provider"))
        #expect(row("typo").contains("unknown setting 'api_key'"))
        #expect(row("gone").contains("cannot run"))
        #expect(!result.output.contains("sk-secret"))
    }

    @Test func `a line of JSON tells the same of each plugin`() async throws {
        let shell = try configured()
        let result = try await shell.run(
            """
            hector-plugin list --json > all
            jq -r '[.name, .kind, .origin, .status, .problem == null] | join(" ")' all
            jq -r 'keys | sort | join(" ")' all | sort -u
            """)
        let lines = Set(result.lines)
        for line in [
            "go embedder_provider configured ready true",
            "gone embedder_provider configured unusable false",
            "off embedder_provider configured disabled true",
            "there embedder_provider configured down true",
            "far embedder_provider configured remote true",
            "typo embedder_provider configured unusable false",
            "found llm_provider discovered ready true",
            "broken  discovered unusable false",
            "hash-embedder embedder_provider built-in ready true",
            "anthropic-llm llm_provider built-in unconfigured false",
            "openai-llm llm_provider built-in unconfigured false",
            "mcp-tools tool_provider built-in unconfigured false",
            "description kind name needs origin path problem socket status version",
        ] {
            #expect(lines.contains(line), "\(line) is not in \(result.output)")
        }
        #expect(!(try shell.read("all")).contains("sk-secret"))
    }

    @Test func `only plugins of a kind are listed, and those that may be of it`() async throws {
        let result = try await configured().run(
            "hector-plugin list --kind llm --json | jq -r '.kind // .name' | sort -u")
        #expect(result.lines == ["broken", "llm_provider"])
    }

    @Test func `a configuration with mistakes lists nothing`() async throws {
        let shell = try Shell()
        try shell.write("plugins: { embedder_providers: { x: { pathh: y } } }", to: "hector.yaml")
        let result = try await shell.run("hector-plugin list")
        #expect(result.status == 78)
        #expect(result.output == "")
        #expect(result.errors.hasPrefix("hector-plugin: hector.yaml:1:"), "\(result.errors)")
    }

    @Test func `hector plugin is hector-plugin`() async throws {
        let result = try await Shell().run(
            "hector-plugin list > a; hector plugin list > b; cmp a b && cat a")
        #expect(result.status == 0)
        #expect(result.output.contains("local-vectors"))
    }

    @Test func `the settings of a plugin are shown, but never their values`() async throws {
        let shell = try configured()
        let result = try await shell.run(
            """
            hector-plugin info go --json | jq -c '[.entry, .status, .settings]'
            hector-plugin info go
            hector-plugin info typo --json | jq -c '.settings, .problems'
            """)
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            result.lines.first
                == #"["hector.yaml:4","ready",[{"name":"fail","required":false,"configured":true}]]"#
        )
        #expect(result.lines.contains("  fail          optional, configured"), "\(result.output)")
        #expect(result.output.contains(#"{"name":"api_key","unknown":true,"configured":true}"#))
        #expect(result.output.contains("unknown setting 'api_key'"))
        #expect(!result.output.contains("sk-secret"))
    }

    @Test func `what a plugin's settings lack is reported`() async throws {
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              llm_providers:
                keyless: { path: openai-llm, config: { model: m } }
                local: { path: openai-llm, config: { base_url: "http://localhost:1" } }
                off: { path: openai-llm, enabled: false }

            """, to: "hector.yaml")
        let result = try await shell.run(
            """
            list() {
                hector plugin list --json | jq -c --arg name $1 \\
                    'select(.name == $name) | [.status, .problem, .needs]'
            }
            for name in openai-llm anthropic-llm keyless local off mcp-tools; do list $name; done
            OPENAI_API_KEY=k list keyless; OPENAI_BASE_URL=http://h list keyless
            hector plugin list | grep ^keyless | tr -s ' ' | cut -d' ' -f5,7-
            hector plugin info keyless | grep -E '^  (api_key|retry_delay|model) ' | tr -s ' '
            """)
        let key = #"[{"setting":"api_key","environment":"OPENAI_API_KEY"}]"#
        #expect(
            result.lines == [
                #"["unconfigured","needs api_key (or $OPENAI_API_KEY)",\#(key)]"#,
                #"["unconfigured","needs model, api_key (or $ANTHROPIC_API_KEY)","#
                    + #"[{"setting":"model"},{"setting":"api_key","environment":"ANTHROPIC_API_KEY"}]]"#,
                #"["unconfigured","needs api_key (or $OPENAI_API_KEY)",\#(key)]"#,
                #"["ready",null,[]]"#, #"["disabled",null,\#(key)]"#,
                #"["unconfigured","needs command or url",[{"setting":"command"}]]"#,
                #"["ready",null,[]]"#, #"["ready",null,[]]"#,
                "unconfigured needs api_key (or $OPENAI_API_KEY)",
                " api_key string, optional, or $OPENAI_API_KEY, needed: "
                    + "The key that the server wants to see; OpenAI wants one",
                " retry_delay duration, optional, default 1s: The pause before the first of these",
                " model string, optional, default the only one of the server, configured: "
                    + "The model's name",
            ], "\(result.errors)")
    }

    @Test(arguments: [
        ("hash-embedder -o dimension=7", #"["ready",true,"hash-v1",7]"#),
        ("$FOREIGN/go-llm", #"["ready",true,"backwards",null]"#),
    ])
    func `a plugin that is started tells of itself`(plugin: String, answer: String) async throws {
        let result = try await Shell().run(
            "hector-plugin info --start --json \(plugin) | jq -c '.running | [.status, .healthy, .model, .dimension]'"
        )
        #expect(result.output == answer + "\n", "\(result.errors)")
    }

    @Test func `tools and strategies tell what they are`() async throws {
        let result = try await Shell().run(
            """
            hector-plugin info --start --json $FOREIGN/python-tools | jq -r '.running.tools[0].name'
            hector-plugin info --start --json $FOREIGN/python-strategy | jq -r '.running.strategy.name'
            hector-plugin info --start local-vectors -o path=store | grep -c 'healthy *true'
            """)
        #expect(result.lines == ["echo", "careful", "1"])
    }

    @Test(arguments: [
        ("info nosuch", 78, "no plugin 'nosuch', expected one of"),
        ("info hash-embeder", 78, "did you mean 'hash-embedder'?"),
        ("info twice", 78, "is an LLM and an embedder, expected --kind to say which"),
        ("info ./hector.yaml", 69, "not executable"),
        ("info /bin/ls", 78, "has no manifest 'ls.plugin.yaml' beside it"),
        ("check ./nosuch --kind llm", 69, "No such file"),
        ("check gone", 69, "cannot run"),
        ("check there", 64, "runs already"),
        ("check go --arguments {}", 64, "--arguments needs --execute"),
        ("list --kind nonsense", 64, "nonsense"),
        ("serve there --socket s", 78, "runs already: its entry has a 'socket'"),
        ("serve off --socket s", 78, "is not enabled"),
        ("serve secure --socket s", 78, "is to use mTLS"),
        ("serve tcp --socket s", 78, "listens on TCP at 127.0.0.1"),
        ("serve go --socket hector.yaml", 74, "is there already and is no socket"),
        ("serve go --socket no/folder/s", 69, "No such file or directory"),
    ])
    func `what cannot be done is said`(arguments: String, status: Int32, message: String)
        async throws
    {
        let shell = try configured(
            """
                twice: { path: hash-embedder }
                secure: { path: hash-embedder, mtls: true }
                tcp: { path: "${FOREIGN}/python-embedder", mtls: false }
              llm_providers: { twice: { path: extractive-llm } }
            """)
        let result = try await shell.run(
            "PYTHON_PLUGIN_TRANSPORT=tcp hector-plugin \(arguments)")
        #expect(result.status == status, "\(result.errors)")
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.errors.contains("hector-plugin: "))
        #expect(result.output == "")
    }

    /// A shell in a folder with plugins of all sorts.
    private func configured(_ more: String = "") throws -> Shell {
        let shell = try Shell()
        try shell.write(
            """
            plugin_discovery: { paths: [./plugins] }
            plugins:
              embedder_providers:
                go: { path: "${FOREIGN}/go-embedder", config: { fail: sk-secret } }
                gone: { path: ./gone }
                off: { path: hash-embedder, enabled: false }
                there: { socket: ./there.sock }
                far: { socket: "localhost:1" }
                typo: { path: hash-embedder, config: { api_key: sk-secret } }
            \(more)
            """, to: "hector.yaml")
        try FileManager.default.createDirectory(
            atPath: shell.path + "/plugins", withIntermediateDirectories: true)
        try shell.write(manifest("found", "llm_provider"), to: "plugins/found.plugin.yaml")
        try shell.write(
            "plugin: { name: broken, version: 1.0.0 }", to: "plugins/broken.plugin.yaml")
        for name in ["found", "broken"] {
            try shell.write("#!/bin/sh\n", to: "plugins/\(name)")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: "\(shell.path)/plugins/\(name)")
        }
        return shell
    }
}

/// A manifest with only the required members, and some further lines.
func manifest(_ name: String, _ kind: String, version: String = "1.0.0", _ more: String = "")
    -> String
{
    """
    plugin:
      name: \(name)
      version: \(version)
      type: \(kind)
      protocol: grpc
    \(more)
    """
}

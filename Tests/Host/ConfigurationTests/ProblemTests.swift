import Configuration
import Testing

@Suite struct ProblemTests {
    @Test(arguments: [
        ("plugin: {}", ["1:1: unknown key 'plugin', did you mean 'plugins'?"]),
        (
            "zebra: 1",
            [
                "1:1: unknown key 'zebra', expected one of plugin_discovery, plugins, defaults, "
                    + "document_stores, agents, prices"
            ]
        ),
        ("[a]", ["1:1: the file is a list, expected a mapping"]),
        ("words", ["1:1: the file is 'words', expected a mapping"]),
        ("agents:\n---\nb: 2", ["3:1: a second document, expected one"]),
        ("plugins: []", ["1:10: 'plugins' is a list, expected a mapping"]),
        (
            "plugins: { llm_provider: {} }",
            ["1:12: unknown key 'llm_provider' in 'plugins', did you mean 'llm_providers'?"]
        ),
        (
            "plugins: { llm_providers: { x: { pth: y } } }",
            ["1:34: unknown key 'pth' in 'plugins.llm_providers.x', did you mean 'path'?"]
        ),
        (
            "plugins: { llm_providers: { x: { type: netrpc } } }",
            ["1:40: 'plugins.llm_providers.x.type' is 'netrpc', expected grpc"]
        ),
        (
            "plugins: { llm_providers: { x: { enabled: yes } } }",
            ["1:43: 'plugins.llm_providers.x.enabled' is 'yes', expected true or false"]
        ),
        (
            "plugins: { llm_providers: { x: { path: [a] } } }",
            ["1:40: 'plugins.llm_providers.x.path' is a list, expected text"]
        ),
        (
            "plugins: { llm_providers: { x: { path: a, socket: b, mtls: true } } }",
            [
                "1:40: 'plugins.llm_providers.x' has a socket and 'path', "
                    + "which is for a plugin that is started, expected one of them",
                "1:60: 'plugins.llm_providers.x' has a socket and 'mtls', "
                    + "which is for a plugin that is started, expected one of them",
            ]
        ),
        (
            "plugins: { llm_providers: { a/b: {} } }",
            ["1:29: 'a/b' names a plugin, expected a name without '/'"]
        ),
        (
            "plugins: { llm_providers: { x: { checksum: sha256:12 } } }",
            [
                "1:44: 'plugins.llm_providers.x.checksum' is 'sha256:12', "
                    + "expected sha256: and 64 hexadecimal digits"
            ]
        ),
        (
            "plugins: { llm_providers: { x: { config: { a: '${', b: [{ c: '${A' }] } } } }",
            [
                "1:47: 'plugins.llm_providers.x.config.a' has '${' without a variable's name; "
                    + "a dollar sign is written '$$'",
                "1:62: 'plugins.llm_providers.x.config.b' has '${A' without '}' or ':-' "
                    + "and a default after the name",
            ]
        ),
        (
            "document_stores: { s: { max_file_size: 0 } }",
            [
                "1:23: no 'path' in 'document_stores.s', "
                    + "expected the folder or file to index, or a 'command'",
                "1:40: 'document_stores.s.max_file_size' is '0', expected a whole number from 1 up",
            ]
        ),
        (
            "document_stores: { s: { path: } }",
            [
                "1:31: no 'path' in 'document_stores.s', "
                    + "expected the folder or file to index, or a 'command'"
            ]
        ),
        (
            "document_stores: { s: { path: ., chunk: { size: 10, overlap: 10, sise: 1 } } }",
            [
                "1:62: 'document_stores.s.chunk.overlap' is '10', expected less than the size, 10",
                "1:66: unknown key 'sise' in 'document_stores.s.chunk', did you mean 'size'?",
            ]
        ),
        (
            "document_stores: { s: { path: ., chunk: { size: 20000000 }, extractors: { '*.x': cat } } }",
            [
                "1:49: 'document_stores.s.chunk.size' is '20000000', "
                    + "expected at most 10000000 characters",
                "1:82: 'document_stores.s.extractors.*.x' is 'cat', "
                    + "expected a command that prints text, with {} for the file",
            ]
        ),
        (
            "document_stores: { s: { command: cat, path: . } }",
            [
                "1:34: 'document_stores.s' has a command and 'path', which is for files, "
                    + "expected one of them"
            ]
        ),
        (
            "agents: { a: { tools: all, search: { min_score: .nan, top_k: 1.5 } } }",
            [
                "1:23: 'agents.a.tools' is 'all', expected a list of tool providers",
                "1:49: 'agents.a.search.min_score' is '.nan', expected a number",
                "1:62: 'agents.a.search.top_k' is '1.5', expected a whole number from 1 up",
            ]
        ),
        (
            "agents: { a: { tools: [{ approve: maybe }] } }",
            [
                "1:24: no 'provider' in 'agents.a.tools', expected the name of a tool provider",
                "1:35: 'agents.a.tools.approve' is 'maybe', expected ask, always or never",
            ]
        ),
        (
            "document_stores: { docs: { path: . } }\nagents: { a: { document_stores: [dosc] } }",
            [
                "2:34: 'agents.a.document_stores' names no document store 'dosc', "
                    + "did you mean 'docs'?"
            ]
        ),
        (
            "agents: { a: { document_stores: [docs] } }",
            ["1:34: 'agents.a.document_stores' names no document store 'docs', expected none"]
        ),
    ])
    func `a mistake is reported with what was expected`(text: String, problems: [String]) {
        #expect(read(text).problems == problems)
    }

    @Test func `all mistakes of a file are reported in its order`() {
        let (_, problems) = read(
            """
            agents: { a: { lm: x } }
            plugins:
              llm_providers:
                l: { enabled: 1 }
                l: {}
                m: !x y
            defaults: { llm: '${}' }
            """)
        #expect(problems.map { $0.prefix(2) } == ["1:", "4:", "5:", "6:", "6:", "7:"])
    }

    @Test func `a document store named by a variable is looked for if it is set`() {
        let text = "agents: { a: { document_stores: [\"${STORE}\"] } }"
        #expect(read(text).problems == [])
        #expect(read(text, ["STORE": "x"]).problems.count == 1)
    }
}

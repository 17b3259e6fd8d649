import Catalog
import Configuration
import Foundation
import Testing

@Suite struct FindTests {
    @Test func `the default, then the only one, then the built-in`() throws {
        try withInstallation { folder in
            for name in ["a", "b", "usr/hash-embedder"] { try folder.addPlugin("work/\(name)") }
            try folder.addPlugin("usr/bin/hash-embedder")
            func chosen(_ settings: String) throws -> String {
                try folder.catalog(settings).find(nil, kind: .embedderProvider).name
            }
            let both = "plugins: { embedder_providers: { a: { path: a }, b: { path: b } } }"
            #expect(try chosen(both + "\ndefaults: { embedder: b }") == "b")
            #expect(try chosen("defaults: { embedder: ./a }") == "a")
            #expect(
                try chosen("defaults: { embedder: '${NONE:-hash-embedder}' }") == "hash-embedder")
            #expect(try chosen("plugins: { embedder_providers: { a: { path: a } } }") == "a")
            #expect(try chosen(both.replacing("path: a", with: "path: a, enabled: false")) == "b")
            #expect(try chosen(both) == "hash-embedder")
            #expect(try chosen("") == "hash-embedder")
        }
    }

    @Test func `an entry is a path, a directory, a discovered or a built-in plugin`() throws {
        try withInstallation { folder in
            try folder.addPlugin("work/bin/one")
            try folder.addPlugin("work/two/two")
            try folder.addPlugin("work/plugins/three")
            try folder.addPlugin("usr/bin/hash-embedder")
            let catalog = try folder.catalog(
                """
                plugins:
                  embedder_providers:
                    one: { path: bin/one, config: { a: 1 }, mtls: false }
                    two: { path: ./two, checksum: "sha256:\(String(repeating: "0", count: 64))" }
                    three: { config: { b: "${KEY}" } }
                    small: { path: hash-embedder, config: { dimension: 8 } }
                    far: { socket: "example.com:80" }
                    near: { socket: ./near.sock }
                """)
            func find(_ name: String) throws -> PluginEntry {
                try catalog.find(name, kind: .embedderProvider)
            }
            let one = try find("one")
            #expect(one.executable == folder.root + "/work/bin/one")
            #expect(one.configuration == ["a": "1"])
            #expect(one.mtls == false)
            #expect(one.manifest?.name == "one")
            let two = try find("two")
            #expect(two.executable == folder.root + "/work/two/two")
            #expect(two.checksum == String(repeating: "0", count: 64))
            let three = try find("three")
            #expect(three.executable == folder.root + "/work/plugins/three")
            #expect(three.configuration == ["b": "secret"])
            let small = try find("small")
            #expect(small.executable == folder.root + "/usr/bin/hash-embedder")
            #expect(small.name == "small")
            #expect(small.configuration == ["dimension": "8"])
            let far = try find("far")
            #expect(far.socket == "example.com:80")
            #expect(far.executable == nil)
            #expect(try find("near").socket == folder.root + "/work/near.sock")

            let all = catalog.all(.embedderProvider)
            #expect(all.problems == [])
            #expect(
                all.plugins.map(\.name) == [
                    "one", "two", "three", "small", "far", "near", "hash-embedder",
                ])
        }
    }

    @Test func `a plugin that runs already needs no executable`() throws {
        try withInstallation { folder in
            let catalog = try folder.catalog(
                "plugins: { embedder_providers: { a: { path: none/a, config: { k: 1 } } } }")
            let alone = try catalog.find(
                nil, kind: .embedderProvider, options: ["o": "1"], socket: "s.sock")
            #expect(alone.socket == folder.root + "/work/s.sock")
            #expect(alone.configuration == ["o": "1"])
            let named = try catalog.find("a", kind: .embedderProvider, socket: "localhost:9")
            #expect(named.socket == "localhost:9")
            #expect(named.configuration == ["k": "1"])
        }
    }

    @Test func `a path needs no manifest`() throws {
        try withInstallation { folder in
            try folder.addExecutable("work/plain")
            let entry = try folder.catalog().find(
                "./plain", kind: .llmProvider, options: ["anything": "goes"])
            #expect(entry.name == "plain")
            #expect(entry.executable == folder.root + "/work/plain")
            #expect(entry.manifest == nil)
            #expect(entry.configuration == ["anything": "goes"])
        }
    }

    static let failures: [(String, String, String?, Meaning, String)] = [
        ("no such name", "", "nine", .configuration, "no embedder 'nine', did you mean 'mine'?"),
        (
            "nothing near", "", "zebra", .configuration,
            "no embedder 'zebra', expected one of mine"
        ),
        (
            "another kind", "", "store", .configuration,
            "'store' is a database, expected an embedder"
        ),
        (
            "another kind at a path", "", "./plugins/store", .configuration,
            "'ROOT/work/plugins/store' is a database, expected an embedder "
                + "(ROOT/work/plugins/store.plugin.yaml)"
        ),
        (
            "nothing at a path", "", "./none", .unavailable,
            "cannot run 'ROOT/work/none': No such file or directory"
        ),
        (
            "a directory without its plugin", "", "./plugins", .unavailable,
            "'ROOT/work/plugins' is a directory without an executable 'plugins' in it"
        ),
        (
            "nothing built in", "", nil, .unavailable,
            "no embedder is configured, and the built-in 'hash-embedder' is not installed; "
                + "name one with --plugin"
        ),
        (
            "not enabled", "plugins: { embedder_providers: { mine: { enabled: false } } }", "mine",
            .configuration,
            "hector.yaml:1:34: the plugin 'mine' is not enabled, expected 'enabled: true'"
        ),
        (
            "a variable that is unset",
            "plugins: { embedder_providers: { x: { path: '${NONE}/x' } } }", "x", .configuration,
            "hector.yaml:1:45: 'plugins.embedder_providers.x.path' needs 'NONE', "
                + "which is not in the environment"
        ),
        (
            "nothing at a configured path", "plugins: { embedder_providers: { x: { path: x } } }",
            nil, .unavailable,
            "hector.yaml:1:45: cannot run 'ROOT/work/x': No such file or directory"
        ),
        (
            "nothing at a default path", "defaults: { embedder: ./x }", nil, .unavailable,
            "hector.yaml:1:23: cannot run 'ROOT/work/x': No such file or directory"
        ),
        (
            "another kind at a configured path",
            "plugins: { embedder_providers: { x: { path: plugins/store } } }", nil, .configuration,
            "hector.yaml:1:45: 'ROOT/work/plugins/store' is a database, expected an embedder "
                + "(ROOT/work/plugins/store.plugin.yaml)"
        ),
        (
            "a path that is all but a name",
            "plugins: { embedder_providers: { x: { path: mien } } }", nil, .configuration,
            "hector.yaml:1:45: no embedder 'mien', did you mean 'mine'?"
        ),
        (
            "a path that is a name of another kind",
            "plugins: { embedder_providers: { x: { path: store } } }", nil, .configuration,
            "hector.yaml:1:45: 'store' is a database, expected an embedder"
        ),
        (
            "a path that is the name of a broken plugin",
            "plugins: { embedder_providers: { x: { path: headless } } }", nil, .unavailable,
            "cannot run 'ROOT/work/plugins/headless': No such file or directory"
        ),
    ]

    @Test(arguments: failures)
    func `what cannot be found says why`(
        _: String, settings: String, name: String?, meaning: Meaning, message: String
    ) throws {
        try withInstallation { folder in
            try folder.addPlugin("work/plugins/mine")
            try folder.addPlugin("work/plugins/store", type: .databaseProvider)
            try folder.addPlugin("work/plugins/headless")
            try folder.remove("work/plugins/headless")
            let catalog = try folder.catalog(settings)
            let error = try #require(throws: CatalogError.self) {
                try catalog.find(name, kind: .embedderProvider)
            }
            #expect(error.meaning == meaning)
            let first = error.message.split(separator: "\n")[0]
            #expect(first == message.replacing("ROOT", with: folder.root))
        }
    }

    @Test func `settings are completed and overridden`() throws {
        try withInstallation { folder in
            try folder.addPlugin(
                "work/p",
                extra: ", config_schema: { required: [key], optional: [size, mode], "
                    + "defaults: { size: 30, mode: fast } }")
            let catalog = try folder.catalog(
                "plugins: { embedder_providers: { p: { path: p, config: { key: '${NO}', size: 7 } } } }"
            )
            let entry = try catalog.find("p", kind: .embedderProvider, options: ["key": "k"])
            #expect(entry.configuration == ["key": "k", "size": "7", "mode": "fast"])
        }
    }

    @Test func `every setting that is missing, unknown or unset is reported`() throws {
        try withInstallation { folder in
            try folder.addPlugin(
                "work/p",
                extra: ", config_schema: { required: [key, url, user], optional: [size] }")
            let catalog = try folder.catalog(
                """
                plugins:
                  embedder_providers:
                    p:
                      path: p
                      config:
                        url: "${NONE}"
                        sise: 3
                        user:
                """)
            let error = try #require(throws: CatalogError.self) {
                try catalog.find("p", kind: .embedderProvider, options: ["zebra": "1"])
            }
            #expect(error.meaning == .configuration)
            let expected: [String] = [
                "hector.yaml:3:5: the plugin 'p' needs the setting 'key', "
                    + "expected it under 'config'",
                "hector.yaml:3:5: the plugin 'p' needs the setting 'user', "
                    + "expected it under 'config'",
                "hector.yaml:6:14: 'plugins.embedder_providers.p.config.url' needs 'NONE', "
                    + "which is not in the environment",
                "hector.yaml:7:9: unknown setting 'sise' for the plugin 'p', did you mean 'size'?",
                "unknown setting 'zebra' for the plugin 'p', expected one of key, url, user, size",
            ]
            let lines = error.message.split(separator: "\n").map(String.init)
            #expect(lines.filter { !$0.hasPrefix(" ") } == expected)

            let named = try #require(throws: CatalogError.self) {
                try catalog.find("./p", kind: .embedderProvider, options: ["url": "", "user": ""])
            }
            #expect(
                named.message
                    == "the plugin 'p' needs the setting 'key', "
                    + "expected -o key=VALUE or it in hector.yaml"
            )
        }
    }

    @Test func `a plugin for another Hector is refused`() throws {
        try withInstallation { folder in
            try folder.addPlugin("work/plugins/p", extra: ", hector_version: '>=0.2.0,<2.0.0'")
            let error = try #require(throws: CatalogError.self) {
                try folder.catalog().find("p", kind: .embedderProvider)
            }
            #expect(
                error.message
                    == "the plugin 'p' needs Hector >=0.2.0,<2.0.0, this is \(hectorVersion)")
            #expect(error.meaning == .configuration)
        }
    }
}

@Suite struct ReferenceTests {
    @Test func `every name that no plugin has is reported with the rest`() throws {
        try withInstallation { folder in
            try folder.addPlugin("work/plugins/found", type: .llmProvider)
            try folder.addPlugin("work/plugins/mine")
            let error = try #require(throws: SettingsError.self) {
                try folder.catalog(
                    """
                    plugins:
                      llm_providers: { mine: { path: ./mine }, off: { enabled: false } }
                      tool_providers: { unknown: { config: {} } }
                    defaults: { llm: found, embedder: mien, database: ./any/path }
                    document_stores: { s: { path: ., embedder: openai-embedder, database: none } }
                    agents:
                      a: { llm: mine, tools: [system-tools, { provider: unknown }], llms: x }
                      b: { llm: off, embedder: "${NONE}", reasoning_strategy: tree }
                    """)
            }
            let lines = "\(error)".split(separator: "\n").map(String.init)
            let expected: [String] = [
                "hector.yaml:3:21: 'plugins.tool_providers.unknown' has no path, "
                    + "and no tool provider of that name was found",
                "hector.yaml:4:35: 'defaults.embedder' names no embedder 'mien', "
                    + "did you mean 'mine'?",
                "hector.yaml:5:71: 'document_stores.s.database' names no database 'none', "
                    + "expected none",
                "hector.yaml:7:65: unknown key 'llms' in 'agents.a', did you mean 'llm'?",
                "hector.yaml:8:59: 'agents.b.reasoning_strategy' names no reasoning strategy "
                    + "'tree', expected none",
            ]
            #expect(lines.filter { $0.hasPrefix("hector") } == expected)
            #expect(error.meaning == .configuration)
        }
    }
}

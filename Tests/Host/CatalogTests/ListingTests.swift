import Catalog
import Configuration
import Testing

@Suite struct ListingTests {
    @Test func `entries come first, then what is discovered, then what is built in`() throws {
        try withInstallation { folder in
            try folder.addPlugin("work/plugins/found")
            try folder.addPlugin("work/plugins/mine")
            try folder.write("plugin: {}", to: "work/plugins/broken.plugin.yaml")
            try folder.addPlugin("work/plugins/headless", type: .llmProvider)
            try folder.remove("work/plugins/headless")
            try folder.addPlugin("usr/bin/hash-embedder")
            let catalog = try folder.catalog(
                """
                plugins:
                  embedder_providers:
                    mine: { config: { a: 1 } }
                    off: { path: plugins/found, enabled: false }
                    gone: { path: ./gone }
                """)
            let listing = catalog.listing()
            #expect(
                listing.map(\.name) == [
                    "mine", "off", "gone", "found", "broken", "headless", "hash-embedder",
                ])
            #expect(
                listing.map(\.origin) == [
                    .configured, .configured, .configured, .discovered, .discovered, .discovered,
                    .builtIn,
                ])
            #expect(
                listing.filter { $0.problem != nil }.map(\.name) == ["gone", "broken", "headless"])
            // A readable manifest states the kind, even if the executable is missing.
            #expect(
                listing.map(\.kind) == [
                    .embedderProvider, .embedderProvider, .embedderProvider, .embedderProvider, nil,
                    .llmProvider, .embedderProvider,
                ])
        }
    }

    @Test func `a plugin that runs already has what it needs, and defaults are not asked of it`()
        throws
    {
        try withInstallation { folder in
            try folder.addPlugin(
                "work/plugins/needy",
                extra: ", config_schema: { required: [key], optional: [a, b], defaults: { a: 1 } }")
            let entry = try folder.catalog("").find(
                "needy", kind: .embedderProvider, options: ["b": "2"], socket: "s.sock")
            #expect(entry.requested == ["b": "2"])
            #expect(entry.configuration == ["a": "1", "b": "2"])
        }
    }

    @Test func `a plugin that lacks what it needs is listed with that`() throws {
        try withInstallation { folder in
            try folder.addPlugin(
                "work/plugins/needy", extra: ", config_schema: { required: [key] }")
            try folder.addPlugin("work/plugins/late", extra: ", hector_version: '>=9'")
            let problems = try folder.catalog("").listing().map { $0.problem?.message ?? "" }
            #expect(
                problems == [
                    "the plugin 'late' needs Hector >=9, this is \(hectorVersion)",
                    "the plugin 'needy' needs the setting 'key', "
                        + "expected -o key=VALUE or it in hector.yaml",
                ])
        }
    }

    @Test func `the name or the manifest tells the kind, or else it has to be said`() throws {
        try withInstallation { folder in
            try folder.addPlugin("work/plugins/one")
            try folder.addPlugin("work/plugins/two")
            try folder.addPlugin("work/tool", type: .toolProvider)
            try folder.addPlugin("work/dir/dir", type: .llmProvider)
            try folder.addExecutable("work/bare")
            let catalog = try folder.catalog(
                "plugins: { llm_providers: { two: { path: ./dir }, off: { path: ./dir, enabled: false } } }"
            )
            #expect(try catalog.kind(of: "one", among: nil) == .embedderProvider)
            #expect(try catalog.kind(of: "./tool", among: nil) == .toolProvider)
            #expect(try catalog.kind(of: "./dir", among: nil) == .llmProvider)
            #expect(try catalog.kind(of: "off", among: nil) == .llmProvider)
            #expect(try catalog.kind(of: "two", among: .llmProvider) == .llmProvider)
            #expect(try catalog.kind(of: "./bare", among: .llmProvider) == .llmProvider)
            for (name, message) in [
                ("two", "'two' is an LLM and an embedder, expected --kind to say which"),
                ("on", "no plugin 'on', did you mean 'one'?"),
                (
                    "./bare",
                    "'\(folder.root)/work/bare' has no manifest 'bare.plugin.yaml' beside it, "
                        + "expected one, or --kind to say what it is"
                ),
            ] {
                let error = #expect(throws: CatalogError.self) {
                    try catalog.kind(of: name, among: nil)
                }
                #expect(error?.message == message)
            }
        }
    }
}

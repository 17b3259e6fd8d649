import Catalog
import Configuration
import Foundation
import TestSupport
import Testing
import Trust
import Unix

/// The gate between a working directory and what a command may run from it.
@Suite struct FolderTrustTests {
    @Test func `a folder with a hector.yaml is refused until it is trusted`() throws {
        try withClone { clone in
            try clone.write("agents: {}", to: "work/hector.yaml")
            let error = #expect(throws: SettingsError.self) { try clone.load() }
            #expect(error?.meaning == .notPermitted)
            let command = "'hector trust \(clone.folder)'"
            #expect(error.map { "\($0)".contains(command) } == true)
            try clone.trust()
            #expect(try clone.load() != nil)
            #expect(clone.notices.isEmpty)
            #expect(try clone.gate.revoke())
            #expect(throws: SettingsError.self) { try clone.load() }
            #expect(try !clone.gate.revoke())
        }
    }

    @Test func `plugins need trust, and folders of that name without any do not`() throws {
        try withClone { clone in
            try clone.write("", to: "work/plugins/readme.md")
            #expect(try clone.load() == nil)
            try clone.addPlugin("work/plugins/a/b/mine")
            #expect(throws: SettingsError.self) { try clone.load() }
            try clone.trust()
            #expect(try clone.load() == nil)
        }
    }

    @Test func `what is named, and what is the user's own, needs no trust`() throws {
        try withClone { clone in
            try clone.write("agents: {}", to: "work/hector.yaml")
            #expect(try clone.load(explicit: "hector.yaml") != nil)
            try clone.write("agents: {}", to: "home/.hector/hector.yaml")
            clone.folder = clone.root + "/home/.hector"
            #expect(try clone.load() != nil)
            try clone.addPlugin("home/.config/hector/deep/plugins/mine")
            clone.folder = clone.root + "/home/.config/hector/deep"
            #expect(try clone.load() != nil)
            try clone.addPlugin("home/plugins/mine")
            clone.folder = clone.root + "/home"
            try clone.write("agents: {}", to: "home/hector.yaml")
            #expect(throws: SettingsError.self) { try clone.load() }
            clone.environment["HECTOR_CONFIG"] = clone.root + "/work/hector.yaml"
            #expect(try clone.load() != nil)
        }
    }

    @Test func `trust ends when the folder is another one`() throws {
        try withClone { clone in
            try clone.write("agents: {}", to: "work/hector.yaml")
            try clone.trust()
            try FileManager.default.moveItem(
                atPath: clone.folder, toPath: clone.root + "/elsewhere")
            try clone.write("agents: {}", to: "work/hector.yaml")
            let error = #expect(throws: SettingsError.self) { try clone.load() }
            #expect(error.map { "\($0)".contains("another one at the same path") } == true)
            // Nor is the trust moved with the folder.
            clone.folder = clone.root + "/elsewhere"
            #expect(throws: SettingsError.self) { try clone.load() }
            clone.folder = clone.root + "/work"
            try clone.trust()
            #expect(try clone.load() != nil)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give folders away"))
    func `trust ends when the folder's owner changes`() throws {
        try withClone { clone in
            try clone.write("agents: {}", to: "work/hector.yaml")
            try clone.trust()
            chown(clone.folder, 65534, 65534)
            let error = #expect(throws: SettingsError.self) { try clone.load() }
            #expect(error?.meaning == .notPermitted)
            #expect(throws: SettingsError.self) { try clone.trust() }
            // By listing it, the user vouches for its owner; the file's owner is neither of them.
            clone.environment["HECTOR_TRUSTED_PATHS"] = clone.folder
            #expect(try clone.load() != nil)
            chown(clone.folder + "/hector.yaml", 65533, 65533)
            #expect(throws: SettingsError.self) { try clone.load() }
            chown(clone.folder + "/hector.yaml", 65534, 65534)
            #expect(try clone.load() != nil)
        }
    }

    @Test func `a change of what would run is reported once`() throws {
        try withClone { clone in
            try clone.write("agents: { a: { stages: { embed: one } } }", to: "work/hector.yaml")
            try clone.addPlugin("work/plugins/mine")
            try clone.trust()
            for _ in 0..<2 { _ = try clone.load() }
            #expect(clone.notices.isEmpty)

            try clone.write("agents: { a: { stages: { embed: two } } }", to: "work/hector.yaml")
            for _ in 0..<2 { _ = try clone.load() }
            #expect(clone.notices.count == 1)
            #expect(clone.notices[0].contains("now also runs agents.a.stages.embed: two"))
            #expect(clone.notices[0].contains("no longer runs agents.a.stages.embed: one"))

            // The same contents, written again, do not count as a change.
            try clone.addPlugin("work/plugins/mine")
            _ = try clone.load()
            #expect(clone.notices.count == 1)
            try clone.write("#!/bin/sh\nevil\n", to: "work/plugins/mine", mode: 0o755)
            for _ in 0..<2 { _ = try clone.load() }
            #expect(clone.notices.count == 2)
            #expect(clone.notices[1].contains("plugins/mine' has other contents"))

            try clone.addPlugin("work/plugins/other")
            for _ in 0..<2 { _ = try clone.load() }
            #expect(clone.notices.count == 3)
            #expect(clone.notices[2].contains("now also runs plugin plugins/other"))
        }
    }

    @Test func `HECTOR_TRUSTED_PATHS covers the folders that it lists and those below`() throws {
        try withClone { clone in
            try clone.write("agents: {}", to: "work/deep/hector.yaml")
            try clone.write("agents: {}", to: "workshop/hector.yaml")
            try FileManager.default.createSymbolicLink(
                atPath: clone.root + "/link", withDestinationPath: clone.root + "/work")
            let cases = [
                (clone.root + "/work", true), (clone.root + "/link/", true),
                ("/nowhere:" + clone.root + "/work/deep", true), ("/", true),
                (clone.root + "/work/deeper", false), ("", false), (":", false), (".", false),
                (clone.root + "/wor", false), (clone.root + "/work/deep/hector.yaml", false),
            ]
            for (paths, isTrusted) in cases {
                clone.environment["HECTOR_TRUSTED_PATHS"] = paths
                clone.folder = clone.root + "/work/deep"
                #expect(((try? clone.load()) ?? nil != nil) == isTrusted, "\(paths)")
                clone.folder = clone.root + "/workshop"
                #expect(((try? clone.load()) ?? nil != nil) == (paths == "/"), "\(paths)")
            }
        }
    }

    @Test func `a command that needs nothing of the folder goes on without it`() throws {
        try withClone { clone in
            try clone.write(
                "plugins: { embedder_providers: { mine: { path: /bin/true } } }",
                to: "work/hector.yaml")
            try clone.addPlugin("work/plugins/hash-embedder")
            try clone.write("defaults: {}", to: "home/.hector/hector.yaml")
            func names() throws -> [String] {
                let catalog = try Catalog.loadTrusted(
                    explicit: nil, environment: clone.environment, use: .ifTrusted,
                    workingDirectory: clone.folder, executableDirectory: clone.root
                ) { _ in }
                return catalog.all(.embedderProvider).plugins.map(\.name)
            }
            #expect(try names().isEmpty)
            try FileManager.default.removeItem(atPath: clone.root + "/home/.hector")
            #expect(try names().isEmpty)
            // Nor does a file that cannot be read stop it.
            try clone.write("{", to: "work/hector.yaml")
            #expect(try names().isEmpty)
            try clone.write(
                "plugins: { embedder_providers: { mine: { path: /bin/true } } }",
                to: "work/hector.yaml")
            try clone.trust()
            #expect(try names() == ["mine", "hash-embedder"])
            try clone.write("{", to: "work/hector.yaml")
            #expect(throws: SettingsError.self) { try names() }
        }
    }

    @Test func `only the user's own record counts`() throws {
        try withClone { clone in
            try clone.write("agents: {}", to: "work/hector.yaml")
            try clone.trust()
            let folder = clone.root + "/home/.local/state/hector/trust"
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            let name = try #require(names.first { $0.hasSuffix(".json") })
            let file = "\(folder)/\(name)"
            #expect(try File(file).mode == 0o600)
            #expect(try File(folder).mode == 0o700)
            chmod(file, 0o666)
            let error = #expect(throws: SettingsError.self) { try clone.load() }
            #expect(error?.meaning == .notPermitted)
            chmod(file, 0o600)
            chmod(folder, 0o777)
            #expect(throws: SettingsError.self) { try clone.load() }
            chmod(folder, 0o700)
            #expect(try clone.load() != nil)
            try Data("{}".utf8).write(to: URL(fileURLWithPath: file))
            #expect(throws: SettingsError.self) { try clone.load() }
        }
    }

    @Test(arguments: [0o777, 0o775])
    func `folders that others may write to are named with their mend`(mode: Int) throws {
        try withClone { clone in
            try clone.write("agents: {}", to: "outer/inner/hector.yaml")
            try clone.addPlugin("outer/inner/plugins/mine")
            clone.folder = clone.root + "/outer/inner"
            try clone.trust()
            for folder in ["outer", "outer/inner"] {
                let path = "\(clone.root)/\(folder)"
                // The group is one that others are in.
                chown(path, geteuid(), geteuid() == 0 ? 65533 : getgid())
                chmod(path, mode_t(mode))
                let error = try #require(throws: SettingsError.self) { try clone.load() }
                #expect(error.meaning == .notPermitted)
                #expect("\(error)".contains("the folder '\(path)' may be written by others"))
                #expect("\(error)".contains("'chmod go-w \(path)'"))
                chmod(path, mode_t(mode) | mode_t(0o1000))
                #expect(try clone.load() != nil)
                chmod(path, 0o755)
            }
            try FileManager.default.removeItem(atPath: clone.folder + "/hector.yaml")
            let plugins = clone.folder + "/plugins"
            chmod(plugins, 0o777)
            let broken = clone.catalog().all().problems
            #expect(broken.count == 1)
            #expect(broken[0].meaning == .notPermitted)
            #expect(broken[0].message.contains("chmod go-w \(plugins)"))
            chmod(plugins, 0o755)
            #expect(clone.catalog().all().plugins.map(\.name) == ["mine"])
        }
    }

    @Test func `a program that a found file names is not run from a folder of others`() throws {
        try withClone { clone in
            try clone.addPlugin("shared/mine")
            try clone.write(
                "plugins: { embedder_providers: { a: { path: ../shared/mine } } }",
                to: "work/hector.yaml")
            chmod(clone.root + "/shared", 0o777)
            func find(explicit: String? = nil) throws -> PluginEntry {
                try clone.catalog(explicit: explicit).find("a", kind: .embedderProvider)
            }
            let error = try #require(throws: CatalogError.self) { try find() }
            #expect(error.meaning == .notPermitted)
            #expect(error.message.contains("chmod go-w \(clone.root)/shared"))
            #expect(try find(explicit: "hector.yaml").name == "a")
            chmod(clone.root + "/shared", 0o755)
            #expect(try find().name == "a")
        }
    }

    @Test func `everything that would run or be sent is listed`() throws {
        try withClone { clone in
            try clone.write(
                """
                plugins:
                  llm_providers:
                    m: { path: ./plugins/m, config: { base_url: "https://e.example/${KEY}", api_key: sk-1234567890abcdef } }
                    off: { path: ./evil, enabled: false }
                  tool_providers:
                    t: { path: mcp-tools, config: { servers: { s: { command: npx, args: [-y, thing] } } } }
                  embedder_providers: { e: { socket: /run/x.sock } }
                defaults: { database: ./db/here }
                document_stores:
                  docs: { path: ~/private, extractors: { "*.pdf": "pdftotext {} -" } }
                  mail: { command: "notmuch dump" }
                agents:
                  a:
                    llm: m
                    tools: [{ provider: t, approve: always, allow: ["*"] }]
                    stages: { generate: "ssh gpu hector-generate" }
                    prompt: { system_prompt: "You know ${SECRET}" }
                """, to: "work/hector.yaml")
            try clone.addPlugin("work/plugins/found")
            let settings = try clone.load(explicit: "hector.yaml")
            let lines = FolderEffect.all(
                of: settings, in: clone.folder, environment: clone.environment
            ).map(\.line)
            #expect(
                lines == [
                    "runs plugins.llm_providers.m.path: ./plugins/m",
                    "sends plugins.llm_providers.m.config.base_url: https://e.example/${KEY}",
                    "sends plugins.llm_providers.m.config.api_key: ********",
                    "runs plugins.tool_providers.t.path: mcp-tools",
                    "runs plugins.tool_providers.t.config.servers.s.command: npx",
                    "runs plugins.tool_providers.t.config.servers.s.args: -y thing",
                    "sends plugins.embedder_providers.e.socket: /run/x.sock",
                    "runs defaults.database: ./db/here",
                    "reads document_stores.docs.path: ~/private",
                    "runs document_stores.docs.extractors.*.pdf: pdftotext {} -",
                    "runs document_stores.mail.command: notmuch dump",
                    "allows agents.a.tools.approve: always",
                    "allows agents.a.tools.allow: *",
                    "runs agents.a.stages.generate: ssh gpu hector-generate",
                    "sends agents.a.prompt.system_prompt: You know ${SECRET}",
                    "runs plugin plugins/found",
                ])
        }
    }

    @Test func `only what runs nothing reads a folder without the gate`() throws {
        // Those of agents have passed the gate before they make a catalog.
        let readers: Set = [
            "Programs/HectorCommand/ConfigurationCommand.swift",
            "Programs/HectorCommand/TrustFolder.swift",
            "Programs/HectorCommand/Validate.swift",
            "Agents/Agent/PipelineCheck.swift",
            "Agents/Indexing/Store.swift",
            "Filters/PluginFilterKit/NamedPluginOptions.swift",
            "Agents/Shell/ConfigurationFile.swift",
        ]
        let sources = Project.root + "/Sources"
        let files = try #require(FileManager.default.enumerator(atPath: sources))
        var found: Set<String> = []
        for case let path as String in files
        where path.hasSuffix(".swift") && !path.hasPrefix("Host/") {
            let text = try String(contentsOfFile: "\(sources)/\(path)", encoding: .utf8)
            let calls = ["Settings.load(", "Settings.find(", "Catalog.load(", "Catalog(settings"]
            if calls.contains(where: text.contains) { found.insert(path) }
        }
        #expect(found == readers)
    }

    @Test func `more than a user can read is not agreed to`() throws {
        try withClone { clone in
            let entries = (0..<5001).map { "    p\($0): { path: ./x\($0) }\n" }.joined()
            try clone.write("plugins:\n  embedder_providers:\n" + entries, to: "work/hector.yaml")
            let settings = try Settings.load(
                explicit: nil, environment: clone.environment, workingDirectory: clone.folder)
            for attempt in [
                { _ = try clone.gate.trust(settings) },
                {
                    try clone.gate.admit(settings) { _ in }
                },
            ] {
                let error = #expect(throws: SettingsError.self) { try attempt() }
                guard case .unsafe(let text)? = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
                #expect(text.contains("more than anyone could agree to"))
            }
        }
    }

    @Test func `a discovered plugin goes before a built-in one and says so`() throws {
        try withClone { clone in
            try clone.addPlugin("lib/hector/plugins/hash-embedder")
            try clone.addPlugin("work/plugins/hash-embedder")
            try clone.addPlugin("work/plugins/other")
            let catalog = clone.catalog()
            let entry = try catalog.find(nil, kind: .embedderProvider)
            #expect(entry.executable == clone.folder + "/plugins/hash-embedder")
            let sentence = try #require(entry.replacement)
            #expect(sentence.contains("'\(clone.folder)/plugins/hash-embedder'"))
            #expect(sentence.contains("'\(clone.root)/lib/hector/plugins/hash-embedder'"))
            #expect(try catalog.find("other", kind: .embedderProvider).replacement == nil)
            let path = clone.folder + "/plugins/hash-embedder"
            #expect(try catalog.find(path, kind: .embedderProvider).replacement == nil)
        }
    }
}

import Catalog
import Configuration
import Testing

/// The problems that validation finds before a plugin starts.
@Suite struct ValidationTests {
    /// Returns the first line of each problem.
    private func problems(_ folder: Installation, _ settings: String) throws -> [String] {
        try folder.write(settings, to: "work/hector.yaml")
        let problems = try Catalog.validationProblems(
            explicit: nil, environment: folder.environment, workingDirectory: "\(folder.root)/work",
            executableDirectory: "\(folder.root)/usr/bin")
        return try #require(problems).map { String($0.prefix { $0 != "\n" }) }
    }

    @Test func `every variable that is not set is reported with its place`() throws {
        try withInstallation { folder in
            try folder.addPlugin("usr/bin/hash-embedder")
            let problems = try problems(
                folder,
                """
                plugin_discovery: { paths: ["${V1}"] }
                plugins:
                  embedder_providers:
                    off: { path: "${NO}", enabled: false, config: { a: "${NO}" } }
                    on: { path: "${V2}", config: { a: ["${V3}"] } }
                    set: { path: hash-embedder, config: { a: "${V4}", b: "${KEY}" } }
                defaults: { embedder: "${V5}" }
                document_stores:
                  d: { path: "${V6}", include_patterns: ["${V7}"], exclude_patterns: ["${V8}"],
                       database: "${V9}", embedder: "${V10}", collection: "${V11}",
                       extractors: { "*.pdf": "cat ${V12} {}" } }
                  e: { command: "${V13} ${V14}" }
                agents:
                  a:
                    name: "${V15}"
                    description: "${NO:-}${V16}"
                    llm: "${V17}"
                    database: "${V18}"
                    embedder: "${V19}"
                    reasoning_strategy: "${V20}"
                    tools: ["${V21}", { provider: "${V22}", allow: ["${V23}"], deny: ["${V24}"] }]
                    prompt: { system_prompt: "${V25}", prompt_slots: { additional: "${V26}" } }
                    document_stores: ["${V27}"]
                    search: { collection: "${V28}" }
                    stages: { embed: "${V29}" }
                """)
            func line(_ variable: Int) throws -> String {
                try #require(problems.first { $0.contains("needs 'V\(variable)',") })
            }
            for variable in 1...29 { #expect(throws: Never.self) { try line(variable) } }
            #expect(problems.count == 29, "\(problems)")
            #expect(
                try line(5)
                    == "hector.yaml:7:23: 'defaults.embedder' needs 'V5', which is not in the "
                    + "environment")
            #expect(try line(3).hasPrefix("hector.yaml:5:"))
            #expect(try line(14).hasPrefix("hector.yaml:12:17: 'document_stores.e.command' "))
            #expect(try line(29).hasPrefix("hector.yaml:25:22: 'agents.a.stages.embed' "))
        }
    }

    @Test func `mistakes of all sorts are reported in one run, each once`() throws {
        try withInstallation { folder in
            try folder.addPlugin(
                "work/plugins/mine", extra: ", config_schema: { optional: [known] }")
            #expect(
                try problems(
                    folder,
                    """
                    agentz: {}
                    plugins:
                      embedder_providers:
                        nothing: {}
                        mine: { config: { unknown: 1 } }
                        gone: { path: ./gone }
                    defaults: { embedder: "${V1}", llm: none }
                    """) == [
                        "hector.yaml:1:1: unknown key 'agentz', did you mean 'agents'?",
                        "hector.yaml:4:5: 'plugins.embedder_providers.nothing' has no path, and no "
                            + "embedder of that name was found",
                        "hector.yaml:7:23: 'defaults.embedder' needs 'V1', which is not in the "
                            + "environment",
                        "hector.yaml:7:37: 'defaults.llm' names no LLM 'none', expected none",
                        "hector.yaml:5:23: unknown setting 'unknown' for the plugin 'mine', "
                            + "did you mean 'known'?",
                        "hector.yaml:6:19: cannot run '\(folder.root)/work/gone': "
                            + "No such file or directory",
                    ])
        }
    }

    @Test func `a plugin that is named by its path is looked at wherever that is`() throws {
        try withInstallation { folder in
            try folder.addPlugin("work/plugins/mine")
            let gone = "cannot run '\(folder.root)/work/gone': No such file or directory"
            #expect(
                try problems(
                    folder,
                    """
                    defaults: { embedder: ./plugins/mine, llm: ./gone }
                    agents:
                      a:
                        llm: ./gone
                        tools: [./plugins/mine]
                    document_stores:
                      d: { path: ., embedder: ./plugins/mine, database: ./gone }
                    """) == [
                        "hector.yaml:1:44: \(gone)",
                        "hector.yaml:4:10: \(gone)",
                        "hector.yaml:5:13: '\(folder.root)/work/plugins/mine' is an embedder, "
                            + "expected a tool provider "
                            + "(\(folder.root)/work/plugins/mine.plugin.yaml)",
                        "hector.yaml:7:53: \(gone)",
                    ])
        }
    }

    @Test func `a checksum that is not the executable's is reported, and makes it unusable`() throws
    {
        try withInstallation { folder in
            try folder.addExecutable("work/mine")
            let digest = "a8076d3d28d21e02012b20eaf7dbf75409a6277134439025f282e368e3305abf"
            func settings(_ checksum: String) -> String {
                """
                plugins:
                  embedder_providers:
                    mine: { path: ./mine, checksum: "sha256:\(checksum)" }
                """
            }
            #expect(try problems(folder, settings(digest)) == [])
            #expect(try folder.load().listing().map(\.problem) == [nil])

            let other = String(repeating: "0", count: 64)
            let message =
                "hector.yaml:3:5: plugin 'mine' is not the program it was: '\(folder.root)/work/mine' "
                + "has the SHA-256 checksum \(digest), expected \(other)"
            #expect(try problems(folder, settings(other)) == [message])
            let problem = try #require(try folder.load().listing().first?.problem)
            #expect(problem.message.hasPrefix(message))
            #expect(problem.meaning == .notPermitted)
            // Starting it reports the problem, finding it does not.
            #expect(throws: Never.self) {
                try folder.load().find("mine", kind: .embedderProvider)
            }
        }
    }

    @Test func `without a file there is nothing to tell`() throws {
        try withInstallation { folder in
            let problems = try Catalog.validationProblems(
                explicit: nil, environment: folder.environment,
                workingDirectory: "\(folder.root)/work", executableDirectory: folder.root)
            #expect(problems == nil)
        }
    }
}

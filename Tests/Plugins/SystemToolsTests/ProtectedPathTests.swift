import Foundation
import Testing

@testable import SystemTools

/// The files whose contents Hector, git or a shell would run.
@Suite struct ProtectedPathTests {
    private func isWritten(
        _ path: String, in folder: WorkingFolder, allowing allowed: [String] = []
    ) async throws -> Bool {
        var settings = ToolsetSettings(workingDirectory: folder.path)
        settings.allowedPaths = allowed
        let tools = try Toolset(settings)
        let arguments = try JSONSerialization.data(
            withJSONObject: ["path": path, "content": "new", "create_directories": true])
        do {
            _ = try await tools.call(
                "write_file", arguments: String(decoding: arguments, as: UTF8.self))
            return true
        } catch {
            #expect("\(error)".contains("is protected"), "\(path): \(error)")
            return false
        }
    }

    @Test(arguments: [
        "hector.yaml", "hector.yml", "sub/hector.yaml", "Hector.YAML", "plugins/embedder",
        "PLUGINS/a/b", "sub/plugins/x", "x.plugin.yaml", "sub/X.Plugin.Yaml",
        ".git/hooks/pre-commit",
        ".git/config", ".GIT/config", ".g\u{200c}it/config", ".git./config", "git~1/config", ".git",
        "sub/.git/config", ".agents/skills/x/SKILL.md", ".bashrc", ".profile", ".zshrc", ".zshenv",
        ".config/fish/config.fish", ".Config/fish/conf.d/x.fish", ".config/hector/hector.yaml",
        ".config/systemd/user/x.service", ".ssh/authorized_keys", ".gitconfig", ".envrc",
        "./plugins/../plugins/x", "a/./.git/x", "bare/HEAD",
    ])
    func `nothing is written that would be run next`(path: String) async throws {
        let folder = try WorkingFolder()
        #expect(try await !isWritten(path, in: folder))
        // Not even a folder is made on the way.
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        #expect(names.allSatisfy { ["sub", "a", "bare"].contains($0) }, "\(names)")
    }

    @Test(arguments: [
        "hector.yaml.md", "my-hector.yaml", "plugin/x", "plugins.md", "pluginsx/y", "git/config",
        ".github/workflows/x.yml", ".gitignore", "agents/x", "bashrc", "config/fish/x", "HEADER",
        ".config/app/x", "docs/plugin.yaml", "a/plugins/../x",
    ])
    func `names that only look alike are written`(path: String) async throws {
        let folder = try WorkingFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/a/plugins", withIntermediateDirectories: true)
        #expect(try await isWritten(path, in: folder))
    }

    @Test(arguments: [
        ("link", "plugins", "link/x"), ("link", ".git", "link/hooks/post-checkout"),
        ("link", "hector.yaml", "link"), ("a/link", "../plugins", "a/link/new/x"),
        ("link", "missing.plugin.yaml", "link"), ("link", ".config", "link/fish/config.fish"),
        ("link", "sub/../.git", "link/config"),
    ])
    func `no link leads around it`(link: String, target: String, path: String) async throws {
        let folder = try WorkingFolder()
        for name in ["plugins", ".git/hooks", ".config/fish", "a", "sub"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
        }
        try folder.link(link, to: target)
        #expect(try await !isWritten(path, in: folder))
    }

    @Test func `an existing file is not changed by search_replace either`() async throws {
        let folder = try WorkingFolder()
        try folder.write("plugins: {}\n", to: "hector.yaml")
        let tools = try Toolset(ToolsetSettings(workingDirectory: folder.path))
        await #expect(throws: (any Error).self) {
            try await tools.call(
                "search_replace", arguments: #"{"path":"hector.yaml","old":"{}","new":"x"}"#)
        }
        #expect(try folder.read("hector.yaml") == "plugins: {}\n")
    }

    @Test func `one file that is named may be written, and no other`() async throws {
        let folder = try WorkingFolder()
        let allowed = ["hector.yaml", "./plugins/a/tool.sh"]
        #expect(try await isWritten("hector.yaml", in: folder, allowing: allowed))
        #expect(try await isWritten("plugins/a/tool.sh", in: folder, allowing: allowed))
        #expect(try await !isWritten("plugins/a/tool", in: folder, allowing: allowed))
        #expect(try await !isWritten("plugins/b", in: folder, allowing: allowed))
        #expect(try await !isWritten("sub/hector.yaml", in: folder, allowing: allowed))
        #expect(try await !isWritten("Hector.yaml", in: folder, allowing: allowed))
    }

    @Test(arguments: ["*", "plugins/*", "**", "/etc/profile", "../x", "", ".", "a/../../b", "[a]"])
    func `what is allowed is named one by one`(path: String) async throws {
        var settings = ToolsetSettings(workingDirectory: try WorkingFolder().path)
        settings.allowedPaths = [path]
        #expect(throws: ToolError.self) { try Toolset(settings) }
    }

    @Test func `a hard link to a file elsewhere is replaced and not written through`() async throws
    {
        let folder = try WorkingFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/plugins", withIntermediateDirectories: true)
        try folder.write("old", to: "plugins/tool")
        try folder.write("outside", to: "../outside-file")
        #expect(link("\(folder.path)/plugins/tool", "\(folder.path)/one") == 0)
        #expect(link("\(folder.path)/../outside-file", "\(folder.path)/two") == 0)
        #expect(try await isWritten("one", in: folder))
        #expect(try await isWritten("two", in: folder))
        #expect(try folder.read("plugins/tool") == "old")
        #expect(try folder.read("../outside-file") == "outside")
        #expect(try folder.read("one") == "new")
    }

    @Test func `a working directory within a protected one is protected as a whole`() async throws {
        for name in [".git/hooks", ".agents", ".config/fish", "plugins"] {
            let folder = try WorkingFolder()
            try folder.write("", to: "hector.yaml")
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
            let tools = try Toolset(ToolsetSettings(workingDirectory: "\(folder.path)/\(name)"))
            await #expect(throws: (any Error).self, "\(name)") {
                try await tools.call("write_file", arguments: #"{"path":"x","content":"y"}"#)
            }
        }
    }

    @Test func `a repository without a working tree is not changed`() async throws {
        let folder = try WorkingFolder()
        for name in ["bare/objects", "bare/refs", "bare/hooks"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
        }
        try folder.write("ref: refs/heads/main\n", to: "bare/HEAD")
        #expect(try await !isWritten("bare/config", in: folder))
        #expect(try await !isWritten("bare/hooks/post-update", in: folder))
    }
}

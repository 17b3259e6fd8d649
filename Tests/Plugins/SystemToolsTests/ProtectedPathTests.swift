import Foundation
import Testing
import Unix

@testable import SystemTools

/// The files whose contents Hector, git or a shell would run.
@Suite struct ProtectedPathTests {
    private func isWritten(
        _ path: String, in folder: WorkingFolder, allowing allowed: [String] = [],
        running run: [String] = []
    ) async throws -> Bool {
        var settings = ToolsetSettings(workingDirectory: folder.path)
        settings.allowedPaths = allowed
        settings.protectedPaths = run.map { "\(folder.path)/\($0)" }
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
        "PLUGINS/a/b", "x.plugin.yaml", "sub/X.Plugin.Yaml",
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
        // Other folders of that name are common.
        "src/plugins/a.ts", "wp-content/plugins/b/c.php", "Sources/Plugins/x", "a/plugins/y",
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

    @Test func `a name that is a link protects what it leads to, and itself`() async throws {
        let folder = try WorkingFolder()
        for name in ["conf/app.yaml", "conf/env", "build/pl", "dir/a"] {
            try folder.write("old", to: name)
        }
        try FileManager.default.createDirectory(
            atPath: folder.path + "/plugins", withIntermediateDirectories: true)
        try folder.link("hector.yaml", to: "conf/app.yaml")
        try folder.link(".envrc", to: "conf/env")
        try folder.link("plugins/pl", to: "../build/pl")
        try folder.link("plugins/dir", to: "../dir")
        try folder.link("hector.yml", to: "conf/new.yaml")
        try folder.link("one", to: "two")
        try folder.link("two", to: "./hector.yaml")
        try folder.link("sub", to: ".")
        for path in [
            "hector.yaml", ".envrc", "plugins/pl", "plugins/dir/a", "one", "sub/sub/hector.yaml",
            "sub/.envrc",
            // By their own names, too.
            "conf/app.yaml", "conf/env", "build/pl", "dir/a", "dir/new", "conf/new.yaml",
            "hector.yml",
        ] {
            #expect(try await !isWritten(path, in: folder), "\(path)")
        }
        for path in ["conf/other.yaml", "build/plx", "sub/x"] {
            #expect(try await isWritten(path, in: folder), "\(path)")
        }
        #expect(try folder.read("conf/app.yaml") == "old")
        #expect(try await isWritten("hector.yaml", in: folder, allowing: ["hector.yaml"]))
        #expect(try folder.read("conf/app.yaml") == "new")
    }

    @Test func `what the host runs is not written, whether or not it is there`() async throws {
        let folder = try WorkingFolder()
        try folder.write("", to: "scripts/gen.sh")
        try folder.write("", to: "real/tool")
        try folder.link("scripts/tool", to: "../real/tool")
        let run = ["my.yaml", "scripts/gen.sh", "scripts/tool", "bin/missing", "found", "."]
        try FileManager.default.createDirectory(
            atPath: folder.path + "/found", withIntermediateDirectories: true)
        for path in [
            "my.yaml", "scripts/gen.sh", "scripts/tool", "real/tool", "bin/missing", "found/x",
        ] {
            #expect(try await !isWritten(path, in: folder, running: run), "\(path)")
        }
        for path in ["your.yaml", "scripts/gen", "real/tool2", "bin/other"] {
            #expect(try await isWritten(path, in: folder, running: run), "\(path)")
        }
        #expect(
            try await isWritten("my.yaml", in: folder, allowing: ["my.yaml"], running: run))
    }

    @Test func `neither a program with a manifest nor its folder is written`() async throws {
        let folder = try WorkingFolder()
        for name in [
            "tools/my", "tools/my.plugin.yaml", "tools/lib/a.py", "later/it.plugin.yaml", "top",
            "top.plugin.yaml", "web/plugins/hector.yaml",
        ] {
            try folder.write("", to: name)
        }
        for path in ["tools/my", "tools/helper.py", "tools/lib/a.py", "later/it", "top"] {
            #expect(try await !isWritten(path, in: folder), "\(path)")
        }
        for path in ["later/other", "other", "web/plugins/x"] {
            #expect(try await isWritten(path, in: folder), "\(path)")
        }
        try folder.write("", to: "web/hector.yaml")
        #expect(try await !isWritten("web/plugins/y", in: folder))
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

    @Test(arguments: [
        ("plugins/", "plugins/a/b", true), ("plugins/**", "plugins/a/b", true),
        ("plugins/*.py", "plugins/a.py", true), ("plugins/*.py", "plugins/a.sh", false),
        ("plugins/*.py", "plugins/a/b.py", false), ("*/hector.yaml", "sub/hector.yaml", true),
        ("*/hector.yaml", "hector.yaml", false), ("*/x", ".bashrc", false),
        ("*/x", "hector.yaml", false), (".git/", ".git", false), ("*", ".envrc", true),
        ("plugins/[ab]", "plugins/b", true), ("plugins/[ab]", "plugins/c", false),
    ])
    func `patterns and directories can be allowed`(
        pattern: String, path: String, isAllowed: Bool
    ) async throws {
        let folder = try WorkingFolder()
        #expect(try await isWritten(path, in: folder, allowing: [pattern]) == isAllowed)
    }

    @Test(arguments: ["**", "/", "/etc/profile", "../x", "", ".", "a/../../b", "a/**/b"])
    func `what is allowed is below the working directory`(path: String) async throws {
        let folder = try WorkingFolder()
        var settings = ToolsetSettings(workingDirectory: folder.path)
        settings.allowedPaths = [path]
        #expect(throws: ToolError.self) { try Toolset(settings) }
        withExtendedLifetime(folder) {}
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
        for name in [".git/hooks", ".agents", "plugins"] {
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

    @Test func `the user's own folders are protected as a whole, and others only look alike`()
        async throws
    {
        let folder = try WorkingFolder()
        for name in [".hector/work", ".ssh/x", ".config/fish/y"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
            func isWritten(home: String) throws -> Bool {
                let protection = try ProtectedPaths(allowing: [], environment: ["HOME": home])
                let directory = try ConfinedDirectory("\(folder.path)/\(name)")
                do throws(ConfinementError) {
                    try directory.replace("file", with: [], unless: { protection.protects($0) })
                    return true
                } catch {
                    return false
                }
            }
            #expect(try !isWritten(home: folder.path), "\(name)")
            #expect(try isWritten(home: folder.outside), "\(name)")
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

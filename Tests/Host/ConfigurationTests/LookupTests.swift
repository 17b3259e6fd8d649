import Configuration
import Foundation
import TestSupport
import Testing
import Unix

@Suite struct LookupTests {
    @Test func `the first place that has a file wins`() throws {
        try withPlaces { places in
            let order = [
                "work/hector.yaml", "xdg/hector/hector.yaml", "home/.hector/hector.yaml",
            ]
            for path in order.reversed() {
                try places.write("", to: path)
                #expect(try places.load()?.directory == places.path(path, upToParent: true))
            }
            try places.write("", to: "named.yaml")
            try places.write("", to: "option.yaml")
            places.environment["HECTOR_CONFIG"] = places.path("named.yaml")
            #expect(try places.load()?.file == places.path("named.yaml"))
            #expect(try places.load(explicit: "../option.yaml")?.file == "../option.yaml")
            #expect(try places.load(explicit: "../option.yaml")?.directory == places.root)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a pipe in the place of a file is not opened`() throws {
        try withPlaces { places in
            #expect(mkfifo(places.path("pipe.yaml"), 0o600) == 0)
            try FileManager.default.createSymbolicLink(
                atPath: places.path("work/hector.yaml"),
                withDestinationPath: places.path("pipe.yaml"))
            for explicit in [nil, places.path("pipe.yaml")] {
                let error = #expect(throws: SettingsError.self) {
                    try places.load(explicit: explicit)
                }
                #expect(error.map { "\($0)" }?.hasSuffix(": Not a regular file") == true)
            }
        }
    }

    @Test func `without a file there are no settings`() throws {
        try withPlaces { places in
            places.environment["HECTOR_CONFIG"] = ""
            let settings = try places.load()
            #expect(settings == nil || settings?.file == "/etc/hector/hector.yaml")
        }
    }

    @Test func `a file that was named must be there`() throws {
        try withPlaces { places in
            let error = #expect(throws: SettingsError.self) {
                try places.load(explicit: "none.yaml")
            }
            #expect(error?.meaning == .configuration)
            #expect(
                error.map { "\($0)" }
                    == "cannot open '\(places.path("work/none.yaml"))': No such file or directory")
        }
    }

    @Test(arguments: [0o666, 0o622])
    func `a file others may write is refused unless it was named`(mode: Int) throws {
        try withPlaces { places in
            try places.write("", to: "work/hector.yaml")
            chmod(places.path("work/hector.yaml"), mode_t(mode))
            let error = #expect(throws: SettingsError.self) { try places.load() }
            #expect(error?.meaning == .notPermitted)
            #expect(
                error.map { "\($0)" } == """
                    'hector.yaml' may be written by others (mode \(String(mode, radix: 8))), \
                    so it is not used; name it with --config if you trust it
                    """)
            #expect(try places.load(explicit: "hector.yaml") != nil)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give files away"))
    func `a file or link of another user is refused`() throws {
        try withPlaces { places in
            try places.write("", to: "work/hector.yaml")
            chown(places.path("work/hector.yaml"), 12345, 0)
            let reason = """
                'hector.yaml' belongs to user 12345, so it is not used; \
                name it with --config if you trust it
                """
            #expect(throws: SettingsError.unsafe(reason)) { try places.load() }
        }
        try withPlaces { places in
            try places.write("", to: "mine.yaml")
            symlink(places.path("mine.yaml"), places.path("work/hector.yaml"))
            #expect(try places.load() != nil)
            lchown(places.path("work/hector.yaml"), 12345, 0)
            #expect(throws: SettingsError.self) { try places.load() }
        }
    }

    @Test func `problems are shown with file, line and caret`() throws {
        try withPlaces { places in
            try places.write("plugins:\n  llms: {}\nagent: {}\n", to: "work/hector.yaml")
            let error = #expect(throws: SettingsError.self) { try places.load() }
            #expect(error?.meaning == .configuration)
            let shown = error.map { "\($0)" } ?? ""
            #expect(shown.hasPrefix("hector.yaml:2:3: unknown key 'llms' in 'plugins', expected "))
            #expect(
                shown.hasSuffix(
                    """

                          llms: {}
                          ^
                    hector.yaml:3:1: unknown key 'agent', did you mean 'agents'?
                        agent: {}
                        ^
                    """))
        }
    }

    @Test func `a directory is not a file`() throws {
        try withPlaces { places in
            #expect(throws: SettingsError.unreadable(SystemError(EISDIR, "read '\(places.root)'")))
            {
                try places.load(explicit: places.root)
            }
        }
    }
}

/// A home, a working directory and so on for one test.
private struct Places {
    let root: String
    var environment: [String: String]

    func path(_ path: String, upToParent: Bool = false) -> String {
        upToParent ? Path.parent(of: "\(root)/\(path)") : "\(root)/\(path)"
    }

    func write(_ text: String, to path: String) throws {
        let url = URL(fileURLWithPath: self.path(path))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        chmod(url.path, 0o644)
    }

    func load(explicit: String? = nil) throws -> Settings? {
        try Settings.load(
            explicit: explicit, environment: environment, workingDirectory: path("work"))
    }
}

private func withPlaces(_ body: (inout Places) throws -> Void) throws {
    try withTemporaryFolder { root in
        for directory in ["work", "xdg", "home"] {
            try FileManager.default.createDirectory(
                atPath: "\(root)/\(directory)", withIntermediateDirectories: true)
        }
        var places = Places(
            root: root, environment: ["HOME": root + "/home", "XDG_CONFIG_HOME": root + "/xdg"])
        try body(&places)
    }
}

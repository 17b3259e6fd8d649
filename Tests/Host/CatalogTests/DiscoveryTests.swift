import Catalog
import Configuration
import Foundation
import Testing

@Suite struct DiscoveryTests {
    @Test func `plugins are found in the standard places and below them`() throws {
        try withInstallation { folder in
            try folder.addPlugin("work/plugins/one")
            try folder.addPlugin("work/plugins/two/two")
            try folder.addPlugin("home/.hector/plugins/three/three")
            try folder.addPlugin("work/plugins/a/b/c/deep")
            try folder.addPlugin("work/plugins/a/b/c/d/too-deep")
            try folder.addPlugin("work/plugins/.hidden/hidden")
            try folder.addPlugin("work/plugins/two/venv/inside")
            try folder.addExecutable("work/plugins/no-manifest")
            #expect(try names(folder.catalog()) == ["deep", "one", "three", "two"])
        }
    }

    @Test func `paths start at the file that names them`() throws {
        try withInstallation { folder in
            try folder.addPlugin("work/own/one")
            try folder.addPlugin("work/own/sub/two")
            try folder.addPlugin("home/three")
            try folder.addPlugin("work/plugins/four")
            let catalog = try folder.catalog(
                "plugin_discovery: { paths: [own, '~', /none], scan_subdirectories: false }")
            #expect(names(catalog) == ["one", "three"])
        }
    }

    @Test(.timeLimit(.minutes(1))) func `only regular files are opened as manifests`() throws {
        try withInstallation { folder in
            try folder.addPlugin("work/plugins/good")
            for name in ["fifo", "folder"] {
                try folder.addExecutable("work/plugins/\(name)")
                let manifest = "\(folder.root)/work/plugins/\(name).plugin.yaml"
                #expect(name == "fifo" ? mkfifo(manifest, 0o600) == 0 : mkdir(manifest, 0o700) == 0)
            }
            let (plugins, problems) = try folder.catalog().all()
            #expect(plugins.map(\.name) == ["good"])
            #expect(
                problems.map { $0.message.split(separator: ": ").last } == [
                    "Not a regular file", "Is a directory",
                ])
        }
    }

    @Test func `discovery can be turned off, what is built in stays`() throws {
        try withInstallation { folder in
            try folder.addPlugin("work/plugins/one")
            try folder.addPlugin("usr/lib/hector/plugins/hash-embedder/hash-embedder")
            let catalog = try folder.catalog("plugin_discovery: { enabled: false }")
            #expect(names(catalog) == ["hash-embedder"])
        }
    }

    @Test func `a broken plugin is reported and stops no other`() throws {
        try withInstallation { folder in
            try folder.addPlugin("work/plugins/good")
            try folder.write("plugin: x", to: "work/plugins/bad.plugin.yaml")
            try folder.addPlugin("work/plugins/gone")
            try FileManager.default.removeItem(atPath: folder.root + "/work/plugins/gone")
            try folder.addPlugin("work/plugins/plain")
            chmod(folder.root + "/work/plugins/plain", 0o644)
            let (plugins, problems) = try folder.catalog().all()
            #expect(plugins.map(\.name) == ["good"])
            let path = folder.root + "/work/plugins"
            #expect(problems.count == 3)
            #expect(problems[0].message.hasPrefix("\(path)/bad.plugin.yaml:1:9: "))
            #expect(problems[1].message == "cannot run '\(path)/gone': No such file or directory")
            #expect(
                problems[2].message
                    == "'\(path)/plain' is not executable; chmod +x it")

            let error = #expect(throws: CatalogError.self) {
                try folder.catalog().find("gone", kind: .embedderProvider)
            }
            #expect(error == problems[1])
            #expect(error?.meaning == .unavailable)
        }
    }

    @Test func `a path with an unset variable and a broken built-in are reported`() throws {
        try withInstallation { folder in
            try folder.addPlugin("usr/bin/hash-embedder")
            try folder.write("plugin: {}", to: "usr/bin/hash-embedder.plugin.yaml")
            let catalog = try folder.catalog("plugin_discovery: { paths: ['${NONE}/x'] }")
            let (plugins, problems) = catalog.all()
            #expect(plugins.isEmpty)
            #expect(problems.count == 2)
            #expect(problems[0].message.contains("'plugin_discovery.paths' needs 'NONE'"))
            #expect(throws: problems[1]) { try catalog.find(nil, kind: .embedderProvider) }
        }
    }

    @Test func `what others may write is not discovered`() throws {
        try withInstallation { folder in
            try folder.addPlugin("work/plugins/open")
            chmod(folder.root + "/work/plugins/open", 0o777)
            let error = try #require(try folder.catalog().all().problems.first)
            #expect(error.meaning == .notPermitted)
            #expect(
                error.message == """
                    '\(folder.root)/work/plugins/open' may be written by others (mode 777), \
                    so it is not used
                    """)
            let named = try folder.catalog().find("./plugins/open", kind: .embedderProvider)
            #expect(named.executable == folder.root + "/work/plugins/open")
        }
    }

    @Test func `the user's own plugin goes before a built-in of its name`() throws {
        try withInstallation { folder in
            try folder.addPlugin("usr/lib/hector/plugins/hash-embedder/hash-embedder")
            let builtIn = try folder.catalog().find(nil, kind: .embedderProvider)
            #expect(
                builtIn.executable
                    == folder.root + "/usr/lib/hector/plugins/hash-embedder/hash-embedder")
            try folder.addPlugin("work/plugins/hash-embedder")
            let own = try folder.catalog().find(nil, kind: .embedderProvider)
            #expect(own.executable == folder.root + "/work/plugins/hash-embedder")
        }
    }

    @Test func `a built-in is found beside the program, with its manifest or without`() throws {
        try withInstallation { folder in
            let schema = ", config_schema: { defaults: { dimension: 1024 } }"
            try folder.addPlugin(".build/x86_64/debug/hash-embedder", extra: schema)
            try folder.addExecutable(".build/x86_64/debug/local-vectors")
            try folder.addExecutable(".build/x86_64/debug/hector-embed")
            let catalog = try folder.catalog(executables: ".build/x86_64/debug")
            #expect(names(catalog) == ["hash-embedder", "local-vectors"])
            let embedder = try catalog.find(nil, kind: .embedderProvider)
            #expect(embedder.executable == folder.root + "/.build/x86_64/debug/hash-embedder")
            #expect(embedder.configuration == ["dimension": "1024"])
            let database = try catalog.find(nil, kind: .databaseProvider)
            #expect(database.manifest == nil)
        }
    }

    private func names(_ catalog: Catalog) -> [String] {
        catalog.all().plugins.map(\.name).sorted()
    }
}

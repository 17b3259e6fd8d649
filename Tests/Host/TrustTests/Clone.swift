import Catalog
import Configuration
import Foundation
import TestSupport
import Trust

/// A home and a folder that the user has got from elsewhere.
final class Clone {
    let root: String
    var folder: String
    var environment: [String: String]
    var notices: [String] = []

    init(_ root: String) {
        self.root = root
        folder = root + "/work"
        environment = ["HOME": root + "/home"]
    }

    var gate: FolderTrust { FolderTrust(of: folder, environment: environment) }

    func write(_ text: String, to path: String, mode: Int = 0o644) throws {
        let url = URL(fileURLWithPath: "\(root)/\(path)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        chmod(url.path, mode_t(mode))
    }

    func addPlugin(_ path: String) throws {
        try write("#!/bin/sh\n", to: path, mode: 0o755)
        let name = URL(fileURLWithPath: path).lastPathComponent
        try write(
            "plugin: { name: \(name), version: 1.0.0, type: embedder_provider, protocol: grpc }",
            to: path + ".plugin.yaml")
    }

    func load(explicit: String? = nil) throws -> Settings? {
        try Settings.loadTrusted(
            explicit: explicit, environment: environment, workingDirectory: folder
        ) { notices.append($0) }
    }

    func trust() throws {
        let settings = try? Settings.load(
            explicit: nil, environment: environment, workingDirectory: folder)
        _ = try gate.trust(settings)
    }

    func catalog(explicit: String? = nil) -> Catalog {
        let settings = try? Settings.load(
            explicit: explicit, environment: environment, workingDirectory: folder)
        return Catalog(
            settings: settings, environment: environment, workingDirectory: folder,
            executableDirectory: root + "/bin")
    }
}

func withClone(_ body: (Clone) throws -> Void) throws {
    try withTemporaryFolder { root in
        for folder in ["work", "home", "bin"] {
            try FileManager.default.createDirectory(
                atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
        }
        try body(Clone(root))
    }
}

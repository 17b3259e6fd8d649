import Catalog
import Configuration
import Foundation
import TestSupport

/// A home, a working directory and an installed Hector for one test.
struct Installation {
    let root: String

    var environment: [String: String] { ["HOME": "\(root)/home", "KEY": "secret"] }

    func write(_ text: String, to path: String, mode: Int = 0o644) throws {
        let url = URL(fileURLWithPath: "\(root)/\(path)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        chmod(url.path, mode_t(mode))
    }

    func addExecutable(_ path: String) throws {
        try write("#!/bin/sh\n", to: path, mode: 0o755)
    }

    func remove(_ path: String) throws {
        try FileManager.default.removeItem(atPath: "\(root)/\(path)")
    }

    /// Makes an executable with a manifest beside it.
    func addPlugin(
        _ path: String, name: String? = nil, type: Kind = .embedderProvider, extra: String = ""
    ) throws {
        try addExecutable(path)
        let name = name ?? URL(fileURLWithPath: path).lastPathComponent
        try write(
            "plugin: { name: \(name), version: 1.0.0, "
                + "type: \(type.rawValue), protocol: grpc\(extra) }",
            to: path + ".plugin.yaml")
    }

    func load(executables: String = "usr/bin") throws -> Catalog {
        try Catalog.load(
            explicit: nil, environment: environment, workingDirectory: "\(root)/work",
            executableDirectory: "\(root)/\(executables)")
    }

    /// Loads the catalog with the settings in `work/hector.yaml`.
    func catalog(_ settings: String? = nil, executables: String = "usr/bin") throws -> Catalog {
        if let settings { try write(settings, to: "work/hector.yaml") }
        return try load(executables: executables)
    }
}

func withInstallation(_ body: (Installation) throws -> Void) throws {
    try withTemporaryFolder { root in
        for directory in ["work", "home", "usr/bin"] {
            try FileManager.default.createDirectory(
                atPath: "\(root)/\(directory)", withIntermediateDirectories: true)
        }
        try body(Installation(root: root))
    }
}

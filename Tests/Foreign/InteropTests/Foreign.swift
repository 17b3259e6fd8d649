import Foundation
import GRPC
import PluginHost
import Synchronization
import TestSupport
import Testing

/// The plugins that are built on other projects' libraries: see Tests/Foreign.
enum Foreign {
    static let directory = Project.root + "/.build/foreign"

    static func path(_ name: String) -> String { "\(directory)/\(name)" }
}

/// The misbehaving plugin, its faults and the notes of its processes.
final class Faulty: Sendable {
    let directory: TemporaryFolder
    private let faults: String
    private let isOnce: Bool
    private let lines = Mutex([LogLine]())

    /// - Parameter once: True if processes after the first behave well.
    init(_ faults: String = "", once: Bool = false) throws {
        directory = try TemporaryFolder()
        self.faults = faults
        isOnce = once
    }

    var environment: [String: String] {
        var environment = [
            "PATH": "/usr/bin:/bin", "TMPDIR": directory.path, "FAULT": faults,
            "FAULT_LOG": directory.path + "/events",
        ]
        if isOnce { environment["FAULT_ONCE"] = directory.path + "/once" }
        return environment
    }

    /// The lines that its processes noted: `embed 4711 text`.
    var events: [String] {
        let text = (try? String(contentsOfFile: directory.path + "/events", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    func events(_ name: String) -> [String] { events.filter { $0.hasPrefix(name + " ") } }

    var processes: [pid_t] { events("start").compactMap { pid_t($0.split(separator: " ")[1]) } }

    var firstProcess: pid_t {
        get throws { try #require(processes.first) }
    }

    /// The lines that the host showed of its standard error and output.
    var log: [LogLine] { lines.withLock { $0 } }

    /// The socket directories that still exist.
    var leftovers: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? [])
            .filter { $0.hasPrefix("hector-") || $0.hasPrefix("plugin") }
    }

    func run<R: Sendable>(
        change: (inout Specification) -> Void = { _ in },
        _ body: @Sendable (Plugin) async throws -> R
    ) async throws -> R {
        var specification = Specification(
            name: "faulty", service: Embedder.service,
            location: .executable(Foreign.path("faulty")), environment: environment)
        change(&specification)
        let final = specification
        return try await withPluginQueue { queue in
            try await withPlugin(final, queue: queue) { line in
                self.lines.withLock { $0.append(line) }
            } _: { plugin in
                try await body(plugin)
            }
        }
    }

    /// Embeds the texts at the same time, each in its own call.
    func embed(
        _ texts: [String], timeout: Duration = .seconds(30),
        change: (inout Specification) -> Void = { _ in }
    ) async throws -> [Result<[Float], PluginError>] {
        try await run(change: change) { plugin in
            let embedder = Embedder(plugin, timeout: timeout)
            return await withTaskGroup { group in
                for (index, text) in texts.enumerated() {
                    group.addTask { (index, await embedder.embed([text])[0]) }
                }
                var results = [Result<[Float], PluginError>?](repeating: nil, count: texts.count)
                for await (index, result) in group { results[index] = result }
                return results.map { $0! }
            }
        }
    }
}

extension Result where Failure == PluginError {
    var error: PluginError? { if case .failure(let error) = self { error } else { nil } }
    var value: Success? { try? get() }
}

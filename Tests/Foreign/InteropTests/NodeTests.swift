import Foundation
import GRPC
import PluginHost
import Synchronization
import TestSupport
import Testing

/// A plugin on Node's own HTTP/2, whose connections end in their own way.
@Suite struct NodeTests {
    @Test(arguments: ["NODE_EMBEDDER_IDLE", "NODE_EMBEDDER_AGE"])
    func `a connection that it closes is made again and no call is lost`(limit: String) async throws
    {
        let lines = Mutex([LogLine]())
        let directory = try TemporaryFolder()
        let specification = Specification(
            name: "node-embedder", service: Embedder.service,
            location: .executable(Foreign.path("node-embedder")),
            configuration: ["dimension": "3"],
            environment: [
                "PATH": "/usr/local/bin:/usr/bin:/bin", "TMPDIR": directory.path, limit: "300",
            ])
        let (vectors, starts) = try await withPluginQueue { queue in
            try await withPlugin(specification, queue: queue) { line in
                lines.withLock { $0.append(line) }
            } _: { plugin in
                let embedder = Embedder(plugin, timeout: .seconds(30))
                var vectors: [[Float]?] = []
                for text in ["a", "bb", "ccc", "dddd"] {
                    vectors.append(await embedder.embed([text])[0].value)
                    // The test waits for the plugin's clock, which no other process can read.
                    try await Task.sleep(for: .milliseconds(700))
                }
                return (vectors, plugin.starts)
            }
        }
        #expect(vectors == [[1, 0, 0], [2, 0, 0], [3, 0, 0], [4, 0, 0]])
        #expect(starts == 1)
        let warnings = lines.withLock { lines in
            lines.filter { $0.level == .warn || $0.level == .error }.map(\.message)
        }
        #expect(warnings == [])
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == [])
    }

    @Test func `calls side by side over connections that end while they are made`() async throws {
        let specification = Specification(
            name: "node-embedder", service: Embedder.service,
            location: .executable(Foreign.path("node-embedder")),
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "NODE_EMBEDDER_AGE": "50"])
        let restarts = Mutex<[String]>([])
        let (lengths, starts) = try await withPluginQueue { queue in
            try await withPlugin(
                specification, queue: queue, log: { _ in },
                onRestart: { message in restarts.withLock { $0.append(message) } }
            ) { plugin in
                let embedder = Embedder(plugin, timeout: .seconds(60))
                return await withTaskGroup { group in
                    for worker in 0..<16 {
                        group.addTask {
                            var lengths: [Float?] = []
                            for number in 0..<100 {
                                let text = String(repeating: "x", count: worker * 100 + number + 1)
                                lengths.append(await embedder.embed([text])[0].value?.first)
                            }
                            return lengths
                        }
                    }
                    var lengths: [Float?] = []
                    for await some in group { lengths += some }
                    return (lengths.compactMap { $0 }.sorted(), plugin.starts)
                }
            }
        }
        #expect(lengths == (1...1600).map(Float.init))
        #expect(starts == 1, "\(restarts.withLock { $0 })")
    }
}

import Foundation
import GRPC
import PluginHost
import TestSupport
import Testing

/// A plugin's death, seen by the calls it had.
@Suite(.serialized) struct DeathTests {
    private static let texts = (1...40).map { String(repeating: "x", count: $0) }

    @Test func `calls in flight when the plugin is killed are sent again`() async throws {
        let faulty = try Faulty("kill:13", once: true)
        let results = try await faulty.embed(Self.texts)
        #expect(results.map { $0.value?.first } == (1...40).map(Float.init))
        #expect(faulty.processes.count == 2)
    }

    @Test func `a plugin that dies after its answer is started again for the next call`()
        async throws
    {
        let faulty = try Faulty("leave:1", once: true)
        let lengths = try await faulty.run { plugin in
            let embedder = Embedder(plugin, timeout: .seconds(30))
            let first = await embedder.embed(["a"])[0].value?.first
            try await waitUntil { try !isRunning(faulty.firstProcess) }
            return [first, await embedder.embed(["bb"])[0].value?.first]
        }
        #expect(lengths == [1, 2])
    }

    @Test func `a plugin that dies of every call is given up and its last words are shown`()
        async throws
    {
        let faulty = try Faulty("kill:1")
        let error = try await faulty.embed(["a"])[0].error
        #expect(error?.code == .died)
        #expect(error?.message.contains("was killed by signal 9") == true)
        #expect(error?.isRetryable == true)
        #expect(faulty.processes.count == 3)
    }

    @Test func `a plugin that dies of all it is asked is given up`() async throws {
        let faulty = try Faulty("kill:1")
        let (errors, failure) = try await faulty.run { plugin in
            let embedder = Embedder(plugin, timeout: .seconds(30))
            var errors: [PluginError?] = []
            for number in 1...11 { errors.append(await embedder.embed(["\(number)"])[0].error) }
            return (errors, plugin.failure)
        }
        #expect(
            errors.map { $0?.code }
                == [PluginError.Code](repeating: .died, count: 9) + [.unavailable, .unavailable])
        #expect(failure?.message.contains("started 5 times within a minute and given up") == true)
    }

    @Test func `a plugin that dies without work is started five times a minute and no more`()
        async throws
    {
        let faulty = try Faulty("leave:1")
        let (lengths, failure) = try await faulty.run { plugin in
            let embedder = Embedder(plugin, timeout: .seconds(30))
            var lengths: [Float?] = []
            for number in 1...6 {
                lengths.append(await embedder.embed(["a"])[0].value?.first)
                try await waitUntil {
                    try number == 6 || !isRunning(#require(faulty.processes.last))
                }
            }
            return (lengths, plugin.failure)
        }
        #expect(lengths == [1, 1, 1, 1, 1, nil])
        #expect(faulty.processes.count == 5)
        #expect(failure?.message.contains("started 5 times within a minute and given up") == true)
    }

    @Test(arguments: ["", ",batch"], [1, 5])
    func `a text that kills the plugin fails alone`(batch: String, distance: Int) async throws {
        let texts = (0..<400).map { number in
            let place = number - 100
            return place >= 0 && place < 3 * distance && place % distance == 0
                ? "p\(place / distance)" : String(repeating: "x", count: number + 1)
        }
        let faulty = try Faulty("poison:p0+p1+p2\(batch)")
        let results = try await faulty.run { plugin in
            let embedder = Embedder(plugin, timeout: .seconds(60))
            return await withTaskGroup { group in
                for start in stride(from: 0, to: texts.count, by: 40) {
                    group.addTask {
                        (start, await embedder.embed(Array(texts[start..<(start + 40)])))
                    }
                }
                var results: [Int: [Result<[Float], PluginError>]] = [:]
                for await (start, result) in group { results[start] = result }
                return results.sorted { $0.key < $1.key }.flatMap(\.value)
            }
        }
        for (text, result) in zip(texts, results) {
            if text.hasPrefix("p") {
                #expect(result.error?.code == .died)
            } else {
                #expect(result.value?.first == Float(text.count), "\(text.count) \(result)")
            }
        }
    }
}

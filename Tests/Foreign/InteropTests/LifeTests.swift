import Foundation
import GRPC
import PluginHost
import Synchronization
import TestSupport
import Testing

/// A plugin's death and other misfortunes, as the calls to it see them.
@Suite(.serialized) struct LifeTests {
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

    @Test func `a plugin that is kept running is started again when it dies or freezes`()
        async throws
    {
        let faulty = try Faulty()
        let starts = Starts()
        let error = try await faulty.run {
            $0.limits.watch = .milliseconds(20)
            $0.limits.health = .seconds(10)
        } _: { plugin in
            let keeping = Task {
                do throws(PluginError) {
                    try await plugin.keepRunning { starts.count.withLock { $0 += 1 } }
                } catch {
                    return error
                }
            }
            for (number, signal) in [SIGKILL, SIGSTOP].enumerated() {
                try await waitUntil { starts.count.withLock { $0 } != number }
                kill(try #require(faulty.processes.last), signal)
            }
            try await waitUntil { starts.count.withLock { $0 } != 2 }
            keeping.cancel()
            return await keeping.value
        }
        #expect(error.code == .cancelled)
        #expect(faulty.processes.count == 3)
        #expect(
            faulty.log.filter { $0.level == .error }.map(\.message) == [
                "was killed by signal 9 (Killed); starting it again",
                "was frozen and has been killed; starting it again",
            ])
        #expect(faulty.processes.allSatisfy { !isRunning($0) })
    }

    @Test func `a frozen plugin is killed and its calls are sent again`() async throws {
        let faulty = try Faulty("freeze:3", once: true)
        let results = try await faulty.embed(Array(Self.texts.prefix(8)), timeout: .seconds(10)) {
            $0.limits.health = .seconds(10)
        }
        #expect(results.map { $0.value?.first } == (1...8).map(Float.init))
        #expect(faulty.processes.count == 2)
        #expect(try !isRunning(faulty.firstProcess))
    }

    @Test(arguments: ["idle:100", "age:100"])
    func `a connection that the plugin closes is made again and no call is lost`(fault: String)
        async throws
    {
        let faulty = try Faulty(fault)
        let lengths = try await faulty.run { plugin in
            let embedder = Embedder(plugin, timeout: .seconds(30))
            var lengths: [Float?] = []
            for text in Self.texts.prefix(3) {
                lengths.append(await embedder.embed([text])[0].value?.first)
                // The test waits for the plugin's clock, which no other process can read.
                try await Task.sleep(for: .seconds(1))
            }
            return lengths
        }
        #expect(lengths == [1, 2, 3])
        #expect(faulty.processes.count == 1)
        #expect(faulty.events("shutdown").count == 1)
        #expect(!faulty.log.contains { $0.level == .warn || $0.level == .error }, "\(faulty.log)")
        #expect(faulty.leftovers.isEmpty)
    }

    @Test func `a call that takes too long fails alone and the plugin lives on`() async throws {
        let faulty = try Faulty("hang:2")
        let results = try await faulty.embed(Array(Self.texts.prefix(5)), timeout: .seconds(10))
        #expect(results.count { $0.error?.code == .timeout } == 1)
        #expect(results.count { $0.value != nil } == 4)
        #expect(faulty.processes.count == 1)
    }

    @Test func `a plugin that says it is unavailable is believed, and asked again`() async throws {
        let faulty = try Faulty("unavailable:2")
        let results = try await faulty.embed(Array(Self.texts.prefix(1)))
        #expect(results[0].value != nil)
        #expect(try await Faulty("unavailable:1").embed(["a"])[0].error?.code == .unavailable)
    }

    @Test func `a plugin in the middle of its start does not outlive its host`() async throws {
        let faulty = try Faulty("silent")
        let task = Task { try await faulty.run { try await $0.start() } }
        try await waitUntil { !faulty.processes.isEmpty }
        task.cancel()
        let error = await #expect(throws: PluginError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(try !isRunning(faulty.firstProcess))
        #expect(faulty.leftovers.isEmpty)
    }

    @Test func `cancelling a call stops its plugin in order`() async throws {
        let faulty = try Faulty("hang:1")
        let task = Task { try await faulty.embed(["a"]) }
        try await waitUntil { !faulty.events("embed").isEmpty }
        task.cancel()
        #expect(try await task.value[0].error?.code == .cancelled)
        #expect(faulty.events("shutdown").count == 1)
        #expect(try !isRunning(faulty.firstProcess))
    }
}

/// The number of times that a plugin has become ready.
private final class Starts: Sendable {
    let count = Mutex(0)
}

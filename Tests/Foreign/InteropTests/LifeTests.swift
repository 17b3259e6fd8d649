import Foundation
import GRPC
import PluginHost
import Synchronization
import TestSupport
import Testing

/// A plugin that freezes, hangs or is stopped, seen by the calls it had.
@Suite(.serialized) struct LifeTests {
    private static let texts = (1...40).map { String(repeating: "x", count: $0) }

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

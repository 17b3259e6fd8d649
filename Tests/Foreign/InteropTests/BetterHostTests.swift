import ChatModel
import Foundation
import GRPC
import PluginHost
import TestSupport
import Testing

/// The weak points of go-plugin's own host, PROTOCOL.md §14, and ours.
/// Points 1, 10 and 13 have tests where the built commands are run.
@Suite(.serialized) struct BetterHostTests {
    @Test func `2: what a host was given as a plugin is not handed on`() async throws {
        let faulty = try Faulty()
        let results = try await faulty.embed(["a"]) {
            $0.environment["PLUGIN_CLIENT_CERT"] = "somebody else's"
            $0.environment["PLUGIN_MULTIPLEX_GRPC"] = "true"
            $0.location = .executable(Foreign.path("go-embedder"))
        }
        #expect(results[0].value?.isEmpty == false)
    }

    @Test func `3: odd JSON on standard error is shown and does no harm`() async throws {
        let faulty = try Faulty("odd-log")
        #expect(try await faulty.embed(["a"])[0].value != nil)
        #expect(faulty.log.contains { $0.level == .warn && $0.message == "odd but fine n=1" })
    }

    @Test(arguments: ["flood:1", "flood-stderr:1", "chatter:1"])
    func `4: a plugin that prints without end is not blocked`(fault: String) async throws {
        let results = try await Faulty(fault).embed(["a", "bb"])
        #expect(results.map { $0.value?.first } == [1, 2])
    }

    @Test func `5: a grandchild that holds the pipes delays nothing`() async throws {
        let faulty = try Faulty("grandchild:1000")
        let duration = try await ContinuousClock().measure { _ = try await faulty.embed(["a"]) }
        #expect(duration < .seconds(20))
    }

    @Test func `6: a stopped plugin is killed at the end`() async throws {
        let faulty = try Faulty()
        try await faulty.run(change: { $0.limits.shutdown = .milliseconds(300) }) { plugin in
            try await plugin.start()
            kill(try faulty.firstProcess, SIGSTOP)
        }
        #expect(try !isRunning(faulty.firstProcess))
    }

    @Test func `7: a plugin without go-plugin's controller is asked to end by SIGTERM at once`()
        async throws
    {
        let faulty = try Faulty()
        _ = try await faulty.embed(["a"]) { $0.limits.shutdown = .seconds(60) }
        #expect(
            faulty.events.suffix(2).map { $0.split(separator: " ")[0] } == ["shutdown", "sigterm"])
        #expect(!faulty.log.contains { $0.message.contains("killed") })
    }

    @Test(arguments: ["stubborn", "shutdown-hang"])
    func `7: and killed if it will not`(fault: String) async throws {
        let faulty = try Faulty(fault)
        _ = try await faulty.embed(["a"]) { $0.limits.shutdown = .milliseconds(300) }
        #expect(try !isRunning(faulty.firstProcess))
    }

    @Test func `8: a dead address is found out at once`() async throws {
        let error = try await Faulty("no-socket").embed(
            ["a"], change: { $0.limits.health = .seconds(1) })[0].error
        #expect(error?.message.contains("does not answer at") == true)
    }

    @Test func `8: mTLS that is asked for and not answered is found out at once`() async throws {
        let error = try await Faulty().embed(
            ["a"], change: { $0.mutualTLS = true })[0].error
        #expect(error?.message.contains("sent no certificate, but mTLS was asked for") == true)
    }

    @Test func `8: a plugin that listens late is waited for`() async throws {
        #expect(try await Faulty("late:1").embed(["a"])[0].value != nil)
    }

    @Test(arguments: [
        ("exit:3", "exited with status 3 before its handshake", "model.bin: No such file"),
        ("crash", "was killed by signal 11", ""),
        ("wrong-cookie", "expects another magic cookie than Hector's", ""),
        ("garbage", "printed 'Loading model...'", ""),
        ("initialize:no API key", "refused its configuration: no API key", ""),
        ("initialize-status", "refused its configuration: no API key", ""),
        ("initialize-exit:4", "exited with status 4 in Initialize", ""),
    ])
    func `9: an error at the start says what happened and quotes the plugin`(
        fault: String, what: String, words: String
    ) async throws {
        let error = try await Faulty(fault).embed(["a"])[0].error
        #expect(error?.message.contains(what) == true, "\(error?.message ?? "no error")")
        #expect(words.isEmpty || error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: ["", "kill:1", "initialize", "stubborn"])
    func `10: no socket is left behind`(fault: String) async throws {
        let faulty = try Faulty(fault)
        _ = try await faulty.embed(["a"]) { $0.limits.shutdown = .milliseconds(300) }
        #expect(faulty.leftovers.isEmpty)
    }

    @Test func `12: long streams arrive whole`() async throws {
        let directory = try TemporaryFolder()
        let specification = Specification(
            name: "go-llm", service: LLM.service, location: .executable(Foreign.path("go-llm")),
            environment: ["PATH": "/usr/bin:/bin", "TMPDIR": directory.path])
        for _ in 0..<3 {
            let words = try await withPluginQueue { queue in
                try await withPlugin(specification, queue: queue, log: { _ in }) { plugin in
                    let text = String(repeating: "word ", count: 20_000)
                    let request = LLM.Request(messages: [
                        ChatMessage(role: .user, content: text)
                    ])
                    var pieces = ""
                    let answer = try await LLM(plugin, timeout: .seconds(60)).stream(request) {
                        pieces += $0
                    }
                    #expect(pieces == answer.text)
                    return answer.text.split(separator: " ").count
                }
            }
            #expect(words == 20_000)
        }
    }
}

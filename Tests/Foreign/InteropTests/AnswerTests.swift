import GRPC
import PluginHost
import Testing

/// Answers that are not what they should be.
@Suite(.serialized) struct AnswerTests {
    @Test(arguments: [
        ("nan:1", PluginError.Code.misbehaved, "whose number 1 is nan"),
        ("infinity:1", .misbehaved, "whose number 1 is inf"),
        ("empty:1", .misbehaved, "an empty vector"),
        ("error:1", .failed, "cannot embed text 1"),
        ("status:1", .failed, "call 1 failed"),
    ])
    func `a bad answer is an error of its own record`(
        fault: String, code: PluginError.Code, message: String
    ) async throws {
        let error = try await Faulty(fault).embed(["a"])[0].error
        #expect(error?.code == code)
        #expect(error?.message.hasPrefix("plugin 'faulty'") == true)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "no error")")
    }

    @Test(arguments: ["short:2", "long:2"])
    func `a vector of another length than the first is an error`(fault: String) async throws {
        let lengths = try await Faulty(fault).run { plugin in
            let embedder = Embedder(plugin, timeout: .seconds(30))
            let results = [
                await embedder.embed(["a"])[0], await embedder.embed(["b"])[0],
                await embedder.embed(["c"])[0],
            ]
            return results.map { $0.value?.count }
        }
        #expect(lengths == [4, nil, 4])
    }

    @Test(arguments: ["batch-short", "batch-long"])
    func `a batch answered with another number of vectors is sent text by text`(
        fault: String
    ) async throws {
        let faulty = try Faulty(fault)
        let results = try await embedTogether(["a", "bb", "ccc"], faulty)
        #expect(results.map { $0.value?.first } == [1, 2, 3])
        #expect(faulty.events("embed-batch").count == 1)
        #expect(faulty.events("embed").count == 3)
    }

    @Test func `a batch goes in one call`() async throws {
        let faulty = try Faulty("batch")
        let results = try await embedTogether(["a", "bb", "ccc"], faulty)
        #expect(results.map { $0.value?.first } == [1, 2, 3])
        #expect(faulty.events("embed-batch").count == 1)
        #expect(faulty.events("embed").isEmpty)
    }

    @Test func `a plugin without batches is asked once and then text by text`() async throws {
        let faulty = try Faulty()
        let results = try await faulty.run { plugin in
            let embedder = Embedder(plugin, timeout: .seconds(30))
            #expect(embedder.takesBatches == nil)
            let first = await embedder.embed(["a", "bb"])
            #expect(embedder.takesBatches == false)
            return first + (await embedder.embed(["ccc", "dddd"]))
        }
        #expect(results.map { $0.value?.first } == [1, 2, 3, 4])
        #expect(faulty.events("embed-batch").count == 1)
        #expect(faulty.events("embed").count == 4)
    }

    @Test func `one bad text of a batch leaves the others alone`() async throws {
        let results = try await embedTogether(["a", "b", "c", "d"], Faulty("batch,error:2"))
        #expect(results.map { $0.error == nil } == [true, false, true, false])
    }

    private func embedTogether(
        _ texts: [String], _ faulty: Faulty
    ) async throws -> [Result<[Float], PluginError>] {
        try await faulty.run { await Embedder($0, timeout: .seconds(30)).embed(texts) }
    }
}

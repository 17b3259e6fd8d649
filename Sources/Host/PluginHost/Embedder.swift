internal import GRPC
internal import Messages
internal import SwiftProtobuf
import Synchronization
internal import Waiting

/// A plugin that turns text into vectors.
package final class Embedder: Sendable {
    package static let service = "hector.plugin.EmbedderProvider"

    package let plugin: Plugin
    private let timeout: Duration
    private let purpose: String
    private let batching: Batching
    private let dimension = Mutex(Dimension())

    /// The required length of vectors, and its sources.
    private struct Dimension {
        /// The question to the plugin, while it is asked and after it has answered.
        var question: Latch<Info?>?
        var stated: Int?
        var first: Int?
    }

    /// The longest time that an answered call waits for the length of vectors. Some plugins take
    /// one call after another, and the question may be queued behind others.
    private static let longestQuestion = Duration.seconds(5)

    /// The purpose of a vector. Some models distinguish the two.
    package enum Purpose: String, Sendable {
        case query, document
    }

    package struct Info: Sendable {
        package let modelName: String
        package let dimension: Int
    }

    /// - Parameters:
    ///   - timeout: The longest time for one call.
    ///   - parallel: The number of texts of a list that may be sent at once if each goes in its own
    ///     call.
    package init(
        _ plugin: Plugin, timeout: Duration, purpose: Purpose? = nil, parallel: Int = .max
    ) {
        self.plugin = plugin
        batching = Batching(parallel: parallel)
        self.timeout = timeout
        self.purpose = purpose?.rawValue ?? ""
    }

    /// True if several texts go in one call. Nil until that has been tried.
    package var takesBatches: Bool? { batching.isSupported }

    /// - Returns: The vector of each text, with finite numbers only and of the same length as all
    ///   vectors of this plugin, or the error.
    package func embed(_ texts: [String]) async -> [Result<[Float], PluginError>] {
        let results = await batching.send(texts, together: embedTogether) {
            await self.embed($0, $1)
        }
        // Without a vector there is nothing to compare. A plugin that gets the length from its
        // model's answers knows it by now, and need not make one more request.
        if results.contains(where: { (try? $0.get()) != nil }) {
            _ = await ask().wait(atMost: Self.longestQuestion)
        }
        return results.map { $0.flatMap(checkLength) }
    }

    /// The plugin's description of itself, as far as it has given one in time. It is asked only once.
    package func knownInfo() async -> Info? {
        await ask().wait(atMost: Self.longestQuestion) ?? nil
    }

    /// Returns the weight from 0 to 1 that the plugin's vectors should have beside words, which it
    /// states as its capability `alpha`; nil if it does not.
    package func alpha() async -> Float? {
        let bytes = try? await plugin.call(EmbedderMethod.getManifest, [], timeout: timeout)
        let manifest = bytes.flatMap { try? Hector_Plugin_ManifestResponse(serializedBytes: $0) }
        guard let alpha = manifest?.capabilities["alpha"].flatMap(Float.init),
            (0...1).contains(alpha)
        else { return nil }
        return alpha
    }

    /// Asks the plugin for its model and the length of its vectors, once, when it has answered the first call.
    private func ask() -> Latch<Info?> {
        let (question, isMine) = dimension.withLock { dimension in
            if let question = dimension.question { return (question, false) }
            let question = Latch<Info?>()
            dimension.question = question
            return (question, true)
        }
        guard isMine else { return question }
        Task {
            // This is not sent like other calls, because a failure here must not restart the
            // plugin.
            let bytes = try? await plugin.running().channel.unary(
                EmbedderMethod.getEmbedderInfo, [], timeout: timeout)
            let answer = bytes.flatMap { try? Hector_Plugin_EmbedderInfo(serializedBytes: $0) }
            let info = answer.map {
                Info(modelName: $0.modelName, dimension: Int($0.dimension))
            }
            let stated = info.flatMap { $0.dimension > 0 ? $0.dimension : nil }
            dimension.withLock { dimension in
                dimension.stated = stated
                // A plugin that has died in the meantime is asked again.
                if bytes == nil { dimension.question = nil }
            }
            question.set(info)
        }
        return question
    }

    private func checkLength(_ vector: [Float]) -> Result<[Float], PluginError> {
        let problem: String? = dimension.withLock { dimension in
            // The length accepted before takes precedence over an answer that came late.
            let expected = dimension.first ?? dimension.stated ?? vector.count
            guard vector.count == expected else {
                return dimension.first == nil
                    ? "answered with \(vector.count) numbers, and says that it makes \(expected)"
                    : "answered with \(vector.count) numbers, before with \(expected)"
            }
            dimension.first = expected
            return nil
        }
        return problem.map { .failure(plugin.misbehaviour($0)) } ?? .success(vector)
    }

    package func info() async throws(PluginError) -> Info {
        let bytes = try await plugin.call(
            EmbedderMethod.getEmbedderInfo, [], timeout: timeout)
        let info: Hector_Plugin_EmbedderInfo = try plugin.decode(
            bytes, from: EmbedderMethod.getEmbedderInfo)
        return Info(modelName: info.modelName, dimension: Int(info.dimension))
    }

    private func embed(
        _ text: String, _ isolation: Plugin.Isolation
    ) async -> Result<[Float], PluginError> {
        do throws(PluginError) {
            let method = EmbedderMethod.embed
            let bytes = try await plugin.call(
                method, encode(request(text)), timeout: timeout, isolation: isolation)
            return check(try plugin.decode(bytes, from: method))
        } catch {
            return .failure(error)
        }
    }

    private func embedTogether(
        _ texts: [String]
    ) async throws(PluginError) -> [Result<[Float], PluginError>] {
        let batch = Hector_Plugin_EmbedBatchRequest.with {
            $0.requests = texts.map { self.request($0) }
        }
        let bytes = try await plugin.call(
            EmbedderBatchMethod.embedBatch, encode(batch), timeout: timeout,
            isolation: .divisible)
        let response: Hector_Plugin_EmbedBatchResponse = try plugin.decode(
            bytes, from: EmbedderBatchMethod.embedBatch)
        try plugin.require(response.responses.count, for: texts.count, "vectors", "texts")
        return response.responses.map(check)
    }

    private func request(_ text: String) -> Hector_Plugin_EmbedRequest {
        .with {
            $0.text = text
            $0.inputType = purpose
        }
    }

    private func check(_ response: Hector_Plugin_EmbedResponse) -> Result<[Float], PluginError> {
        guard response.error.isEmpty else {
            return .failure(plugin.refusal(response.error))
        }
        let vector = response.vector
        guard !vector.isEmpty else {
            return .failure(plugin.misbehaviour("answered with an empty vector"))
        }
        // Each term is 0 for a finite number and NaN for any other.
        if !vector.reduce(0, { $0 + $1 * 0 }).isFinite {
            let index = vector.firstIndex { !$0.isFinite } ?? 0
            return .failure(
                plugin.misbehaviour(
                    "answered with a vector whose number \(index + 1) is \(vector[index])"))
        }
        return .success(vector)
    }
}

extension Plugin {
    /// - Parameter method: The method that was called, with its service.
    /// - Throws: An error if the plugin's answer is not the expected message.
    func decode<M: Message>(_ bytes: [UInt8], from method: String) throws(PluginError) -> M {
        do { return try decodeAnswer(bytes) } catch {
            let name = method.split(separator: "/").last ?? ""
            throw misbehaviour("answered \(name) \(error.problem)")
        }
    }

    func misbehaviour(_ what: String) -> PluginError {
        PluginError(.misbehaved, "plugin '\(name)' \(what)")
    }

    /// Returns the error for an error text in the plugin's answer.
    func refusal(_ text: String) -> PluginError {
        PluginError(.failed, "plugin '\(name)': \(printable(text))")
    }

    /// - Throws: An error if the answer to a batch has a different number of items.
    func require(
        _ found: Int, for expected: Int, _ answers: String, _ questions: String
    ) throws(PluginError) {
        if found != expected {
            throw misbehaviour("answered \(expected) \(questions) with \(found) \(answers)")
        }
    }
}

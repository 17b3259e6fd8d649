internal import Messages
internal import PluginHost
internal import SwiftProtobuf
internal import Synchronization

func embedderPoints(_ subject: Subject) -> [Point] {
    let embedder = EmbedderWalk(subject)
    return [
        Point("GetEmbedderInfo tells the model and the dimension", embedder.checkInfo),
        Point("Embed answers with a finite vector of that dimension", quietly: embedder.checkOne),
        Point("the same text has a vector of the same length", embedder.checkTwice),
        Point("an empty text has a vector or an error", { try await embedder.check("", $0) }),
        Point("a text of 100 KB has a vector or an error") { caller in
            try await embedder.check(String(repeating: "a long text. ", count: 7877), caller)
        },
        Point("queries and documents have vectors", quietly: embedder.checkPurposes),
        Point("EmbedBatch answers each text", quietly: embedder.checkBatch),
        Point(
            "\(sideBySide) texts embedded side by side are not mixed up",
            quietly: embedder.checkSideBySide),
        cancellationPoint(
            "Embed",
            Hector_Plugin_EmbedRequest.with {
                $0.text = String(repeating: "a text that nobody waits for. ", count: 200)
            }),
    ]
}

/// The facts found about an embedder during the check.
private final class EmbedderWalk: Sendable {
    private let subject: Subject

    /// The length of its vectors as the embedder states it, or else the length of the first one.
    private let dimension = Mutex(Int?.none)

    init(_ subject: Subject) { self.subject = subject }

    func checkInfo(_ caller: Caller) async throws -> [String] {
        let info: Hector_Plugin_EmbedderInfo = try await caller.call(
            "GetEmbedderInfo", Hector_Plugin_Empty())
        if info.dimension < 1 {
            throw Finding(
                "the dimension is none", expected: "1 or more", found: "\(info.dimension)")
        }
        dimension.withLock { $0 = Int(info.dimension) }
        if info.modelName.isEmpty { throw Finding("the model has no name") }
        return ["the model is '\(info.modelName)', the dimension \(info.dimension)"]
    }

    func checkOne(_ caller: Caller) async throws {
        _ = try await vector(of: "the quick brown fox", caller)
    }

    func checkTwice(_ caller: Caller) async throws -> [String] {
        let first = try await vector(of: "twice", caller)
        let second = try await vector(of: "twice", caller)
        return first == second ? [] : ["the numbers differ from one call to the next"]
    }

    /// Checks that the embedder answers a text. Both a vector and an error are right.
    func check(_ text: String, _ caller: Caller) async throws -> [String] {
        let response = try await embed(text, caller)
        if !response.error.isEmpty { return ["it says: \(response.error)"] }
        try check(response.vector)
        return []
    }

    func checkPurposes(_ caller: Caller) async throws {
        for purpose in ["query", "document"] {
            let response = try await embed("what is a fox", as: purpose, caller)
            if !response.error.isEmpty {
                throw Finding("Embed refused a \(purpose): \(response.error)")
            }
            try check(response.vector)
        }
    }

    func checkBatch(_ caller: Caller) async throws {
        let texts = ["one", "two", "", "three"]
        let request = Hector_Plugin_EmbedBatchRequest.with {
            $0.requests = texts.map { text in .with { $0.text = text } }
        }
        let response: Hector_Plugin_EmbedBatchResponse? = try await caller.callIfServed(
            EmbedderBatchMethod.embedBatch, request)
        guard let response else { throw subject.lacks("EmbedderBatch") }
        if response.responses.count != texts.count {
            throw Finding(
                "the batch has another number of answers", expected: "\(texts.count)",
                found: "\(response.responses.count)")
        }
        for (text, response) in zip(texts, response.responses) where !text.isEmpty {
            if !response.error.isEmpty {
                throw Finding("EmbedBatch refused '\(text)': \(response.error)")
            }
            try check(response.vector)
        }
        let empty = response.responses[2]
        if empty.error.isEmpty { try check(empty.vector) }
    }

    func checkSideBySide(_ caller: Caller) async throws {
        let texts = ["red", "a blue bird", "green grass grows", "yellow"]
        var alone: [[Float]] = []
        for text in texts { alone.append(try await vector(of: text, caller)) }
        let expected = alone
        try await callSideBySide { number in
            let index = number % texts.count
            let vector = try await self.vector(of: texts[index], caller)
            // The direction alone does not prove much if vectors are short.
            if vector == expected[index] { return }
            let nearest = expected.indices.max {
                similarity(expected[$0], vector) < similarity(expected[$1], vector)
            }
            // Equal texts may have equal vectors, so the index alone does not prove anything.
            if let nearest, expected[nearest] != expected[index], nearest != index {
                throw Finding(
                    "'\(texts[index])' has the vector of another text",
                    [("other", texts[nearest])])
            }
        }
    }

    private func vector(of text: String, _ caller: Caller) async throws -> [Float] {
        let response = try await embed(text, caller)
        if !response.error.isEmpty { throw Finding("Embed refused '\(text)': \(response.error)") }
        try check(response.vector)
        return response.vector
    }

    private func embed(
        _ text: String, as purpose: String = "", _ caller: Caller
    ) async throws(Finding) -> Hector_Plugin_EmbedResponse {
        try await caller.call(
            "Embed",
            Hector_Plugin_EmbedRequest.with {
                $0.text = text
                $0.inputType = purpose
            })
    }

    private func check(_ vector: [Float]) throws(Finding) {
        if vector.isEmpty { throw Finding("the answer has neither a vector nor an error") }
        let expected = dimension.withLock { dimension in
            dimension = dimension ?? vector.count
            return dimension!
        }
        if vector.count != expected {
            throw Finding(
                "the vector has another length", expected: "\(expected)", found: "\(vector.count)")
        }
        if let index = vector.firstIndex(where: { !$0.isFinite }) {
            throw Finding("number \(index + 1) of the vector is \(vector[index])")
        }
    }
}

/// Returns the cosine of the angle between two vectors, or 0.
private func similarity(_ a: [Float], _ b: [Float]) -> Float {
    func product(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let lengths = (product(a, a) * product(b, b)).squareRoot()
    return lengths > 0 ? product(a, b) / lengths : 0
}

extension Subject {
    /// Returns the error for an optional service that is missing.
    func lacks(_ service: String) -> any Error {
        hasCapability("batch")
            ? Finding("the manifest says that there are batches, but there is no \(service)")
            : Inapplicable("there is no \(service)")
    }
}

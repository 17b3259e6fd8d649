import PluginKit
import Synchronization
import Waiting

/// An error as plugins throw them.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The events in the life of a plugin, in order.
final class Journal: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func note(_ line: String) {
        lines.withLock { $0.append(line) }
    }
}

/// An embedder that gives each text a vector of its length. Has only the single method.
final class SingleEmbedder: EmbedderProvider {
    static let manifest = Manifest(
        name: "single", version: "1.2.3", author: "A", description: "Counts.",
        hectorVersion: ">=0.1.0", capabilities: ["batch": "false"])

    let journal = Journal()
    private let dimension = Mutex(3)

    func configure(_ configuration: Configuration) async throws {
        let dimension = try configuration.int("dimension", default: 3, in: 1...10)
        self.dimension.withLock { $0 = dimension }
        journal.note("configure")
    }

    func embed(_ text: String, as type: InputType) async throws -> [Float] {
        if text == "fail" { throw Failure("cannot embed '\(text)'") }
        if text == "silent" { throw Failure("") }
        let value = Float(text.utf8.count) + (type == .query ? 0.5 : 0)
        return Array(repeating: value, count: dimension.withLock { $0 })
    }

    var embedderInfo: EmbedderInfo {
        EmbedderInfo(modelName: "length", dimension: dimension.withLock { $0 })
    }

    var health: Health { .unhealthy("not feeling well") }

    func shutdown() async { journal.note("shutdown") }
}

/// An embedder that has only the batch method.
struct BatchEmbedder: BatchEmbedderProvider {
    static let manifest = Manifest(name: "batch", version: "1.0.0")

    let embedderInfo = EmbedderInfo(modelName: "length", dimension: 1)

    func embed(_ requests: [EmbedRequest]) async throws -> [Result<[Float], any Error>] {
        if requests.contains(where: { $0.text == "all fail" }) { throw Failure("all of them") }
        if requests.contains(where: { $0.text == "too few" }) { return [] }
        return requests.map { request in
            request.text == "fail"
                ? .failure(Failure("cannot embed '\(request.text)'"))
                : .success([Float(request.text.utf8.count)])
        }
    }
}

/// A database that keeps documents in memory; the nearest are those with the nearest first number.
final class MemoryDatabase: BatchDatabaseProvider {
    static let manifest = Manifest(name: "memory", version: "1.0.0")

    private let collections = Mutex<[String: [String: UpsertRequest]]>([:])

    func upsert(_ requests: [UpsertRequest]) async throws -> [Result<Void, any Error>] {
        collections.withLock { collections in
            requests.map { request in
                guard collections[request.collection] != nil else {
                    return .failure(Failure("no collection '\(request.collection)'"))
                }
                collections[request.collection]![request.id] = request
                return .success(())
            }
        }
    }

    func search(
        _ requests: [SearchRequest]
    ) async throws -> [Result<[SearchResult], any Error>] {
        collections.withLock { collections in
            requests.map { request in
                guard let collection = collections[request.collection] else {
                    return .failure(Failure("no collection '\(request.collection)'"))
                }
                let results = collection.values.map { document in
                    SearchResult(
                        id: document.id, score: -abs(document.vector[0] - request.vector[0]),
                        metadata: document.metadata,
                        vector: request.includesVectors ? document.vector : [],
                        modelName: request.filter)
                }
                return .success(Array(results.sorted { $0.score > $1.score }.prefix(request.topK)))
            }
        }
    }

    func delete(_ requests: [DeleteRequest]) async throws -> [Result<Void, any Error>] {
        collections.withLock { collections in
            requests.map { request in
                collections[request.collection]?[request.id] = nil
                return .success(())
            }
        }
    }

    func createCollection(_ name: String, dimension: Int) async throws {
        guard dimension > 0 else { throw Failure("dimension \(dimension)") }
        collections.withLock { $0[name] = $0[name] ?? [:] }
    }

    func deleteCollection(_ name: String) async throws {
        guard collections.withLock({ $0.removeValue(forKey: name) }) != nil else {
            throw Failure("no collection '\(name)'")
        }
    }
}

/// A database whose searches wait until their calls are given up.
final class PatientDatabase: DatabaseProvider {
    static let manifest = Manifest(name: "patient", version: "1.0.0")

    /// Set once a search has begun, to its caller.
    let called = Latch<Caller?>()
    /// Set once a search has learnt that its call is given up.
    let givenUp = Latch<Void>()

    func search(_ request: SearchRequest) async throws -> [SearchResult] {
        called.set(Caller.current)
        // This is never set.
        _ = await Latch<Void>().wait()
        givenUp.set()
        throw CancellationError()
    }

    func upsert(_ request: UpsertRequest) async throws {}
    func delete(_ request: DeleteRequest) async throws {}
    func createCollection(_ name: String, dimension: Int) async throws {}
    func deleteCollection(_ name: String) async throws {}
}

/// A model that answers with nothing until the call is given up.
final class PatientModel: LLMProvider {
    static let manifest = Manifest(name: "patient-model", version: "1.0.0")

    let modelInfo = ModelInfo(modelName: "patient", maxTokens: 1, temperature: 0)
    let called = Latch<Caller?>()
    let givenUp = Latch<Void>()

    func generate(_ request: GenerateRequest) async throws -> GenerateResponse {
        called.set(Caller.current)
        _ = await Latch<Void>().wait()
        givenUp.set()
        throw CancellationError()
    }

    func generate(
        _ request: GenerateRequest, sendingTo writer: AnswerWriter
    ) async throws -> GenerateSummary {
        try await generate(request).summary
    }
}

/// A database that names the callers of its searches.
final class CallerDatabase: BatchDatabaseProvider {
    static let manifest = Manifest(name: "callers", version: "1.0.0")

    private let callers = Mutex<[Caller]>([])

    func search(_ requests: [SearchRequest]) async throws -> [Result<[SearchResult], any Error>] {
        guard let caller = Caller.current else { throw Failure("a call without a caller") }
        let number = callers.withLock { callers in
            if let number = callers.firstIndex(of: caller) { return number }
            callers.append(caller)
            return callers.count - 1
        }
        return requests.map { _ in .success([SearchResult(id: "\(number)", score: 0)]) }
    }

    func upsert(_ requests: [UpsertRequest]) async throws -> [Result<Void, any Error>] { [] }
    func delete(_ requests: [DeleteRequest]) async throws -> [Result<Void, any Error>] { [] }
    func createCollection(_ name: String, dimension: Int) async throws {}
    func deleteCollection(_ name: String) async throws {}
}

/// A model that repeats the last message word by word.
struct Parrot: LLMProvider {
    static let manifest = Manifest(name: "parrot", version: "1.0.0")

    let summary = GenerateSummary(
        tokensUsed: 7, usage: ["prompt_tokens": 3, "completion_tokens": 4], finishReason: "stop")

    func generate(_ request: GenerateRequest) async throws -> GenerateResponse {
        let last = request.messages.last
        guard let text = last?.content, !text.isEmpty else { throw Failure("nothing to repeat") }
        let calls = request.tools.map { tool in
            ToolCall(id: "1", name: tool.name, arguments: tool.parameters)
        }
        let prefix = try request.options.string("prefix", default: "")
        var summary = summary
        summary.reasoning = last?.reasoning ?? Reasoning()
        return GenerateResponse(text: prefix + text, toolCalls: calls, summary: summary)
    }

    func generate(
        _ request: GenerateRequest, sendingTo writer: AnswerWriter
    ) async throws -> GenerateSummary {
        let answer = try await generate(request)
        for word in answer.text.split(separator: " ") {
            if word == "break" { throw Failure("lost my voice") }
            try await writer.send(String(word))
        }
        for call in answer.toolCalls { try await writer.send(call) }
        return answer.summary
    }

    var modelInfo: ModelInfo {
        get async throws { throw Failure("no model in here") }
    }
}

/// A model that streams with the kit's default method.
struct Oracle: LLMProvider {
    static let manifest = Manifest(name: "oracle", version: "1.0.0")

    let modelInfo = ModelInfo(modelName: "oracle", maxTokens: 1000, temperature: 0.25)

    func generate(_ request: GenerateRequest) async throws -> GenerateResponse {
        GenerateResponse(text: "forty-two", summary: GenerateSummary(tokensUsed: 2))
    }
}

struct Calculator: ToolProvider {
    static let manifest = Manifest(name: "calculator", version: "1.0.0")

    let tools = [
        ToolInfo(
            name: "add", description: "Adds.", parameters: #"{"type":"object"}"#,
            hints: ToolInfo.Hints(isReadOnly: true, isDestructive: false)),
        ToolInfo(name: "fail", description: "Fails.", parameters: "{}", serverURL: "http://x"),
    ]

    func execute(_ name: String, arguments: String) async throws -> ToolOutput {
        guard name == "add" else { throw Failure("no tool '\(name)'") }
        return ToolOutput("sum of \(arguments)", metadata: ["unit": "none"])
    }
}

/// A tool that counts to three and reports each step.
struct Counter: ReportingToolProvider {
    static let manifest = Manifest(name: "counter", version: "1.0.0")

    let tools = [ToolInfo(name: "count", description: "Counts.", parameters: "{}")]

    func execute(
        _ name: String, arguments: String, reportingTo reporter: ToolReporter
    ) async throws -> ToolOutput {
        guard name == "count" else { throw Failure("no tool '\(name)'") }
        for number in 1...3 {
            reporter.report(Double(number), of: number == 3 ? nil : 3, "at \(number)")
        }
        return ToolOutput("counted")
    }
}

/// A strategy that stops after the configured number of iterations.
struct Countdown: ReasoningStrategy {
    static let manifest = Manifest(name: "countdown", version: "1.0.0", description: "Counts.")

    func prepareIteration(_ iteration: Int, state: inout ReasoningState) async throws {
        if iteration < 1 { throw Failure("no iteration \(iteration)") }
        state.customState["seen"] = "\(iteration) of \(state.query)"
    }

    func contextInjection(state: ReasoningState) async throws -> String {
        state.conversation.map { "\($0.role.rawValue): \($0.content)" }.joined(separator: "\n")
    }

    func afterIteration(_ iteration: Int, turn: Turn, state: inout ReasoningState) async throws {
        state.customState["results"] = turn.results.map(\.content).joined(separator: ",")
    }

    let promptSlots = PromptSlots(systemRole: "You count.", additional: "Down.")
}

/// A reranker whose scores are the lengths of the texts.
struct LengthReranker: RerankerProvider {
    static let manifest = Manifest(name: "length-reranker", version: "1.0.0")

    let rerankerInfo = RerankerInfo(modelName: "length", maxTokens: 7)

    func rerank(
        _ texts: [String], for query: String, limit: Int
    ) async throws -> [RerankScore] {
        if query.isEmpty { throw Failure("no question") }
        let scores = texts.enumerated().map {
            RerankScore(index: $0.offset, score: Float($0.element.count))
        }
        return Array(scores.sorted { $0.score > $1.score }.prefix(limit))
    }
}

/// A plugin that fails with an error of the kind that the text names.
struct Failing: BatchEmbedderProvider, LLMProvider {
    static let manifest = Manifest(name: "failing", version: "1.0.0")

    let embedderInfo = EmbedderInfo(modelName: "none", dimension: 1)
    let modelInfo = ModelInfo(modelName: "none", maxTokens: 0, temperature: 0)

    func embed(_ requests: [EmbedRequest]) async throws -> [Result<[Float], any Error>] {
        throw error(requests[0].text)
    }

    func generate(_ request: GenerateRequest) async throws -> GenerateResponse {
        throw error(request.messages[0].content)
    }

    private func error(_ kind: String) -> CallError {
        CallError(CallError.Kind.allCases.first { "\($0)" == kind }!, "this is \(kind)")
    }
}

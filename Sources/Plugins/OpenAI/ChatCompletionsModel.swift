internal import JSON
internal import ModelServers
package import PluginKit
internal import Synchronization

/// A model behind `/chat/completions`.
package final class ChatCompletionsModel: Sendable {
    private let settings: ChatSettings
    private let server: ModelServer
    private let name: ModelName
    private let log: Logger
    private let dialect: Mutex<Dialect>

    package init(_ settings: ChatSettings, log: Logger = Logger()) {
        self.settings = settings
        self.log = log
        server = ModelServer(settings.server, headers: settings.server.authorization, log: log)
        name = ModelName(settings.model, of: server)
        dialect = Mutex(Dialect(saysCompletionTokens: settings.server.isOpenAI))
    }

    package var info: ModelInfo {
        get async throws {
            ModelInfo(
                modelName: try await server.reportingErrors { try await name.value },
                maxTokens: settings.maxTokens ?? 0,
                // This is the server's default for a request without a temperature.
                temperature: settings.temperature ?? 1)
        }
    }

    package func generate(_ request: GenerateRequest) async throws -> GenerateResponse {
        try await server.reportingErrors {
            let answer = try await speaking(mayRepeat: { true }) { dialect in
                let body = try await body(request, dialect, streams: false)
                return try await server.post("chat/completions", body) { answer in
                    try await read(answer, request) { _ in }
                }
            }
            note(answer)
            return GenerateResponse(
                text: answer.text, toolCalls: try answer.toolCalls(),
                summary: try answer.summary())
        }
    }

    package func generate(
        _ request: GenerateRequest, sendingTo writer: AnswerWriter
    ) async throws -> GenerateSummary {
        try await server.reportingErrors {
            let sink = AnswerSink(writer)
            let answer = try await speaking(mayRepeat: { !sink.hasBegun }) { dialect in
                let body = try await body(request, dialect, streams: true)
                return try await server.stream("chat/completions", body, into: sink) { answer in
                    try await read(answer, request) { try await sink.send($0) }
                }
            }
            note(answer)
            try await sink.send(answer.toolCalls())
            return try answer.summary()
        }
    }

    /// - Parameter hand: Gets the text as it comes.
    private func read(
        _ answer: ModelServer.Answer, _ request: GenerateRequest,
        _ hand: (String) async throws -> Void
    ) async throws -> ChatAnswer {
        let names = ChatSettings.names(of: request)
        switch answer {
        case .events(let events):
            var answer = ChatAnswer(names: names, origin: server.origin)
            try await answer.receive(events, hand)
            return answer
        case .whole(let value):
            let answer = try ChatAnswer(value, names: names, origin: server.origin)
            try await hand(answer.text)
            return answer
        }
    }

    private func body(
        _ request: GenerateRequest, _ dialect: Dialect, streams: Bool
    ) async throws -> Value {
        let ownName = request.options["model"] ?? ""
        return try settings.body(
            request, model: ownName.isEmpty ? await name.value : ownName, dialect: dialect,
            streams: streams)
    }

    /// Runs `body` in the dialect that the server is known to understand, or else in another.
    private func speaking<R>(
        mayRepeat: () -> Bool, _ body: (Dialect) async throws -> R
    ) async throws -> R {
        var current = dialect.withLock { $0 }
        var tried: [Dialect] = []
        while true {
            do {
                let result = try await body(current)
                if !tried.isEmpty { dialect.withLock { [current] in $0 = current } }
                return result
            } catch {
                tried.append(current)
                guard mayRepeat(), let refusal = refusal(in: error),
                    let other = current.afterRefusal(refusal), !tried.contains(other)
                else { throw error }
                current = other
            }
        }
    }

    private func note(_ answer: ChatAnswer) {
        if !answer.reasoning.isEmpty {
            log.debug("the model thought", ["reasoning": answer.reasoning])
        }
    }
}

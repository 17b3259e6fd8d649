internal import ModelServers
package import PluginKit

/// A model behind `/v1/messages`.
package final class MessagesModel: Sendable {
    private let settings: MessagesSettings
    private let server: ModelServer
    private let log: Logger

    package init(_ settings: MessagesSettings, log: Logger = Logger()) {
        self.settings = settings
        self.log = log
        server = ModelServer(settings.server, headers: settings.headers, log: log)
    }

    package var info: ModelInfo {
        // This is the server's own default for a request without a temperature.
        ModelInfo(
            modelName: settings.model, maxTokens: settings.maxTokens,
            temperature: settings.temperature ?? 1)
    }

    package func generate(_ request: GenerateRequest) async throws -> GenerateResponse {
        try await server.reportingErrors {
            let tool = try answerTool(request)
            let answer = try await thinking(of: request, mayRepeat: { true }) { request in
                let body = try settings.body(request, answerTool: tool, streams: false)
                return try await server.post(settings.path, body) { answer in
                    try await read(answer, request, tool) { _ in }
                }
            }
            note(answer)
            return GenerateResponse(
                text: answer.text, toolCalls: answer.toolCalls, summary: answer.summary)
        }
    }

    package func generate(
        _ request: GenerateRequest, sendingTo writer: AnswerWriter
    ) async throws -> GenerateSummary {
        try await server.reportingErrors {
            let sink = AnswerSink(writer)
            let tool = try answerTool(request)
            let answer = try await thinking(of: request, mayRepeat: { !sink.hasBegun }) {
                request in
                let body = try settings.body(request, answerTool: tool, streams: true)
                return try await server.stream(settings.path, body, into: sink) { answer in
                    try await read(answer, request, tool) { try await sink.send($0) }
                }
            }
            note(answer)
            try await sink.send(answer.unsentText)
            try await sink.send(answer.toolCalls)
            return answer.summary
        }
    }

    /// - Parameter hand: Gets the text as it comes.
    private func read(
        _ answer: ModelServer.Answer, _ request: GenerateRequest, _ tool: AnswerTool?,
        _ hand: (String) async throws -> Void
    ) async throws -> MessagesAnswer {
        let names = MessagesSettings.names(of: request, tool)
        switch answer {
        case .events(let events):
            var answer = MessagesAnswer(answerTool: tool, names: names, origin: server.origin)
            try await answer.receive(events, hand)
            return answer
        case .whole(let value):
            let answer = try MessagesAnswer(
                value, answerTool: tool, names: names, origin: server.origin)
            if tool == nil { try await hand(answer.text) }
            return answer
        }
    }

    /// Asks again without the model's thoughts if the server does not accept those it gets, as
    /// after a change of the model or behind a proxy.
    private func thinking(
        of request: GenerateRequest, mayRepeat: () -> Bool,
        _ body: (GenerateRequest) async throws -> MessagesAnswer
    ) async throws -> MessagesAnswer {
        do { return try await body(request) } catch {
            guard mayRepeat(), let refusal = refusal(in: error), refusal.status == 400,
                ["thinking", "signature"].contains(where: refusal.message.contains),
                request.messages.contains(where: { !$0.reasoning.details.isEmpty })
            else { throw error }
            var request = request
            for place in request.messages.indices {
                request.messages[place].reasoning = Reasoning()
            }
            return try await body(request)
        }
    }

    private func answerTool(_ request: GenerateRequest) throws(CallError) -> AnswerTool? {
        request.responseSchema.isEmpty ? nil : try AnswerTool(schema: request.responseSchema)
    }

    private func note(_ answer: MessagesAnswer) {
        if !answer.reasoning.isEmpty {
            log.debug("the model thought", ["reasoning": answer.reasoning])
        }
    }
}

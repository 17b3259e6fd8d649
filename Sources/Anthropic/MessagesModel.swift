internal import HTTP
internal import JSON
internal import ModelServers
package import PluginKit

/// A model behind `/v1/messages`.
package final class MessagesModel: Sendable {
    private let settings: MessagesSettings
    private let server: ModelServer
    private let thoughts = Thoughts()
    private let log: Logger

    package init(_ settings: MessagesSettings, log: Logger = Logger()) {
        self.settings = settings
        self.log = log
        server = ModelServer(settings.server, headers: settings.headers, log: log)
    }

    package var info: ModelInfo {
        // What the server takes that is not told another temperature.
        ModelInfo(
            modelName: settings.model, maxTokens: settings.maxTokens,
            temperature: settings.temperature ?? 1)
    }

    package func generate(_ request: GenerateRequest) async throws -> GenerateResponse {
        try await server.reportingErrors {
            let tool = try answerTool(request)
            let value = try await server.post(
                settings.path, try body(request, tool, streams: false))
            let answer = try MessagesAnswer(value, answerTool: tool)
            note(answer)
            return GenerateResponse(
                text: answer.text, toolCalls: answer.toolCalls, summary: answer.summary)
        }
    }

    package func generate(
        _ request: GenerateRequest, sendingTo writer: AnswerWriter
    ) async throws -> GenerateSummary {
        try await server.reportingErrors {
            let outlet = Outlet(writer)
            let tool = try answerTool(request)
            let body = try body(request, tool, streams: true)
            let answer = try await server.stream(settings.path, body, into: outlet) { answer in
                switch answer {
                case .events(let events):
                    return try await read(events, MessagesAnswer(answerTool: tool), outlet)
                case .whole(let value):
                    let answer = try MessagesAnswer(value, answerTool: tool)
                    if tool == nil { try await outlet.send(answer.text) }
                    return answer
                }
            }
            note(answer)
            try await outlet.send(answer.unsentText)
            try await outlet.send(answer.toolCalls)
            return answer.summary
        }
    }

    private func read(
        _ events: Events, _ empty: MessagesAnswer, _ outlet: Outlet
    ) async throws -> MessagesAnswer {
        var answer = empty
        while !answer.isDone {
            let event: ServerEvent?
            do { event = try await events.next() } catch {
                // All of it had come, but for the good-bye.
                if answer.isComplete { return answer }
                throw error
            }
            guard let event else {
                if answer.isComplete { return answer }
                throw CutOff()
            }
            if event.data.isEmpty { continue }
            try await outlet.send(answer.receive(event.data))
        }
        return answer
    }

    private func answerTool(_ request: GenerateRequest) throws(CallError) -> AnswerTool? {
        request.responseSchema.isEmpty ? nil : try AnswerTool(schema: request.responseSchema)
    }

    private func body(
        _ request: GenerateRequest, _ tool: AnswerTool?, streams: Bool
    ) throws(CallError) -> Value {
        try settings.body(
            request, answerTool: tool, streams: streams, thoughts: { thoughts.before($0) })
    }

    private func note(_ answer: MessagesAnswer) {
        thoughts.remember(answer.thoughts, before: answer.toolCalls.map(\.id))
        if !answer.reasoning.isEmpty {
            log.debug("the model thought", ["reasoning": answer.reasoning])
        }
    }
}

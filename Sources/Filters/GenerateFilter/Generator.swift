package import ChatModel
internal import FilterKit
package import JSON
internal import PluginFilterKit
package import PluginHost
internal import Synchronization
package import Taint

/// Gets a model's answers to records.
package final class Generator: Sendable {
    /// The default time limit of one answer.
    package static let defaultTimeout = Duration.seconds(600)

    private let llm: LLM
    private let settings: Settings
    private let used = Mutex(Usage())
    private let cannotStream = Atomic<Bool>(false)

    /// The settings shared by all records.
    package struct Settings: Sendable {
        package var prompt: Prompt
        /// The member that holds a record's text, or nil for the usual ones.
        package var field: String?
        /// The tools offered in addition to a record's own.
        package var tools: [ToolDefinition]
        /// The sources of untrusted descriptions of those tools.
        package var toolSources: TaintSources
        package var schema: AnswerSchema?
        /// The options of each call, which come after the record's own.
        package var options: [String: String]
        /// True if the first code block of the answer is added as `extracted`.
        package var extracts: Bool
        /// True if each record has to name its model because no other is chosen.
        package var needsModel = false

        package init(
            prompt: Prompt, field: String? = nil, tools: [ToolDefinition] = [],
            toolSources: TaintSources = TaintSources(),
            schema: AnswerSchema? = nil, options: [String: String] = [:], extracts: Bool = false
        ) {
            self.prompt = prompt
            self.field = field
            self.tools = tools
            self.toolSources = toolSources
            self.schema = schema
            self.options = options
            self.extracts = extracts
        }
    }

    /// Gets each piece of an answer; the model waits for it.
    package typealias Receiver = (String) async throws(PluginError) -> Void

    package init(_ llm: LLM, _ settings: Settings) {
        self.llm = llm
        self.settings = settings
    }

    package var plugin: Plugin { llm.plugin }

    /// The usage of all answers so far.
    package var usage: Usage { used.withLock { $0 } }

    /// Adds the answer to a record, or leaves the record alone if there is nothing to answer.
    ///
    /// - Parameter receive: The receiver of the answer's pieces; nil to get the answer whole.
    /// - Returns: The answer; nil if there was nothing to answer.
    /// - Throws: `RecordError` for a mistake in the record or the answer; `PluginError`.
    @discardableResult
    package func answer(
        _ record: inout Record, _ receive: Receiver? = nil
    ) async throws -> LLM.Answer? {
        guard let conversation = try Conversation(record, field: settings.field, settings.prompt)
        else { return nil }
        let batch = try BatchBody(record)
        if settings.needsModel, batch.options["model"] == nil {
            throw RecordError(
                "no_model", "the line has no 'body.model', and no other model is chosen; give -m")
        }
        let schema = batch.schema ?? settings.schema
        let request = LLM.Request(
            messages: conversation.messages(quoting: try record.passages()),
            tools: try tools(of: record),
            options: settings.options.merging(batch.options) { $1 },
            responseSchema: batch.sendsSchema ? schema?.json ?? "" : "")
        var answer = try await ask(request, receive)
        if let schema, answer.toolCalls.isEmpty {
            answer.text = try await fit(&answer, to: schema, request, mayAskAgain: receive == nil)
        }
        for index in answer.toolCalls.indices {
            // If the model was cut off, missing arguments are not the same as no arguments.
            if answer.toolCalls[index].arguments.isEmpty, answer.finishReason != "length" {
                answer.toolCalls[index].arguments = "{}"
            }
            // Without an id, the result could not be matched with its call.
            if answer.toolCalls[index].id.isEmpty {
                answer.toolCalls[index].id = "call_\(conversation.messages.count)_\(index + 1)"
            }
        }
        let sources = sources(of: record, conversation)
        try conversation.append(answer, mark(answer, sources), to: &record)
        // A program that makes a summary of the messages may keep this.
        if !sources.isEmpty { record.set(sources) }
        if let usage = answer.usageJSON {
            record.set("usage", json: usage)
        } else if record.has("usage") {
            // The member belongs to an earlier answer.
            record.set("usage", json: "null".utf8)
        }
        if !answer.finishReason.isEmpty {
            record.set("finish_reason") { $0.appendJSON(string: answer.finishReason) }
        }
        if settings.extracts {
            record.set("extracted") {
                $0.appendJSON(string: CodeBlock.first(in: answer.text) ?? answer.text)
            }
        }
        return answer
    }

    /// Returns the sources of all that the model reads for an answer.
    private func sources(of record: Record, _ conversation: Conversation) -> TaintSources {
        let key = try? TaintKey.ofUser.get()
        var sources = TaintSources()
        sources.add(messages: conversation.elements, key: key)
        if conversation.isOfText { sources.add(documentOf: record) }
        sources.add(partsOf: record, key: key)
        sources.add(settings.toolSources)
        return sources
    }

    private func mark(_ answer: LLM.Answer, _ sources: TaintSources) -> TaintMark {
        TaintMark(
            answer: answer.text,
            calls: answer.toolCalls.map {
                TaintMark.Call(id: $0.id, name: $0.name, arguments: $0.arguments)
            },
            sources: sources, key: try? TaintKey.ofUser.get())
    }

    private func ask(
        _ request: LLM.Request, _ receive: Receiver?
    ) async throws(PluginError) -> LLM.Answer {
        var answer: LLM.Answer
        if let receive, !cannotStream.load(ordering: .relaxed) {
            do {
                answer = try await llm.stream(request, receive)
            } catch  where error.code == .unsupported {
                cannotStream.store(true, ordering: .relaxed)
                answer = try await whole(request, receive)
            }
        } else {
            answer = try await whole(request, receive)
        }
        used.withLock { $0.add(answer) }
        return answer
    }

    private func whole(
        _ request: LLM.Request, _ receive: Receiver?
    ) async throws(PluginError) -> LLM.Answer {
        let answer = try await llm.generate(request)
        if !answer.text.isEmpty { try await receive?(answer.text) }
        return answer
    }

    /// Returns the answer's JSON, and asks once more if the first answer does not match.
    private func fit(
        _ answer: inout LLM.Answer, to schema: AnswerSchema, _ request: LLM.Request,
        mayAskAgain: Bool
    ) async throws -> String {
        do { return try schema.check(answer.text) } catch {
            guard mayAskAgain else { throw error }
            var request = request
            request.messages.append(
                ChatMessage(
                    role: .assistant, content: answer.text, reasoning: answer.reasoning))
            request.messages.append(
                ChatMessage(
                    role: .user,
                    content: """
                        That is not what was asked for: \(error.message). Answer again with \
                        nothing but JSON that fits this schema:
                        \(schema.json)
                        """))
            let first = answer
            answer = try await ask(request, nil)
            answer.add(first)
            return try schema.check(answer.text)
        }
    }

    /// Returns the record's own tools and those of all records, each name once.
    private func tools(of record: Record) throws(RecordError) -> [ToolDefinition] {
        guard let value = record.value("tools") ?? record.value("body")?["tools"] else {
            return settings.tools
        }
        let own = try ToolDefinition.list(value)
        let names = Set(own.map(\.name))
        return own + settings.tools.filter { !names.contains($0.name) }
    }
}

extension LLM.Answer {
    /// Adds the usage of another answer to this one.
    fileprivate mutating func add(_ other: LLM.Answer) {
        tokens += other.tokens
        usage.merge(other.usage) { $0 + $1 }
    }
}

/// The usage of answers.
package struct Usage: Equatable, Sendable {
    package private(set) var total = 0
    package private(set) var prompt = 0
    package private(set) var completion = 0

    /// True if a model has reported its usage.
    package private(set) var isReported = false

    package init() {}

    package mutating func add(_ answer: LLM.Answer) {
        isReported = isReported || answer.reportsUsage
        total += answer.usage["total_tokens"] ?? answer.tokens
        prompt += answer.usage["prompt_tokens"] ?? 0
        completion += answer.usage["completion_tokens"] ?? 0
    }
}

extension Usage: CustomStringConvertible {
    package var description: String {
        guard isReported else { return "tokens unknown: the model reports none" }
        let parts = prompt + completion > 0 ? " (\(prompt) in, \(completion) out)" : ""
        return "\(total) tokens\(parts)"
    }
}

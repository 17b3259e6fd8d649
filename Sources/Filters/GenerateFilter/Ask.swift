internal import ChatModel
package import FilterKit
package import JSON
internal import PluginFilterKit
internal import PluginHost
internal import Unix

/// Gets the answer to a record and prints it as it comes.
package struct Ask: Sendable {
    private let generator: Generator
    private let form: Form
    private let streams: Bool

    /// The form of the output.
    package enum Form: Sendable {
        case text
        /// Only the first code block, or the whole answer if there is none.
        case code
        /// Lines of JSON: the pieces as they come, if the answer is streamed, and then the record.
        case json
    }

    /// - Parameter streams: True to print pieces as they come. Code and answers that have to match
    ///   a schema are never streamed, as they are known to be right only once they are complete.
    package init(_ generator: Generator, _ form: Form, streams: Bool) {
        self.generator = generator
        self.form = form
        self.streams = streams
    }

    /// - Throws: `Failure` if there is no answer, and `OutputError` if the output cannot be
    ///   written.
    package func run(_ record: Record) async throws -> ExitStatus {
        let writer = LineWriter()
        var record = record
        var hasStarted = false
        var endsLine = true
        var outputError: OutputError?
        func show(_ text: String) async throws(PluginError) {
            hasStarted = true
            endsLine = text.utf8.last == UInt8(ascii: "\n")
            switch form {
            case .json: writer.append(event(text))
            case .text, .code: writer.append(text.utf8)
            }
            do throws(OutputError) { try await writer.flush() } catch {
                outputError = error
                throw PluginError(.cancelled, "nobody reads")
            }
        }
        let answer: LLM.Answer?
        do {
            answer = try await generator.answer(&record, streams ? show : nil)
        } catch {
            if let outputError { throw outputError }
            // The pieces already printed stay, on lines of their own.
            if form != .json, !endsLine { writer.append(UInt8(ascii: "\n")) }
            try await writer.finish()
            switch error {
            case let error as PluginError: throw Failure(error)
            case let error as RecordError: throw Failure(.incomplete, error.message)
            default: throw error
            }
        }
        let text = answer?.text ?? ""
        switch form {
        case .json: writer.append(record.bytes + [UInt8(ascii: "\n")])
        case .code: writer.append(line(CodeBlock.first(in: text) ?? text))
        case .text:
            if !hasStarted {
                writer.append(line(text))
            } else if !endsLine {
                writer.append(UInt8(ascii: "\n"))
            }
        }
        try await writer.finish()
        return form == .json ? .success : status(of: answer)
    }

    /// Returns the status, as text cannot state what a record could.
    private func status(of answer: LLM.Answer?) -> ExitStatus {
        guard let answer else { return .success }
        if answer.finishReason == "length" {
            Diagnostics.warn("the answer was cut off: it is too long")
        }
        // The text says so to the user; a script gets the status.
        if answer.finishReason == "nothing_found" { return .incomplete }
        guard let call = answer.toolCalls.first else { return .success }
        Diagnostics.error(
            "the model wants to call '\(call.name)'; use --json and pipe into hector-tool to let it"
        )
        return .incomplete
    }

    private func event(_ text: String) -> [UInt8] {
        var event = Array(#"{"event":"delta","text":"#.utf8)
        event.appendJSON(string: text)
        event += "}\n".utf8
        return event
    }

    /// Returns the text and its end of line; nothing for an empty text.
    private func line(_ text: String) -> [UInt8] {
        Array((text.isEmpty || text.hasSuffix("\n") ? text : text + "\n").utf8)
    }
}

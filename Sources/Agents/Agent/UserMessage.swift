package import FilterKit
package import JSON
internal import Taint

/// The message that begins a run: a question, preceded by the text that was given as its context.
///
/// Its member `context`, which is kept in sessions and traces but reaches no stage, holds the parts
/// that the model must not read as the user's words: the question alone, the names and sizes of the
/// files, and the passages.
package struct UserMessage: Equatable, Sendable {
    /// The message as sessions and traces hold it.
    package let value: Value

    package init(_ question: String, context: InputContext? = nil) {
        guard let context else {
            value = ["role": "user", "content": .string(question)]
            return
        }
        var members: Members = [
            "question": .string(question),
            "files": .array(
                context.sources.map {
                    ["name": .string($0.name), "bytes": .number("\($0.bytes)")]
                }),
        ]
        if !context.results.isEmpty { members.append("results", .array(context.results)) }
        var message: Members = [
            "role": "user", "content": .string(context.text(before: question)),
        ]
        if !context.taint.isEmpty { message.append(TaintMark.sourcesKey, context.taint.value) }
        message.append("context", .object(members))
        value = .object(message)
    }

    /// - Parameter value: The message in a session or trace; nil for a message without text.
    package init(value: Value?) { self.value = value ?? ["role": "user", "content": ""] }

    /// The user's question, with which the sources are searched.
    package var question: String { value["context"]?["question"]?.string ?? content }

    /// The whole text of the user's message.
    package var content: String { value["content"]?.string ?? "" }

    /// The name and size of each file that was given; nil if none was.
    var files: Value? { value["context"]?["files"] }
}

extension Value {
    /// The passages that a user gave with this message.
    var givenPassages: [Value] {
        self["role"] == "user" ? self["context"]?["results"]?.array ?? [] : []
    }

    /// The message as stages get it.
    package var withoutContext: Value {
        guard let members = object, members["context"] != nil else { return self }
        return .object(Members(members.filter { $0.key != "context" }.map { ($0.key, $0.value) }))
    }
}

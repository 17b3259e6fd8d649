internal import ChatModel
internal import JSON
internal import PluginFilterKit
package import Taint

/// The origin of a call as far as it is known: who asks for it, and what the model had read.
package struct CallOrigin: Sendable {
    /// The agent, if it is an agent's.
    package var agent: String?

    /// The id of the run or the record.
    package var run: String?

    /// The question that the run answers.
    package var question: String?

    /// The untrusted sources and that the model had read before it made the call.
    /// Empty for a call of the user's own.
    package var sources = TaintSources()

    /// The arguments with which the model called the same tool before it had read anything of that
    /// kind; nil if it did not, or that is not known.
    package var earlier: String?

    package init() {}

    /// The member in which a program that runs filters says who asks.
    static let member = "asked_by"

    /// Returns the sources that count for a call of a plugin: what a plugin says about its own
    /// tools does not lead astray from them.
    func sources(forPlugin name: String) -> TaintSources {
        let own = TaintSources.descriptions(ofPlugin: name)
        return TaintSources(sources.names.filter { $0 != own })
    }
}

extension CallOrigin {
    /// Finds the origins of the pending calls of a record.
    static func all(of calls: [ToolCall], in record: Record, key: TaintKey?) -> [CallOrigin] {
        let messages = record.value("messages")?.array ?? []
        let asked = record.value(member)
        var common = CallOrigin()
        common.agent = asked?["agent"]?.string
        common.run = asked?["run"]?.string ?? record.idText
        common.question = asked?["question"]?.string ?? messages.lastQuestion
        common.sources.add(messages: messages, key: key)
        common.sources.add(partsOf: record, key: key)
        let message = messages.last { $0["role"]?.string == "assistant" }
        return calls.map { call in
            var origin = common
            let signed = TaintMark.Call(id: call.id, name: call.name, arguments: call.arguments)
            if message.flatMap({ TaintMark.sources(of: signed, in: $0, key: key) }) == nil {
                origin.sources.add(TaintSources.unmarkedAnswer)
            }
            if !origin.sources.isEmpty {
                origin.earlier =
                    asked?["earlier"]?[call.name]?.string
                    ?? earlier(call, in: messages.dropLast(), key)
            }
            return origin
        }
    }

    /// Returns the arguments of the last call of the same tool by a model that had read nothing
    /// that is not trusted.
    private static func earlier(
        _ call: ToolCall, in messages: ArraySlice<Value>, _ key: TaintKey?
    ) -> String? {
        for message in messages.reversed() {
            for earlier in (message["tool_calls"]?.array ?? []).reversed() {
                guard let name = earlier["function"]?["name"]?.string, name == call.name,
                    let id = earlier["id"]?.string, id != call.id,
                    let arguments = earlier["function"]?["arguments"]?.string
                else { continue }
                let signed = TaintMark.Call(id: id, name: name, arguments: arguments)
                if TaintMark.sources(of: signed, in: message, key: key)?.isEmpty == true {
                    return arguments
                }
            }
        }
        return nil
    }
}

extension [Value] {
    /// The text of the last message of the user's.
    fileprivate var lastQuestion: String? {
        last { $0["role"]?.string == "user" }?["content"]?.string
    }
}

extension Record {
    fileprivate var idText: String? {
        let id = value("id") ?? value("custom_id")
        return id?.string ?? id.map { "\($0)" }
    }
}

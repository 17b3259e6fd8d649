internal import JSON
internal import ModelServers
package import PluginKit

/// The tool that a model has to call when its answer must match a schema: the input is the answer.
/// All models that know tools can do that, and with any schema.
package struct AnswerTool: Sendable, Equatable {
    static let name = "answer"

    /// True if the answer is a member of the input, which has to be an object.
    let isWrapped: Bool

    private let schema: Value

    /// The name of that member.
    private static let member = "answer"

    /// - Parameter schema: A JSON Schema.
    package init(schema text: String) throws(CallError) {
        let schema = try Value(schema: text, of: "the answer")
        isWrapped = schema["type"] != "object"
        guard isWrapped, let members = schema.object else {
            self.schema = schema
            return
        }
        // References begin at the root.
        var root: Members = ["type": "object"]
        var inner = Members()
        for (name, value) in members {
            if name == "$defs" || name == "definitions" {
                root.append(name, value)
            } else {
                inner.append(name, value)
            }
        }
        root.append("properties", .object([Self.member: .object(inner)]))
        root.append("required", [.string(Self.member)])
        self.schema = .object(root)
    }

    var definition: Value {
        [
            "name": .string(Self.name),
            "description": "Gives the final answer. Call it once, when the answer is known.",
            "input_schema": schema,
        ]
    }

    /// - Parameter input: The JSON that the model gave.
    func answer(in input: String) -> String {
        guard isWrapped, let value = try? Value(parsing: Array(input.utf8)) else { return input }
        return value[Self.member]?.description ?? input
    }
}

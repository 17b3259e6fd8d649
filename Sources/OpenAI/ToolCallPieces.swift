internal import JSON
internal import ModelServers
internal import PluginKit

/// Tool calls that come in pieces.
///
/// OpenAI numbers the calls, names each once and sends its arguments bit by bit. Other servers
/// leave out the number, give each call the number 0, repeat id and name with every piece, or
/// send the arguments as an object.
struct ToolCallPieces: Sendable {
    private struct Call {
        var index: Int?
        var id = ""
        var name = ""
        var arguments = ""
    }

    private var calls: [Call] = []

    var isEmpty: Bool { calls.isEmpty }

    /// - Parameter piece: An element of `tool_calls`.
    mutating func receive(_ piece: Value) {
        let id = piece["id"]?.string ?? ""
        let index = piece["index"]?.int
        let position = position(index: index, id: id, name: piece["function"]?["name"]?.string)
        if !id.isEmpty { calls[position].id = id }
        if let name = piece["function"]?["name"]?.string, name != calls[position].name {
            calls[position].name += name
        }
        switch piece["function"]?["arguments"] {
        case .string(let text): calls[position].arguments += text
        case .object(let object): calls[position].arguments = Value.object(object).description
        default: break
        }
    }

    /// Finds the call that a piece belongs to, or makes it.
    private mutating func position(index: Int?, id: String, name: String?) -> Int {
        let position: Int?
        if let index {
            position = calls.lastIndex { $0.index == index }
        } else if !id.isEmpty {
            position = calls.lastIndex { $0.id == id }
        } else {
            // Without a number and an id, a name begins a call.
            position = name.map { $0.isEmpty } ?? true ? calls.indices.last : nil
        }
        // One number for two ids is none.
        if let position, calls[position].id.isEmpty || id.isEmpty || calls[position].id == id {
            return position
        }
        if index != nil, !id.isEmpty, let position = calls.lastIndex(where: { $0.id == id }) {
            return position
        }
        calls.append(Call(index: index))
        return calls.count - 1
    }

    /// - Throws: ``Malformed`` for one without a name.
    func complete() throws -> [ToolCall] {
        // Those without a number are in the order in which they came.
        let ordered = calls.enumerated().sorted { left, right in
            (left.element.index ?? left.offset, left.offset)
                < (right.element.index ?? right.offset, right.offset)
        }
        return try ordered.map { _, call in
            guard !call.name.isEmpty else { throw Malformed("a tool call without a name") }
            return ToolCall(
                id: call.id, name: call.name,
                arguments: call.arguments.isEmpty ? "{}" : call.arguments)
        }
    }
}

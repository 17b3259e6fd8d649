import JSON

/// An item of a list of things to do.
struct Todo: Equatable, Sendable {
    enum Status: String, CaseIterable {
        case pending
        case inProgress = "in_progress"
        case completed, cancelled
    }

    let id: String
    let content: String
    let status: Status

    private static let most = 200

    /// Reads a list, in which items without an id get their number as one.
    static func list(_ value: Value) throws(ToolError) -> [Todo] {
        guard let array = value.array else {
            throw ToolError("argument 'todos' is \(value.kind): expected an array")
        }
        guard array.count <= most else {
            throw ToolError("'todos' has \(array.count) entries: expected at most \(most)")
        }
        var todos: [Todo] = []
        for (index, value) in array.enumerated() {
            let todo = try Todo(value, number: index + 1)
            if todos.contains(where: { $0.id == todo.id }) {
                throw ToolError("the id '\(todo.id)' is there twice: expected a different one each")
            }
            todos.append(todo)
        }
        let current = todos.filter { $0.status == .inProgress }
        guard current.count < 2 else {
            let ids = current.map { "'\($0.id)'" }.joined(separator: ", ")
            throw ToolError("\(ids) are in_progress at once: expected at most one")
        }
        return todos
    }

    private init(_ value: Value, number: Int) throws(ToolError) {
        guard let members = value.object else {
            throw ToolError("entry \(number) of 'todos' is \(value.kind): expected an object")
        }
        for (name, _) in members where !["id", "content", "status"].contains(name) {
            throw ToolError(
                "entry \(number) of 'todos' has '\(name)': expected 'id', 'content', 'status'")
        }
        guard let content = members["content"]?.string,
            content.contains(where: { !$0.isWhitespace })
        else { throw ToolError("entry \(number) of 'todos' has no content: expected some text") }
        guard let status = members["status"]?.string.flatMap(Status.init) else {
            let words = Status.allCases.map(\.rawValue).joined(separator: ", ")
            throw ToolError("entry \(number) of 'todos' has no valid status: expected \(words)")
        }
        id = members["id"]?.string ?? members["id"]?.int.map(String.init) ?? "\(number)"
        self.content = content
        self.status = status
    }

    var json: Value {
        ["id": .string(id), "content": .string(content), "status": .string(status.rawValue)]
    }

    /// The item as a line for people and models.
    var line: String {
        let mark =
            switch status {
            case .pending: " "
            case .inProgress: ">"
            case .completed: "x"
            case .cancelled: "-"
            }
        return
            "[\(mark)] \(id): \(content.split(whereSeparator: \.isNewline).joined(separator: " "))"
    }
}

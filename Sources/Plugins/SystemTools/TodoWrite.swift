import Synchronization
import Unix

/// A tool that keeps the model's list of things to do.
final class TodoWrite: SystemTool {
    private let file: TodoFile?
    private let kept = Mutex<[Todo]>([])

    /// - Parameter file: Nil to keep the list in this object only.
    init(file: TodoFile?) { self.file = file }

    var description: ToolDescription {
        ToolDescription(
            name: "todo_write",
            text: """
                Keep a list of the steps of a longer task. 'todos' replaces the whole list; without \
                it the list stays as it is. Returns the list. Mark one step in_progress before you \
                begin it and completed when it is done; at most one is in_progress at a time.
                """,
            parameters: """
                {"type":"object","properties":{"todos":{"type":"array","maxItems":200,\
                "description":"The whole list, in order",\
                "items":{"type":"object","properties":{\
                "id":{"type":"string","description":"What to call the step; its number if left out"},\
                "content":{"type":"string","minLength":1,"description":"What is to be done"},\
                "status":{"type":"string","enum":["pending","in_progress","completed","cancelled"]}},\
                "required":["content","status"],"additionalProperties":false}}},\
                "additionalProperties":false}
                """,
            // A list that only this process knows cannot change or lose any data.
            isReadOnly: file == nil, isDestructive: file != nil, isIdempotent: true,
            isOpenWorld: false)
    }

    func run(_ arguments: Arguments, until interruption: Interruption) throws -> ToolAnswer {
        try arguments.refuseUnknown(besides: ["todos"])
        let new = try arguments.value("todos").map(Todo.list)
        let todos = try kept.withLock { kept in
            if let new {
                try file?.write(new)
                kept = new
            } else if let file {
                kept = try file.read()
            }
            return kept
        }
        if todos.isEmpty { return ToolAnswer("[the list is empty]") }
        let done = todos.filter { $0.status == .completed }.count
        // A list of before may be from a conversation that had read what others wrote.
        return ToolAnswer(
            todos.map(\.line).joined(separator: "\n") + "\n\(done) of \(todos.count) completed",
            metadata: new == nil ? ToolAnswer.foreign : [:])
    }
}

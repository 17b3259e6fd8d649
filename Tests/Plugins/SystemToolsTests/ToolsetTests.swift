import Foundation
import JSON
import JSONSchema
import SystemTools
import Testing

@Suite struct ToolsetTests {
    @Test func `what the user forbids is not there`() async throws {
        let folder = try WorkingFolder()
        let reading = ["read_file", "list_directory", "grep_search"]
        let writing = ["write_file", "search_replace"]
        func names(_ change: (inout ToolsetSettings) -> Void) throws -> [String] {
            try folder.toolset(change).descriptions.map(\.name)
        }
        #expect(try names { _ in } == reading + writing + ["todo_write"])
        #expect(
            try names { $0.allowedCommands = ["ls"] }
                == reading + writing + ["execute_command", "todo_write"])
        #expect(
            try names {
                $0.allowedCommands = ["ls"]
                $0.isReadOnly = true
            } == reading + ["todo_write"])
        let toolset = try folder.toolset { $0.isReadOnly = true }
        #expect(
            await toolset.answer("write_file", ["path": "x", "content": "x"])
                == "no tool 'write_file': the setting 'read_only' forbids it")
        #expect(
            await toolset.answer("execute_command", ["argv": ["ls"]])
                == "no tool 'execute_command': the setting 'allowed_commands' allows no program")
        #expect(try folder.names() == [])
    }

    @Test(arguments: ["./run", "a/b", ""])
    func `a command that could be anywhere is not allowed`(name: String) throws {
        let folder = try WorkingFolder()
        #expect(throws: (any Error).self) { try folder.toolset { $0.allowedCommands = [name] } }
    }

    @Test func `every tool takes just what its schema says`() async throws {
        let folder = try WorkingFolder()
        let toolset = try folder.toolset { $0.allowedCommands = ["ls"] }
        #expect(toolset.descriptions.count == 7)
        for tool in toolset.descriptions {
            let value = try Value(parsing: Array(tool.parameters.utf8))
            let schema = try Schema(parsing: tool.parameters)
            let names = try #require(value["properties"]?.object).map(\.key)
            #expect(value["additionalProperties"] == false)
            #expect(!schema.problems(with: ["other": 1]).isEmpty)
            let answer = await toolset.answer(tool.name, ["other": 1])
            let expected = names.map { "'\($0)'" }.joined(separator: ", ")
            #expect(answer == "unknown argument 'other': expected \(expected)")
            for name in value["required"]?.array?.compactMap(\.string) ?? [] {
                #expect(names.contains(name))
                let answer = await toolset.answer(tool.name, [:])
                #expect(answer.contains("is missing"), "\(answer)")
            }
            for name in names {
                // An object does not fit the type of any argument.
                let object = Value.object(Members([(name, .object(Members()))]))
                #expect(!schema.problems(with: object).isEmpty)
            }
        }
    }

    @Test(arguments: [
        ("read_file", #"{"path": 1}"#, "argument 'path' is a number: expected a string"),
        ("read_file", #"{"path": "x", "offset": 0}"#, "expected a whole number from 1"),
        ("read_file", #"{"path": "x", "offset": 1.5}"#, "expected a whole number from 1"),
        ("read_file", "[]", "the arguments are an array: expected an object"),
        ("read_file", "{", "the arguments are not JSON"),
        ("execute_command", #"{"argv": "ls"}"#, "expected an array of strings"),
        ("execute_command", #"{"argv": ["ls", 1]}"#, "expected an array of strings"),
        ("write_file", #"{"path": "x", "content": "", "create_directories": 1}"#, "true or false"),
        ("nothing", "{}", "no tool 'nothing', expected one of read_file"),
    ])
    func `arguments are checked whatever the host does`(
        name: String, arguments: String, reason: String
    ) async throws {
        let toolset = try WorkingFolder().toolset { $0.allowedCommands = ["ls"] }
        do {
            let answer = try await toolset.call(name, arguments: arguments)
            Issue.record("\(answer)")
        } catch {
            #expect("\(error)".contains(reason), "\(error)")
        }
    }

    @Test func `a whole number may be written as 2 point 0`() async throws {
        let folder = try WorkingFolder()
        try folder.write("1\n2\n", to: "x")
        let answer = try await folder.toolset().call(
            "read_file", arguments: #"{"path": "x", "offset": 2.0, "limit": null}"#)
        #expect(answer.text == "2\n[lines 2 to 2 of 2]")
    }

    private func todos(_ todos: [[String: any Sendable]], _ toolset: Tools) async -> String {
        await toolset.answer("todo_write", ["todos": todos])
    }

    @Test func `the list of things to do is kept`() async throws {
        let toolset = try WorkingFolder().toolset()
        #expect(await toolset.answer("todo_write", [:]) == "[the list is empty]")
        let answer = await todos(
            [
                ["content": "one", "status": "completed"],
                ["id": "b", "content": "two\nlines", "status": "in_progress"],
                ["content": "three", "status": "pending"],
                ["content": "four", "status": "cancelled"],
            ], toolset)
        #expect(
            answer == "[x] 1: one\n[>] b: two lines\n[ ] 3: three\n[-] 4: four\n1 of 4 completed")
        #expect(await toolset.answer("todo_write", [:]) == answer)
        #expect(await todos([], toolset) == "[the list is empty]")
    }

    @Test(
        arguments: [
            (
                [["content": "a", "status": "done"]],
                "entry 1 of 'todos' has no valid status: expected pending, in_progress, completed, cancelled"
            ),
            ([["content": "a"]], "no valid status"),
            ([["content": " ", "status": "pending"]], "no content"),
            (
                [
                    ["content": "a", "status": "in_progress"],
                    ["content": "b", "status": "in_progress"],
                ],
                "'1', '2' are in_progress at once: expected at most one"
            ),
            (
                [
                    ["id": "2", "content": "a", "status": "pending"],
                    ["content": "b", "status": "pending"],
                ],
                "the id '2' is there twice"
            ),
            (
                [["content": "a", "status": "pending", "priority": "x"]],
                "has 'priority': expected 'id'"
            ),
        ] as [([[String: String]], String)])
    func `a list that is wrong changes nothing`(
        list: [[String: String]], reason: String
    ) async throws {
        let toolset = try WorkingFolder().toolset()
        let before = await todos([["content": "a", "status": "pending"]], toolset)
        #expect(await todos(list, toolset).contains(reason))
        #expect(await toolset.answer("todo_write", [:]) == before)
    }

    @Test func `the list may be kept in a file`() async throws {
        let folder = try WorkingFolder()
        let path = folder.path + "/todo.json"
        func toolset() throws -> Tools { try folder.toolset { $0.todoFile = path } }
        let answer = await todos([["content": "a", "status": "pending"]], try toolset())
        #expect(await (try toolset()).answer("todo_write", [:]) == answer)
        #expect(try folder.mode(of: "todo.json") == 0o600)
        #expect(
            try folder.read("todo.json") == #"[{"id":"1","content":"a","status":"pending"}]"# + "\n"
        )
        try folder.write("{", to: "todo.json")
        #expect(
            await (try toolset()).answer("todo_write", [:]).contains("is no list of things to do"))
        #expect(throws: (any Error).self) {
            try folder.toolset { $0.todoFile = folder.path + "/missing/todo.json" }
        }
    }

    @Test func `the hints are true`() throws {
        let folder = try WorkingFolder()
        let tools = try folder.toolset { $0.allowedCommands = ["ls"] }.descriptions
        #expect(
            tools.filter(\.isReadOnly).map(\.name)
                == ["read_file", "list_directory", "grep_search", "todo_write"])
        #expect(
            tools.filter(\.isDestructive).map(\.name)
                == ["write_file", "search_replace", "execute_command"])
        #expect(tools.filter(\.isOpenWorld).map(\.name) == ["execute_command"])
        #expect(
            tools.filter { !$0.isIdempotent }.map(\.name) == ["search_replace", "execute_command"])
        let kept = try folder.toolset { $0.todoFile = folder.path + "/x" }.descriptions.last
        #expect(kept?.isReadOnly == false && kept?.isDestructive == true)
    }
}

extension ToolsetTests {
    @Test func `a list that is read back may be from another conversation`() async throws {
        let folder = try WorkingFolder()
        var settings = ToolsetSettings(workingDirectory: folder.path)
        for file in [nil, folder.path + "/list"] {
            settings.todoFile = file
            let tools = try Toolset(settings)
            let own = try await tools.call(
                "todo_write", arguments: #"{"todos":[{"content":"a","status":"pending"}]}"#)
            #expect(own.metadata["foreign"] == nil)
            let kept = try await tools.call("todo_write", arguments: "{}")
            #expect(kept.metadata["foreign"] == "true")
        }
    }
}

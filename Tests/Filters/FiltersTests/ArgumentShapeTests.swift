import Approvals
import Foundation
import JSON
import Testing

@Suite struct ArgumentShapeTests {
    func shape(_ json: String) throws -> ArgumentShape {
        ArgumentShape(of: try Value(parsing: Array(json.utf8)))
    }

    @Test(arguments: [
        (#"{"text":"a"}"#, #"{"text":"b"}"#), (#"{"n":1,"on":true}"#, #"{"on":false,"n":2.5}"#),
        (#"{"path":"src/a"}"#, #"{"path":"src/b"}"#),
        (#"{"items":[{"text":"a"}]}"#, #"{"items":[{"text":"b"},{"text":"c"}]}"#),
        (#"{"path":"a","old":"x","new":"y"}"#, #"{"path":"b","old":"1","new":"2"}"#),
        (#"{"file_content":"a/b"}"#, #"{"file_content":"c/d"}"#),
        (#"{"a":{"x":1}}"#, #"{"a":{"x":9}}"#),
        (#"{"path":"a","content":"x"}"#, #"{"content":"y","path":"b"}"#),
    ])
    func `these are alike`(one: String, other: String) throws {
        #expect(try shape(one) == shape(other))
    }

    @Test(arguments: [
        (#"{"text":"a"}"#, #"{"text":1}"#), (#"{"text":"a"}"#, #"{"text":"a","more":"b"}"#),
        (#"{"path":"src/a"}"#, #"{"path":"src/../a"}"#), (#"{"path":"a"}"#, #"{"path":"/a"}"#),
        (#"{"file_path":"a/b"}"#, #"{"file_path":"c/b"}"#),
        (#"{"argv":["ls"]}"#, #"{"argv":["rm"]}"#), (#"{"argv":["ls"]}"#, #"{"argv":["ls","-l"]}"#),
        (#"{"command":"ls"}"#, #"{"command":"rm"}"#),
        (#"{"url":"https://a"}"#, #"{"url":"https://b"}"#),
        (#"{"baseUrl":"https://a"}"#, #"{"baseUrl":"https://b"}"#),
        (#"{"to":["a"]}"#, #"{"to":["b"]}"#),
        (#"{"sql":"select 1"}"#, #"{"sql":"drop table x"}"#),
        (#"{"a":{"host":"x"}}"#, #"{"a":{"host":"y"}}"#),
        (#"{"destination":"me@corp"}"#, #"{"destination":"boss@corp"}"#),
        (#"{"anything":"a"}"#, #"{"anything":"b"}"#),
        (#"{"urls":["https://a"]}"#, #"{"urls":["https://b"]}"#),
        (#"{"hosts":{"a":1}}"#, #"{"hosts":{"a":2}}"#),
        (#"{"queries":1}"#, #"{"queries":2}"#), (#"{"addresses":1}"#, #"{"addresses":2}"#),
        (#"{"amount":1}"#, #"{"amount":1000}"#), (#"{"accountId":1}"#, #"{"accountId":2}"#),
        (#"{"env":{"PATH":1}}"#, #"{"env":{"PATH":2}}"#),
        (#"{"args":["-c","print(1)"]}"#, #"{"args":["-c","print(2)"]}"#),
        (#"{"tags":["a","b"]}"#, #"{"tags":["a","c"]}"#),
        (#"{"SQLQuery":1}"#, #"{"SQLQuery":2}"#), (#"{"URLPath":"a/b"}"#, #"{"URLPath":"a/c"}"#),
        (#"{"URLs":1}"#, #"{"URLs":2}"#),
        (#"{"new_owner":"a"}"#, #"{"new_owner":"b"}"#),
        (#"{"content_path":"a/x"}"#, #"{"content_path":"b/x"}"#),
    ])
    func `these are not`(one: String, other: String) throws {
        #expect(try shape(one) != shape(other))
    }
}

extension ArgumentShapeTests {
    @Test func `of a long text a digest is kept`() throws {
        let long = String(repeating: "a", count: 100_000)
        let one = try shape(#"{"q":"\#(long)"}"#)
        #expect(one.description.utf8.count < 200)
        #expect(try one == shape(#"{"q":"\#(long)"}"#))
        #expect(try one != shape(#"{"q":"\#(long)b"}"#))
    }
}

@Suite struct ApprovalMemoryTests {
    @Test func `lines of before and broken ones approve nothing`() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/approvals-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let memory = ApprovalMemory(path: folder + "/approvals")
        #expect(try memory.entries().isEmpty)
        let entry = ApprovalMemory.Entry(
            plugin: "/p", tool: "t", shape: ArgumentShape(of: ["a": "b"]), folder: "/f",
            folderIdentity: "i", time: "now")
        try memory.add(entry)
        try memory.add(entry)
        let handle = try #require(FileHandle(forWritingAtPath: memory.path))
        handle.seekToEndOfFile()
        handle.write(Data("{\"plugin\":\"/p\",\"tool\":\"u\"}\noops".utf8))
        try handle.close()
        #expect(try memory.entries() == [entry])
        #expect(try memory.remove { $0.id == entry.id } == [entry, entry])
        #expect(try memory.entries().isEmpty)
        // Other lines stay as they are.
        let rest = try String(contentsOfFile: memory.path, encoding: .utf8)
        #expect(rest == "{\"plugin\":\"/p\",\"tool\":\"u\"}\noops\n")
    }

    @Test func `one without the folder's identity approves nothing, and all can be removed`() throws
    {
        let folder = FileManager.default.temporaryDirectory.path + "/approvals-all-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let memory = ApprovalMemory(path: folder + "/approvals")
        try memory.removeAll()
        let line = #"{"plugin":"/p","tool":"t","arguments":{},"folder":"/f","time":"now"}"#
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let lines = String(repeating: line + "\n", count: 20_000)
        try Data("\(line)\n".utf8).write(to: URL(fileURLWithPath: memory.path))
        #expect(try memory.entries().isEmpty)
        try Data(lines.utf8).write(to: URL(fileURLWithPath: memory.path))
        #expect(throws: (any Error).self) { try memory.entries() }
        try memory.removeAll()
        #expect(try memory.entries().isEmpty)
    }
}

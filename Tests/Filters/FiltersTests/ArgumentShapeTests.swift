import Approvals
import Foundation
import JSON
import Testing

@Suite struct ArgumentShapeTests {
    private func shape(_ json: String) throws -> ArgumentShape {
        ArgumentShape(of: try Value(parsing: Array(json.utf8)))
    }

    @Test(arguments: [
        (#"{"text":"a"}"#, #"{"text":"b"}"#), (#"{"n":1,"on":true}"#, #"{"on":false,"n":2.5}"#),
        (#"{"path":"src/a"}"#, #"{"path":"src/b"}"#),
        (#"{"argv":["ls","-l"]}"#, #"{"argv":["ls","x"]}"#),
        (#"{"tags":["a","b"]}"#, #"{"tags":["a","c","d"]}"#),
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
    ])
    func `these are not`(one: String, other: String) throws {
        #expect(try shape(one) != shape(other))
    }
}

@Suite struct ApprovalMemoryTests {
    @Test func `lines of before and broken ones approve nothing`() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/approvals-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let memory = ApprovalMemory(path: folder + "/approvals")
        #expect(try memory.entries().isEmpty)
        let entry = ApprovalMemory.Entry(
            plugin: "/p", tool: "t", shape: ArgumentShape(of: ["a": "b"]), folder: "/f", time: "now"
        )
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
}

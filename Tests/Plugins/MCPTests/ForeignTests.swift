import Foundation
import JSON
import TestSupport
import Testing

@testable import MCP

/// Servers on PyPI's mcp package, over both transports.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ForeignTests {
    @Test func `tools are listed with what the server says of them`() async throws {
        let tools = try await Servers().withProgram { try await $0.currentTools() }
        let add = try #require(tools.first { $0.name == "add" })
        #expect(add.description == "Adds two numbers.")
        #expect(add.isReadOnly == true && add.isOpenWorld == false && add.isDestructive == nil)
        let schema = try Value(parsing: Array(add.parameters.utf8))
        #expect(schema["required"] == ["a", "b"])
        let fail = try #require(tools.first { $0.name == "fail" })
        #expect(fail.isDestructive == true && fail.isIdempotent == false)
    }

    private static let contents = [
        ("add", #"{"a":1,"b":2}"#, "3"), ("echo", #"{"text":"ä\n😀"}"#, "ä\n😀"),
        ("picture", "", "see\n[image, image/png, 95 bytes]\n[audio, audio/wav, 10 bytes]"),
        (
            "documents", "{}",
            """
            [resource file:///a.txt, text/plain]
            inside
            [resource file:///b, x/y, 3 bytes]
            [resource file:///c, c, text/plain, 12 bytes]
            """
        ),
        ("structured", " ", #"{"temperature":21.5,"unit":"C"}"#),
        ("echo", #"{"text":""}"#, ""),
    ]

    @Test func `every kind of content becomes text`() async throws {
        try await Servers().withProgram { server async throws in
            for (tool, arguments, text) in Self.contents {
                #expect(try await server.text(of: tool, arguments) == text)
            }
        }
        try await Servers().withHTTP { server async throws in
            for (tool, arguments, text) in Self.contents {
                #expect(try await server.text(of: tool, arguments) == text)
            }
        }
    }

    @Test func `a tool's failure is its text, marked`() async throws {
        let result = try await Servers().withProgram {
            try await $0.call("fail", arguments: #"{"reason":"out of luck"}"#)
        }
        #expect(result.isError)
        #expect(result.text.contains("out of luck"))
    }

    @Test(arguments: [
        ("[1]", "the arguments are an array, not an object"),
        ("{", "the arguments are not JSON: "),
    ])
    func `arguments that are no object never reach the server`(
        arguments: String, problem: String
    ) async throws {
        let servers = try Servers()
        let error = try await servers.withProgram { server in
            await failure { try await server.call("wait", arguments: arguments) }
        }
        #expect(error.hasPrefix(problem))
        #expect(servers.notes.isEmpty)
    }

    @Test func `pages are put together`() async throws {
        let tools = try await Servers().withProgram("mcp_server.py", ["paged"]) {
            try await $0.currentTools()
        }
        #expect(tools.map(\.name) == (0..<50).map { "tool-\($0)" })
    }

    @Test func `a server may ask to be asked again, but for nothing more`() async throws {
        try await Servers().withProgram("mcp_server.py", ["paged"], revision: .july2026) {
            server async throws in
            #expect(try await server.text(of: "tool-1") == "after round 1")
            let error = await failure { try await server.call("tool-2", arguments: "") }
            #expect(error.contains("elicitation/create"), "\(error)")
        }
    }

    @Test(arguments: [Revision.november2025, .july2026])
    func `a call that takes too long is given up, and its server notified`(
        revision: Revision
    ) async throws {
        for isHTTP in [false, true] {
            let servers = try Servers()
            let body: @Sendable (Server) async throws -> Void = { server in
                _ = try await server.currentTools()
                let error = await failure {
                    try await server.call("wait", arguments: #"{"seconds":600}"#)
                }
                #expect(error == "the MCP server did not answer within 10 s")
                try await servers.noted("cancelled")
                #expect(try await server.text(of: "add", #"{"a":1,"b":1}"#) == "2")
            }
            if isHTTP {
                try await servers.withHTTP(revision: revision, timeout: .seconds(10), body)
            } else {
                try await servers.withProgram(revision: revision, timeout: .seconds(10), body)
            }
            #expect(!servers.notes.contains("done"))
        }
    }

    @Test(arguments: [Revision.november2025, .july2026])
    func `a call that no caller waits for any more is given up, and its server notified`(
        revision: Revision
    ) async throws {
        for isHTTP in [false, true] {
            let servers = try Servers()
            let body: @Sendable (Server) async throws -> Void = { server in
                let call = Task { try await server.call("wait", arguments: #"{"seconds":600}"#) }
                try await servers.noted("begun")
                call.cancel()
                await #expect(throws: CancellationError.self) { try await call.value }
                try await servers.noted("cancelled")
            }
            if isHTTP {
                try await servers.withHTTP(revision: revision, body)
            } else {
                try await servers.withProgram(revision: revision, body)
            }
        }
    }

    @Test func `calls run side by side`() async throws {
        try await Servers().withProgram { server in
            let sums = try await withThrowingTaskGroup(of: Int?.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        Int(try await server.text(of: "add", #"{"a":\#(number),"b":1}"#))
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ?? 0) }
            }
            #expect(sums == (1...50).reduce(0, +))
        }
    }

    @Test func `an answer of megabytes comes whole`() async throws {
        let size = 5_000_000
        try await Servers().withProgram { server async throws in
            #expect(try await server.text(of: "large", #"{"bytes":\#(size)}"#).utf8.count == size)
        }
        try await Servers().withHTTP { server async throws in
            #expect(try await server.text(of: "large", #"{"bytes":\#(size)}"#).utf8.count == size)
        }
    }

    @Test func `a server gets its variables, and none that are ours`() async throws {
        setenv("HECTOR_TEST_SECRET", "1", 1)
        defer { unsetenv("HECTOR_TEST_SECRET") }
        let text = try await Servers().withProgram(environment: ["MINE": "1"]) {
            try await $0.text(of: "process")
        }
        #expect(text.contains("'MINE'"))
        #expect(text.contains("'PATH'"))
        #expect(!text.contains("HECTOR_TEST_SECRET"))
    }

    @Test func `a client that can tell nothing says so`() async throws {
        let text = try await Servers().withProgram(revision: .november2025) {
            try await $0.text(of: "ask")
        }
        #expect(text.contains("Method not found") || text.contains("not support"), "\(text)")
    }
}

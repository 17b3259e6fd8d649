import Foundation
import JSON
import TestSupport
import Testing

@testable import MCP

/// Servers that misbehave, on standard streams.
@Suite(.serialized, .timeLimit(.minutes(10))) struct FaultTests {
    @Test func `what is not a message is passed over and reported once`() async throws {
        let servers = try Servers()
        try await servers.withFaulty("garbage") { server async throws in
            #expect(try await server.currentTools().map(\.name) == ["call", "wait"])
            #expect(try await server.text(of: "call") == "called")
        }
        let told = servers.log.filter { $0.hasPrefix("warn: ignored what is no message: ") }
        #expect(told.count == 1)
        #expect(told[0].contains("Faulty server, version 1"))
    }

    @Test func `a server that never answers is given up`() async throws {
        let error = try await Servers().withFaulty("silent", timeout: .milliseconds(300)) {
            server in
            await failure { try await server.currentTools() }
        }
        #expect(error == "the MCP server did not answer within 0.3 s")
    }

    @Test
    func `a server of old that says nothing to what it does not know is spoken to in its way`()
        async throws
    {
        let servers = try Servers()
        let text = try await servers.withFaulty("silent-probe") {
            try await $0.text(of: "call")
        }
        #expect(text == "called")
        #expect(servers.log.contains("debug: speaks revision 2025-06-18"))
    }

    @Test(arguments: ["newer", "quoted"])
    func `a server is understood`(fault: String) async throws {
        #expect(try await Servers().withFaulty(fault) { try await $0.text(of: "call") } == "called")
    }

    @Test func `a server that the probe kills is started again, and once more after it died`()
        async throws
    {
        let servers = try Servers()
        try await servers.withFaulty("die-on-probe", "die-on-call") { server async throws in
            #expect(try await server.currentTools().count == 2)
            #expect(servers.processes.count == 2)
            let first = await failure { try await server.call("call", arguments: "") }
            #expect(first.contains("exited with status 7"), "\(first)")
            let second = await failure { try await server.call("call", arguments: "") }
            #expect(second.contains("exited with status 7"), "\(second)")
            #expect(servers.processes.count == 3)
        }
    }

    @Test func `a server that dies in a call is started once more, and then not again`()
        async throws
    {
        let servers = try Servers()
        try await servers.withFaulty("die-on-call") { server in
            for _ in 1...2 {
                let error = await failure { try await server.call("call", arguments: "") }
                #expect(
                    error == """
                        MCP server 'python' exited with status 7; its last words:
                            cannot go on
                        The tool may have done its work or not.
                        """)
            }
            for _ in 1...2 {
                let error = await failure { try await server.call("call", arguments: "") }
                #expect(error.hasSuffix("\nIt had been started again already."), "\(error)")
            }
            #expect(servers.processes.count == 2)
            #expect(servers.notes.filter { $0 == "tools/call" }.count == 2)
            // A request for the tools starts the server again.
            try await server.refresh()
            #expect(servers.processes.count == 3)
        }
    }

    @Test func `calls under way when a server dies fail all, and at once`() async throws {
        let servers = try Servers()
        try await servers.withFaulty("die-on-call") { server in
            let waiting = Task { await failure { try await server.call("wait", arguments: "") } }
            try await servers.noted("tools/call")
            _ = await failure { try await server.call("call", arguments: "") }
            #expect(await waiting.value.contains("exited with status 7"))
        }
    }

    @Test func `a server that does not start tells why`() async throws {
        let servers = try Servers()
        let error = try await servers.withFaulty("die-at-once") { server in
            await failure { try await server.currentTools() }
        }
        #expect(error.contains("exited with status 5; its last words:\n    will not start"))
        #expect(servers.processes.count == 2)
    }

    @Test func `a server gets the variable that it needs`() async throws {
        let servers = try Servers()
        let error = try await servers.withFaulty("needs", "TOKEN") { server in
            await failure { try await server.currentTools() }
        }
        #expect(error.contains("exited with status 4; its last words:\n    TOKEN is not set"))
        let text = try await servers.withFaulty("needs", "TOKEN", environment: ["TOKEN": "1"]) {
            try await $0.text(of: "call")
        }
        #expect(text == "called")
    }

    @Test func `a list without end is given up`() async throws {
        let error = try await Servers().withFaulty("endless") { server in
            await failure { try await server.currentTools() }
        }
        #expect(error == "the MCP server lists its tools on more than 1000 pages")
    }

    @Test func `a list in a circle is read once`() async throws {
        let servers = try Servers()
        let names = try await servers.withFaulty("circle") { server in
            try await server.currentTools().map(\.name)
        }
        #expect(names == ["call", "wait", "tool-1", "tool-2"])
        #expect(servers.log.contains { $0.hasPrefix("warn: lists its tools in a circle") })
    }

    @Test func `a list that could not be had is asked for until it can`() async throws {
        let servers = try Servers()
        try await servers.withFaulty("list-once") { server in
            #expect(try await server.currentTools().count == 2)
            // The notification follows the list.
            try await servers.noted("tools/list")
            _ = try await server.call("call", arguments: "")
            for number in 2...3 {
                let error = await failure { try await server.currentTools() }
                #expect(error == "the MCP server says: list \(number) failed (error -32603)")
            }
            #expect(try await server.text(of: "call") == "called")
        }
    }

    @Test func `a server's own requests are answered`() async throws {
        let text = try await Servers().withFaulty("asks") { try await $0.text(of: "call") }
        let answers = try Value(parsing: Array(text.utf8))
        #expect(answers == [["p", [:]], [7, -32601], [8, -32601]])
    }

    @Test func `what a server was trusted with is in no error and no log`() async throws {
        let servers = try Servers()
        try await servers.withFaulty("leaks", environment: ["KEY": "sk-0123456789"]) { server in
            let result = try await server.call("call", arguments: "")
            #expect(result.isError)
            #expect(result.text == "bad key …")
            let error = await failure {
                try await server.call("call", arguments: #"{"refuse":true}"#)
            }
            #expect(error == "the MCP server says: bad key … (error -32000)")
        }
        #expect(servers.log.contains("info: bad key …"))
        #expect(!servers.log.joined().contains("0123456789"))
    }

    @Test func `a server ends with its input`() async throws {
        let servers = try Servers()
        try await servers.withFaulty { _ = try await $0.currentTools() }
        #expect(servers.notes.last == "end of input")
        let process = try #require(servers.processes.first)
        #expect(!isRunning(process))
    }

    @Test func `a server that does not end with its input is killed, and its children`()
        async throws
    {
        let servers = try Servers()
        let child = try await servers.withFaulty("stays", "child") { server async throws in
            try #require(pid_t(try await server.text(of: "call")))
        }
        let process = try #require(servers.processes.first)
        #expect(!isRunning(process))
        // It was sent SIGKILL before its parent was reaped.
        try await waitUntil { !isRunning(child) }
    }

    @Test func `a program that is not there is an error`() async throws {
        for (command, message) in [
            ("no-such-server", "cannot find the MCP server 'no-such-server' in PATH"),
            ("/nowhere/server", "MCP server 'server': cannot run '/nowhere/server': "),
        ] {
            let program = ServerProgram(command: command, arguments: [], additional: [:])
            let server = Server(.program(program), timeout: .seconds(5)) { _, _ in }
            let error = await failure { try await server.currentTools() }
            #expect(error.hasPrefix(message), "\(error)")
            await server.close()
        }
    }
}

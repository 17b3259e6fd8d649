import Foundation
import Testing

@testable import MCP

/// The differences over HTTP, with a server on PyPI's mcp package.
@Suite(.serialized, .timeLimit(.minutes(10))) struct HTTPTests {
    @Test func `headers are sent with every request`() async throws {
        let headers = [("X-Key", "0123456789"), ("Authorization", "Bearer abcdefghij")]
        for revision in [Revision.november2025, .july2026] {
            let servers = try Servers()
            let text = try await servers.withHTTP(
                headers: headers, environment: ["MCP_KEY": "0123456789"], revision: revision
            ) { server in
                _ = try await server.currentTools()
                return try await server.text(of: "region", #"{"name":"zürich"}"#)
            }
            // From 2026-07-28 on, arguments are headers.
            let region = revision.isStateless ? "=?base64?esO8cmljaA==?=" : "None"
            #expect(text == "zürich \(region) Bearer abcdefghij")
        }
    }

    @Test func `a wrong key is an error that does not show it`() async throws {
        let servers = try Servers()
        let error = try await servers.withHTTP(
            headers: [("X-Key", "wrong-key-1")], environment: ["MCP_KEY": "0123456789"]
        ) { server in
            await failure { try await server.currentTools() }
        }
        #expect(
            error == "the MCP server answered with HTTP status 401: no such key: …; it does not "
                + "accept what is in 'headers' ('X-Key'); many servers want "
                + "'Authorization: Bearer …' there")
        #expect(!servers.log.joined().contains("wrong-key-1"))
        // The client does not try other revisions after a refusal.
        #expect(servers.notes.count == 1)
    }

    @Test func `a session that was forgotten is opened again, and the call made once`() async throws
    {
        let servers = try Servers()
        try await servers.withHTTP(revision: .november2025) { server in
            #expect(try await server.text(of: "add", #"{"a":1,"b":1}"#) == "2")
            try servers.forget()
            #expect(try await server.text(of: "wait", #"{"seconds":0}"#) == "waited 0.0")
            #expect(!servers.isToForget)
            try servers.forget()
            try await server.refresh()
            #expect(try await server.currentTools().contains { $0.name == "add" })
        }
        #expect(servers.notes.filter { $0 == "begun" }.count == 1)
        // Each session begins with a request without one.
        #expect(servers.notes.filter { $0 == "POST " }.count == 3)
    }

    @Test(arguments: [Revision.november2025])
    func `an answer whose stream was cut is read on from there`(revision: Revision) async throws {
        let servers = try Servers()
        let text = try await servers.withHTTP("resumable", revision: revision) {
            try await $0.text(of: "disconnect")
        }
        #expect(text == "answered later")
        #expect(servers.notes.filter { $0 == "disconnect" }.count == 1)
        #expect(servers.notes.contains("replay"))
    }

    @Test func `a server that is not there is an error with its address only`() async throws {
        let address = try #require(
            Address(url: "http://me:pass-word@127.0.0.1:1/mcp?key=hidden", headers: []))
        let server = Server(.address(address), timeout: .seconds(30)) { _, _ in }
        let error = await failure { try await server.call("a", arguments: "") }
        #expect(error.hasPrefix("cannot reach 'http://127.0.0.1:1': "), "\(error)")
        #expect(server.url == "http://127.0.0.1:1/mcp")
        await server.close()
    }

    @Test func `a header that cannot be sent is an error without what it is`() async throws {
        let error = try await Servers().withHTTP(headers: [("X-Key", "a\r\nb")]) { server in
            await failure { try await server.currentTools() }
        }
        #expect(error == "the header 'X-Key' has characters that cannot be sent")
    }
}

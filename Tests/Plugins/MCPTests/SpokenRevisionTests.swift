import TestSupport
import Testing

@testable import MCP

/// The revisions of the protocol, with servers on PyPI's mcp package.
@Suite(.serialized, .timeLimit(.minutes(10))) struct SpokenRevisionTests {
    @Test(arguments: Revision.allCases)
    func `each revision is spoken on standard streams`(revision: Revision) async throws {
        let spoken = try await Servers().withProgram(revision: revision) {
            try await $0.text(of: "speaks")
        }
        #expect(spoken == revision.rawValue)
    }

    @Test(
        arguments: [Revision.march2025, .june2025, .november2025, .july2026], [["json"], []])
    func `each revision is spoken over HTTP`(revision: Revision, options: [String]) async throws {
        let servers = try Servers()
        let spoken =
            options.isEmpty
            ? try await servers.withHTTP(revision: revision) { try await $0.text(of: "speaks") }
            : try await servers.withHTTP("json", revision: revision) {
                try await $0.text(of: "speaks")
            }
        #expect(spoken == revision.rawValue)
        // A session is ended if there is one.
        let hasEnded = servers.notes.contains("DELETE session \(revision.rawValue)")
        #expect(hasEnded == !revision.isStateless)
    }

    @Test func `a server that speaks both is spoken to in the newest`() async throws {
        #expect(
            try await Servers().withProgram { try await $0.text(of: "speaks") } == "2026-07-28")
        #expect(try await Servers().withHTTP { try await $0.text(of: "speaks") } == "2026-07-28")
    }

    @Test(arguments: [Revision.june2025, .november2025, .july2026])
    func `a list that has changed is asked for again`(revision: Revision) async throws {
        try await Servers().withProgram(revision: revision, growAndLookAgain)
        try await Servers().withHTTP(revision: revision, growAndLookAgain)
    }

    private func growAndLookAgain(_ server: Server) async throws {
        let before = try await server.currentTools().map(\.name)
        #expect(!before.contains("extra"))
        #expect(try await server.text(of: "grow") == "grown")
        // The notification comes on its own way.
        try await waitUntil { try await server.currentTools().map(\.name).contains("extra") }
        #expect(try await server.text(of: "extra") == "extra")
    }
}

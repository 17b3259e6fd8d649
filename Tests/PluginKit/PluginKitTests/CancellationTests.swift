import GRPC
import Messages
import SwiftProtobuf
import Testing
import Waiting

@testable import PluginKit

@Suite(.timeLimit(.minutes(10))) struct CancellationTests {
    @Test func `a search learns that its caller has given it up`() async throws {
        let database = PatientDatabase()
        try await withHost(of: database) { host in
            let call = Task { try await host.search() }
            #expect(await database.called.wait() != .some(nil))
            call.cancel()
            await #expect(throws: GRPCError.self) { try await call.value }
            #expect(await database.givenUp.wait() != nil)
        }
    }

    @Test func `a search learns that its deadline has passed`() async throws {
        let database = PatientDatabase()
        try await withHost(of: database) { host in
            let error = await #expect(throws: GRPCError.self) {
                // Long enough for the call to arrive on a busy machine.
                try await host.channel.unary(
                    DatabaseMethod.search, [], timeout: .seconds(5), waitForReady: true)
            }
            #expect(error?.code == .deadlineExceeded)
            #expect(await database.givenUp.wait() != nil)
        }
    }

    @Test func `a stream learns that its caller has given it up`() async throws {
        let model = PatientModel()
        try await withHost(of: model) { host in
            let call = Task {
                try await host.channel.withStream(
                    LLMMethod.generateStreaming, [], waitForReady: true
                ) { stream in _ = try await stream.next() }
            }
            #expect(await model.called.wait() != .some(nil))
            call.cancel()
            await #expect(throws: GRPCError.self) { try await call.value }
            #expect(await model.givenUp.wait() != nil)
        }
    }

    @Test func `callers are told apart by their connections`() async throws {
        try await withHost(of: CallerDatabase()) { host in
            try await withCompletionQueue { queue in
                let other = Channel(to: .unix(host.handshake[3]), queue: queue)
                let second = Host(channel: other, folder: host.folder, handshake: host.handshake)
                for _ in 0..<3 {
                    try #expect(await host.search().results.map(\.id) == ["0"])
                    try #expect(await second.search().results.map(\.id) == ["1"])
                }
            }
        }
        #expect(Caller.current == nil)
    }
}

extension Host {
    fileprivate func search() async throws -> Hector_Plugin_SearchResponse {
        try await call(
            DatabaseMethod.search, Hector_Plugin_SearchRequest(),
            Hector_Plugin_SearchResponse.self)
    }
}

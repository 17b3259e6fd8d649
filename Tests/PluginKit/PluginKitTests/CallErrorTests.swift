import GRPC
import Messages
import PluginKit
import SwiftProtobuf
import Testing

@Suite struct CallErrorTests {
    private static let codes: [(CallError.Kind, GRPCError.Code)] = [
        (.exhausted, .resourceExhausted), (.unavailable, .aborted),
        (.invalidArgument, .invalidArgument), (.notFound, .notFound),
        (.notPermitted, .permissionDenied),
    ]

    @Test(arguments: codes)
    func `has the status of its kind in each call`(
        kind: CallError.Kind, code: GRPCError.Code
    ) async throws {
        #expect(Self.codes.count == CallError.Kind.allCases.count)
        let expected = GRPCError(code, "this is \(kind)")
        try await withHost(of: Failing()) { host in
            let request = Hector_Plugin_GenerateRequest.with {
                $0.messages = [.with { $0.content = "\(kind)" }]
            }
            await #expect(throws: expected) {
                try await host.call(
                    LLMMethod.generate, request, Hector_Plugin_GenerateResponse.self)
            }
            await #expect(throws: expected) {
                try await host.channel.withStream(
                    LLMMethod.generateStreaming, request.serializedBytes()
                ) { stream in
                    while try await stream.next() != nil {}
                }
            }
            // An answer that has a field for errors, too.
            await #expect(throws: expected) { try await host.embed("\(kind)") }
            await #expect(throws: expected) { try await host.embedBatch(["\(kind)", "x"]) }
        }
    }
}

import Foundation
import TestSupport

@testable import GRPC

/// Lends `body` a channel to a server with `handlers` on a Unix socket.
func withEcho<R: Sendable>(
    _ handlers: [Handler] = [echo(.onPool)],
    _ body: @Sendable (Channel, RunningServer) async throws -> R
) async throws -> R {
    try await withTemporaryFolder { directory in
        try await withCompletionQueue { queue in
            try await withServer(
                on: .unix("\(directory)/socket"), handlers: handlers, queue: queue
            ) { server in
                try await body(Channel(to: server.address, queue: queue), server)
            }
        }
    }
}

/// Answers a message with itself.
func echo(_ place: Handler.Place) -> Handler {
    .unary("/test.Echo/Echo", executes: place) { request, _ in request }
}

/// Answers a message with each of its bytes.
func spell(_ place: Handler.Place) -> Handler {
    .serverStreaming("/test.Echo/Spell", executes: place) { request, writer, _ in
        for byte in request { try await writer.send([byte]) }
    }
}

extension Channel {
    /// All messages of one stream.
    func stream(_ method: String, _ request: [UInt8], timeout: Duration? = nil) async throws
        -> [[UInt8]]
    {
        try await withStream(method, request, timeout: timeout) { stream in
            var messages: [[UInt8]] = []
            while let message = try await stream.next() { messages.append(message) }
            return messages
        }
    }
}

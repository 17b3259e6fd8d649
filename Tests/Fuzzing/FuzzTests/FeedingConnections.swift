import Foundation
import Messages
import SwiftProtobuf
import TestSupport

@testable import GRPC

extension FuzzTarget {
    /// Answers a call of our client with an input.
    func feedClient(_ input: [UInt8]) async {
        guard let listener = try? FrameListener() else { return }
        listener.answerOnce(with: input)
        await withCompletionQueue { queue in
            let channel = Channel(to: .unix(listener.path), queue: queue)
            _ = try? await channel.unary("/test.Echo/Echo", [1], timeout: .milliseconds(300))
            channel.close()
        }
    }

    /// Sends an input to our server.
    func feedServer(_ input: [UInt8]) async {
        let path = await FrameServer.path.value
        let client = connected(to: path)
        guard client >= 0 else { preconditionFailure("the server does not listen any more") }
        defer { close(client) }
        _ = input.withUnsafeBytes { send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        shutdown(client, Int32(SHUT_WR))
        drain(client, milliseconds: 30)
    }
}

private func address(_ path: String) -> sockaddr_un {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) {
        $0.copyBytes(from: Array(path.utf8).prefix(107))
    }
    return address
}

private func connected(to path: String) -> Int32 {
    let client = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = address(path)
    let result = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(client, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
    if result == 0 { return client }
    close(client)
    return -1
}

/// Reads what the other side sends, until it ends or is silent for so long.
private func drain(_ descriptor: Int32, milliseconds: Int) {
    var limit = timeval(tv_sec: 0, tv_usec: milliseconds * 1000)
    setsockopt(
        descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var buffer = [UInt8](repeating: 0, count: 4096)
    while recv(descriptor, &buffer, buffer.count, 0) > 0 {}
}

/// A socket whose first client gets some bytes.
private final class FrameListener: Sendable {
    private let folder: TemporaryFolder
    private let descriptor: Int32

    var path: String { folder.path + "/s" }

    init() throws {
        folder = try TemporaryFolder()
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = address(folder.path + "/s")
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        listen(descriptor, 8)
    }

    deinit { close(descriptor) }

    func answerOnce(with bytes: [UInt8]) {
        Thread.detachNewThread { [self] in
            let client = accept(descriptor, nil, nil)
            guard client >= 0 else { return }
            drain(client, milliseconds: 3)
            _ = bytes.withUnsafeBytes {
                send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            drain(client, milliseconds: 10)
            close(client)
        }
    }
}

/// A server that runs until the process ends.
private enum FrameServer {
    static let path = Task { () -> String in
        let folder = try! TemporaryFolder.make()
        return await withCheckedContinuation { continuation in
            Task.detached {
                try await withCompletionQueue { queue in
                    let echo = Handler.unary("/test.Echo/Echo") { bytes, _ in
                        _ = try Hector_Plugin_InitializeRequest(serializedBytes: bytes)
                        return bytes
                    }
                    try await withServer(
                        on: .unix(folder + "/s"), handlers: [echo], queue: queue
                    ) { _ in
                        continuation.resume(returning: folder + "/s")
                        try await Task.sleep(for: .seconds(86_400))
                    }
                }
            }
        }
    }
}

import Foundation
import Synchronization

/// A server on a free port of the loopback that does with each request what a test wants.
package final class Loopback: Sendable {
    package let port: Int

    private let listener: Int32
    private let state = Mutex(State())

    private struct State {
        var received: [Received] = []
        var connections = 0
        var open: [Int32] = []
    }

    /// What is done with a request. The connection stays open for the next unless it is closed.
    package typealias Handler = @Sendable (Received, Connection) throws -> Void

    package init(_ handle: @escaping Handler) throws {
        signal(SIGPIPE, SIG_IGN)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (listener, error) = (
            listener,
            withUnsafeMutablePointer(to: &address) { [listener] in
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    bind(listener, address, size) == 0 && listen(listener, 512) == 0
                        && getsockname(listener, address, &size) == 0
                }
            }
        )
        guard error else { throw POSIXError(.EADDRINUSE) }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                guard let self else {
                    close(descriptor)
                    return
                }
                self.serve(descriptor, handle)
            }
        }
    }

    deinit { stop() }

    /// Refuses connections from now on, and breaks those that are there.
    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        let open = state.withLock { state in
            defer { state.open = [] }
            return state.open
        }
        for descriptor in open { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    package var url: String { "http://127.0.0.1:\(port)" }

    /// All requests so far, in the order in which they came.
    package var received: [Received] { state.withLock { $0.received } }

    package var connections: Int { state.withLock { $0.connections } }

    private func serve(_ descriptor: Int32, _ handle: @escaping Handler) {
        state.withLock {
            $0.connections += 1
            $0.open.append(descriptor)
        }
        // The server may go while a request is at work.
        let note: @Sendable (Received) -> Received = { [weak self] request in
            var request = request
            self?.state.withLock { state in
                request.number = state.received.count
                state.received.append(request)
            }
            return request
        }
        let ended: @Sendable () -> Void = { [weak self] in
            self?.state.withLock { $0.open.removeAll { $0 == descriptor } }
            close(descriptor)
        }
        Thread.detachNewThread {
            defer { ended() }
            let connection = Connection(descriptor)
            while !connection.isClosed, let request = connection.receive() {
                do { try handle(note(request), connection) } catch { return }
            }
        }
    }
}

/// A request that a server got.
package struct Received: Sendable {
    /// Which of all requests this is, from 0.
    package var number = 0
    package let method: String
    package let path: String
    /// By their names in lower case.
    package let headers: [String: String]
    package let body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The body's members.
    package var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]) ?? [:]
    }
}

import Foundation
import Synchronization

/// A server on a free loopback port that handles each request as a test wants.
package final class Loopback: Sendable {
    package let port: Int

    private let sockets = Sockets()
    private let state = Mutex(State())

    private struct State {
        var received: [Received] = []
        var connections = 0
    }

    /// A function that handles a request. The connection stays open for the next unless it is
    /// closed.
    package typealias Handler = @Sendable (Received, Connection) throws -> Void

    package init(_ handle: @escaping Handler) throws {
        signal(SIGPIPE, SIG_IGN)
        let listener = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listens = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 512) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        guard listens, sockets.add(listener) else { throw POSIXError(.EADDRINUSE) }
        Thread.detachNewThread { [sockets, weak self] in
            defer { sockets.close(listener) }
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0, sockets.add(descriptor) else { return }
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                guard let self else { return sockets.close(descriptor) }
                self.serve(descriptor, handle)
            }
        }
    }

    deinit { stop() }

    /// Refuses connections from now on, and breaks those that exist.
    package func stop() { sockets.shutDown() }

    package var url: String { "http://127.0.0.1:\(port)" }

    /// All requests so far, in the order of arrival.
    package var received: [Received] { state.withLock { $0.received } }

    package var connections: Int { state.withLock { $0.connections } }

    private func serve(_ descriptor: Int32, _ handle: @escaping Handler) {
        state.withLock { $0.connections += 1 }
        // The server may go away while it handles a request.
        let note: @Sendable (Received) -> Received = { [weak self] request in
            var request = request
            self?.state.withLock { state in
                request.number = state.received.count
                state.received.append(request)
            }
            return request
        }
        Thread.detachNewThread { [sockets] in
            defer { sockets.close(descriptor) }
            let connection = Connection(descriptor)
            while !connection.isClosed, let request = connection.receive() {
                do { try handle(note(request), connection) } catch { return }
            }
        }
    }
}

/// The sockets of a server. The thread that uses a socket closes it, so a shutdown never hits a
/// number that belongs to another socket by then.
private final class Sockets: Sendable {
    private let state = Mutex((open: Set<Int32>(), isShutDown: false))

    /// - Returns: True if the socket may be used. If false, it has been closed.
    func add(_ socket: Int32) -> Bool {
        state.withLock { state in
            if state.isShutDown {
                Foundation.close(socket)
            } else {
                state.open.insert(socket)
            }
            return !state.isShutDown
        }
    }

    func close(_ socket: Int32) {
        state.withLock { state in
            state.open.remove(socket)
            _ = Foundation.close(socket)
        }
    }

    func shutDown() {
        state.withLock { state in
            state.isShutDown = true
            for socket in state.open { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }
}

/// A request that a server received.
package struct Received: Sendable {
    /// The number of requests before this one.
    package var number = 0
    package let method: String
    package let path: String
    /// The headers by their names in lower case.
    package let headers: [String: String]
    package let body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The members of the body.
    package var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]) ?? [:]
    }
}

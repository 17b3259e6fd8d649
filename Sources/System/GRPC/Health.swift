import Synchronization

/// The service `grpc.health.v1.Health`: it reports which services of a server are serving.
///
/// The empty name stands for the server as a whole.
package final class Health: Sendable {
    /// The status of a service, with the numbers of the protocol.
    package enum Status: UInt8, Sendable {
        case serving = 1, notServing, serviceUnknown
    }

    private let state: Mutex<State>

    private struct State {
        var statuses: [String: Status]
        var watchers: [Int: AsyncStream<Void>.Continuation] = [:]
        var watchersSoFar = 0
    }

    /// - Parameter services: The names of the services in addition to the server as a whole.
    package init(services: [String] = []) {
        var statuses = ["": Status.serving]
        for service in services { statuses[service] = .serving }
        state = Mutex(State(statuses: statuses))
    }

    /// Sets the status that later checks get, and sends it to the clients that watch.
    package func set(_ status: Status, for service: String) {
        let watchers = state.withLock { state in
            state.statuses[service] = status
            return Array(state.watchers.values)
        }
        for watcher in watchers { watcher.yield() }
    }

    /// The service's methods.
    package var handlers: [Handler] {
        [
            .unary("/grpc.health.v1.Health/Check", executes: .onQueue) { request, _ in
                let service = try HealthMessage.service(request)
                guard let status = self.status(of: service) else {
                    throw GRPCError(.notFound, "unknown service '\(service)'")
                }
                return HealthMessage.reply(status)
            },
            .serverStreaming("/grpc.health.v1.Health/Watch", executes: .onQueue) {
                request, writer, _ in
                let service = try HealthMessage.service(request)
                var last: Status?
                for await _ in self.changes {
                    // A service that is unknown now may become known.
                    let status = self.status(of: service) ?? .serviceUnknown
                    guard status != last else { continue }
                    try await writer.send(HealthMessage.reply(status))
                    last = status
                }
            },
        ]
    }

    private func status(of service: String) -> Status? {
        state.withLock { $0.statuses[service] }
    }

    /// A stream with one element now, and one after any changes since the last was taken.
    private var changes: AsyncStream<Void> {
        let (changes, watcher) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.watchersSoFar += 1
            state.watchers[state.watchersSoFar] = watcher
            return state.watchersSoFar
        }
        watcher.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.watchers.removeValue(forKey: number) }
        }
        watcher.yield()
        return changes
    }
}

/// The two messages of grpc/health/v1/health.proto, each with one field, number 1.
private enum HealthMessage {
    /// Returns the name in a `HealthCheckRequest`. Unknown fields are skipped.
    static func service(_ request: [UInt8]) throws(GRPCError) -> String {
        var service = ""
        var rest = request[...]
        while !rest.isEmpty {
            let key = try varint(&rest)
            switch key & 7 {
            case 0: _ = try varint(&rest)
            case 1: _ = try take(8, &rest)
            case 2:
                let field = try take(varint(&rest), &rest)
                if key >> 3 == 1 { service = String(decoding: field, as: UTF8.self) }
            case 5: _ = try take(4, &rest)
            default: throw malformed
            }
        }
        return service
    }

    /// Returns a `HealthCheckResponse`.
    static func reply(_ status: Health.Status) -> [UInt8] {
        [1 << 3, status.rawValue]
    }

    private static let malformed = GRPCError(.internal, "the request is not a HealthCheckRequest")

    private static func varint(_ bytes: inout ArraySlice<UInt8>) throws(GRPCError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = bytes.popFirst() else { throw malformed }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw malformed
    }

    private static func take(
        _ count: UInt64, _ bytes: inout ArraySlice<UInt8>
    ) throws(GRPCError) -> ArraySlice<UInt8> {
        guard count <= UInt64(bytes.count) else { throw malformed }
        defer { bytes.removeFirst(Int(count)) }
        return bytes.prefix(Int(count))
    }
}

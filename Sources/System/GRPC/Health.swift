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
        guard let fields = WireField.all(in: request[...]) else {
            throw GRPCError(.internal, "the request is not a HealthCheckRequest")
        }
        let service = fields.last { $0.number == 1 }
        return service.map { String(decoding: $0.payload, as: UTF8.self) } ?? ""
    }

    /// Returns a `HealthCheckResponse`.
    static func reply(_ status: Health.Status) -> [UInt8] {
        [1 << 3, status.rawValue]
    }
}

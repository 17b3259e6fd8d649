import Glibc

/// A thread for blocking work whose end can be waited for.
struct JoinedThread: Sendable {
    private let raw: pthread_t

    init(_ body: @escaping @Sendable () -> Void) {
        var raw = pthread_t()
        let context = Unmanaged.passRetained(Body(run: body)).toOpaque()
        let error = pthread_create(
            &raw, nil,
            { context in
                Unmanaged<Body>.fromOpaque(context!).takeRetainedValue().run()
                return nil
            }, context)
        precondition(error == 0, "cannot start a thread: \(String(cString: strerror(error)))")
        self.raw = raw
    }

    /// Returns when the thread has ended and released everything it held. Call it only once.
    func join() { pthread_join(raw, nil) }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
}

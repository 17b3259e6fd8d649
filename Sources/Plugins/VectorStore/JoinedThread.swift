import Glibc

/// A thread for work that blocks, which can be waited for.
struct JoinedThread: Sendable {
    private let raw: pthread_t

    init(_ body: @escaping @Sendable () -> Void) {
        var raw = pthread_t()
        // The thread releases its body: it is the only one to take it.
        let context = unsafe Unmanaged.passRetained(Body(run: body)).toOpaque()
        let error = unsafe pthread_create(
            &raw, nil,
            { context in
                unsafe Unmanaged<Body>.fromOpaque(context!).takeRetainedValue().run()
                return nil
            }, context)
        let reason = unsafe String(cString: strerror(error))
        precondition(error == 0, "cannot start a thread: \(reason)")
        self.raw = raw
    }

    /// Returns when the thread has ended and let go of everything it held. Once only.
    func join() { pthread_join(raw, nil) }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
}

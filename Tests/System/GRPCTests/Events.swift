/// The actions of a handler in order, for the test to wait for.
struct Events: Sendable {
    private let stream: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(of: String.self)
    }

    func add(_ event: String) {
        continuation.yield(event)
    }

    /// Returns the next event, for one task at a time.
    func next() async -> String? {
        var iterator = stream.makeAsyncIterator()
        return await iterator.next()
    }
}

/// Suspends until the task is cancelled.
func waitForCancellation() async {
    let (never, _continuation) = AsyncStream.makeStream(of: Void.self)
    for await _ in never {}
    _continuation.finish()
}

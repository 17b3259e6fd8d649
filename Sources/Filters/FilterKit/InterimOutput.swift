internal import Synchronization

/// Lines that a stage writes between records, at once and in the order in which they come. Those of
/// a record come before the record.
package final class InterimOutput: Sendable {
    private let write = Mutex<(@Sendable ([UInt8]) async -> Void)?>(nil)

    package init() {}

    /// Suspends while too much output waits for a slow reader.
    ///
    /// - Parameter line: A line without its line end.
    package func say(_ line: [UInt8]) async {
        await write.withLock { $0 }?(line)
    }

    func connect(_ body: @escaping @Sendable ([UInt8]) async -> Void) {
        write.withLock { $0 = body }
    }
}

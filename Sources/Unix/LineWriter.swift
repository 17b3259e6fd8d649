import Glibc
import Waiting

/// Writes to a descriptor on a thread of its own, and reports every byte it
/// could not write.
///
/// What is appended waits until `flush`. While one block is being written the
/// next is gathered, so a slow reader costs no more than the memory below.
/// One task at a time may write.
package final class LineWriter: @unchecked Sendable {
    private let sink: Monitor<Sink>

    /// True if what is written is looked at, and has to be visible text.
    private let isTerminal: Bool

    // Only the one writing task touches this.
    private var pending: [UInt8] = []

    // Comes before what is pending. Only the one writing task touches this.
    private var full: [[UInt8]] = []

    /// What waits for the thread, and what became of it.
    private struct Sink {
        var blocks: [[UInt8]] = []
        var bytes = 0
        var failure: OutputError?
        var isFinished = false
        var isIdle = true
        var waiter: CheckedContinuation<Void, Never>?
    }

    /// What is gathered before the thread gets it without being told to flush.
    private static let blockSize = 256 * 1024

    /// What is worth a write of its own.
    private static let smallest = 32 * 1024

    /// What may wait for a slow reader.
    private static let mostWaiting = 2 * 1024 * 1024

    /// Writes to standard output.
    package convenience init() { self.init(descriptor: STDOUT_FILENO, path: nil) }

    /// - Parameter file: Has to stay open.
    package convenience init(_ file: OutputFile) {
        self.init(descriptor: file.descriptor, path: file.path)
    }

    /// - Parameters:
    ///   - descriptor: Not closed.
    ///   - path: For messages, if it is not standard output.
    package init(descriptor: Int32, path: String? = nil) {
        let sink = Monitor(Sink())
        self.sink = sink
        isTerminal = isatty(descriptor) == 1
        detachThread { Self.write(sink, to: descriptor, path) }
    }

    deinit {
        sink.withLock { $0.isFinished = true }
        sink.signal()
    }

    /// Gathers bytes; whole lines, so that nothing is ever cut by an error elsewhere.
    package func append(_ bytes: some Collection<UInt8>) {
        if isTerminal { pending += Self.visible(bytes) } else { pending += bytes }
    }

    /// Gathers bytes, without copying them if there are many.
    package func append(_ bytes: [UInt8]) {
        if isTerminal {
            pending += Self.visible(bytes)
        } else if bytes.count < Self.smallest {
            pending += bytes
        } else {
            if !pending.isEmpty { full.append(pending) }
            pending = []
            full.append(bytes)
        }
    }

    package func append(_ byte: UInt8) { pending.append(byte) }

    private static func visible(_ bytes: some Collection<UInt8>) -> String.UTF8View {
        VisibleText(lines: String(decoding: bytes, as: UTF8.self)).description.utf8
    }

    /// Whether enough is gathered for a write of its own.
    package var isFull: Bool { pending.count >= Self.blockSize }

    /// Hands what is gathered to the thread. Suspends while too much waits.
    ///
    /// - Throws: What an earlier write met.
    package func flush() async throws(OutputError) {
        if !pending.isEmpty {
            full.append(pending)
            pending = []
        }
        guard !full.isEmpty else { return }
        sink.withLock { sink in
            sink.bytes += full.reduce(0) { $0 + $1.count }
            sink.blocks += full
        }
        full = []
        sink.signal()
        try await wait { $0.bytes <= Self.mostWaiting }
    }

    /// Flushes and waits until everything is written, without which a full
    /// disk would look like success.
    package func finish() async throws(OutputError) {
        try await flush()
        try await wait { $0.isIdle && $0.blocks.isEmpty }
    }

    private func wait(until isDone: @Sendable @escaping (Sink) -> Bool) async throws(OutputError) {
        while true {
            let (done, failure) = sink.withLock { (isDone($0), $0.failure) }
            if let failure { throw failure }
            if done { return }
            await withCheckedContinuation { continuation in
                let isReady = sink.withLock { sink in
                    if isDone(sink) || sink.failure != nil { return true }
                    sink.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        }
    }

    private static func write(_ sink: Monitor<Sink>, to descriptor: Int32, _ path: String?) {
        while true {
            let blocks = sink.wait { sink -> [[UInt8]]? in
                if sink.blocks.isEmpty { return sink.isFinished ? [] : nil }
                sink.isIdle = false
                defer { sink.blocks = [] }
                return sink.blocks
            }
            if blocks.isEmpty { return }
            var failure: OutputError?
            for block in blocks where failure == nil {
                failure = writeAll(block, to: descriptor)
                if let path { failure = failure?.naming(path) }
            }
            let waiter = sink.withLock { sink in
                sink.bytes -= blocks.reduce(0) { $0 + $1.count }
                sink.isIdle = true
                sink.failure = sink.failure ?? failure
                return sink.waiter.take()
            }
            waiter?.resume()
            if failure != nil { return }
        }
    }
}

/// Why output could not be written.
package enum OutputError: Error, Equatable {
    /// The reader has gone, as `head` does: a reason to stop, not a failure.
    case closed
    case failed(SystemError)
}

extension OutputError {
    /// The same of a file, which standard output would be taken for otherwise.
    func naming(_ path: String) -> OutputError {
        switch self {
        case .closed: self
        case .failed(let error): .failed(SystemError(error.code, "\(error.action) '\(path)'"))
        }
    }
}

extension OutputError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .closed: "nobody is reading"
        case .failed(let error): error.description
        }
    }
}

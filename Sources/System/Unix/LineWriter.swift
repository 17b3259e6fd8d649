import Glibc
import Text
import Waiting

/// A writer to a descriptor, with a separate thread. A failure to write any byte is reported.
///
/// Appended bytes wait until `flush`. While one block is being written the next is gathered, so a
/// slow reader costs at most the memory stated below. One task at a time may write.
package final class LineWriter: @unchecked Sendable {
    private let sink: Monitor<Sink>

    /// True if the output goes to a terminal, and has to be visible text.
    private let isTerminal: Bool

    // Only the one writing task touches this.
    private var pending: [UInt8] = []

    // These blocks come before `pending`. Only the one writing task touches this.
    private var full: [[UInt8]] = []

    /// The blocks that wait for the thread, and the result of writing.
    private struct Sink {
        var blocks: [[UInt8]] = []
        var bytes = 0
        var failure: OutputError?
        var isFinished = false
        var isIdle = true
        var waiter: CheckedContinuation<Void, Never>?
    }

    /// The number of bytes after which a block goes to the thread without a flush.
    private static let blockSize = 256 * 1024

    /// The number of bytes that justifies a separate write.
    private static let smallest = 32 * 1024

    /// The number of bytes that may wait for a slow reader.
    private static let mostWaiting = 2 * 1024 * 1024

    /// Writes to standard output.
    package convenience init() { self.init(descriptor: STDOUT_FILENO, path: nil) }

    /// - Parameter file: A file that has to stay open.
    package convenience init(_ file: OutputFile) {
        self.init(descriptor: file.descriptor, path: file.path)
    }

    /// - Parameters:
    ///   - descriptor: A descriptor, which is not closed.
    ///   - path: The path for messages, if it is not standard output.
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

    /// Gathers bytes. They have to be whole lines, so that an error elsewhere never cuts a line.
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

    /// True if enough bytes are gathered for a separate write.
    package var isFull: Bool { pending.count >= Self.blockSize }

    /// Hands the gathered bytes to the thread. Suspends while too many wait.
    ///
    /// - Throws: The error of an earlier write.
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

/// The reason why output could not be written.
package enum OutputError: Error, Equatable {
    /// The reader has gone, as `head` does. That is a reason to stop, not a failure.
    case closed
    case failed(SystemError)
}

extension OutputError {
    /// Returns the same error for a file. Without that, the message is about standard output.
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

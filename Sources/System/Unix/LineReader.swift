import Glibc
import Text
import Waiting

/// A reader of the lines of a descriptor. A separate thread reads ahead. A byte order mark before
/// the first line is skipped.
///
/// At most a few blocks are held, so a slow consumer slows the writer down.
/// One task at a time may read.
package final class LineReader: @unchecked Sendable {
    /// A line, or the place of a line that was skipped.
    package enum Line: Equatable, Sendable {
        case bytes([UInt8])
        /// The line was longer than the limit and has been skipped.
        case tooLong
    }

    private let source: Monitor<Source>
    private let separator: UInt8
    private let longest: Int

    // Only the one reading task touches these.
    private var block: [UInt8] = []
    private var position = 0
    private var begun: [UInt8] = []
    private var isSkipping = false
    private var peeked: Line?

    /// The number of lines returned so far, which is the number of the last one, counted from 1.
    package private(set) var lineNumber = 0

    /// The number of bytes in the lines so far, with their separators.
    package private(set) var byteCount = 0

    /// The input that the thread has read and that has not been taken yet.
    private struct Source {
        var blocks: [[UInt8]] = []
        var end: Result<Void, SystemError>?
        var waiter: CheckedContinuation<Void, Never>?
    }

    private static let blockSize = 256 * 1024
    private static let blocksAhead = 4

    /// - Parameters:
    ///   - descriptor: The descriptor to read to its end. It is not closed.
    ///   - separator: The byte that ends a line: newline, or NUL for `-0`.
    ///   - longest: The most bytes that a line may have.
    package init(descriptor: Int32 = STDIN_FILENO, separator: UInt8, longest: Int) {
        self.separator = separator
        self.longest = longest
        let source = Monitor(Source())
        self.source = source
        detachThread { Self.read(descriptor, into: source) }
    }

    /// Waits for the next line.
    ///
    /// Returns nil at the end of input, and when the task is cancelled.
    package func next() async throws(SystemError) -> Line? {
        if let line = peeked.take() { return line }
        while true {
            if let line = takeLine() { return line }
            if try !refill() {
                if source.withLock({ $0.blocks.isEmpty && $0.end != nil }) { return takeLast() }
                if Task.isCancelled { return nil }
                await withTaskCancellationHandler {
                    await waitForInput()
                } onCancel: {
                    source.withLock { $0.waiter.take() }?.resume()
                }
            }
        }
    }

    /// Waits for the next line as `next` does, without consuming it.
    package func peek() async throws(SystemError) -> Line? {
        if peeked == nil { peeked = try await next() }
        return peeked
    }

    /// Returns the next line if it has already been read, without waiting.
    package func nextIfReady() throws(SystemError) -> Line? {
        if let line = peeked.take() { return line }
        while true {
            if let line = takeLine() { return line }
            if try !refill() { return nil }
        }
    }

    private func waitForInput() async {
        await withCheckedContinuation { continuation in
            let isReady = source.withLock { source in
                if !source.blocks.isEmpty || source.end != nil || Task.isCancelled { return true }
                source.waiter = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    /// Takes the next block from the thread, if there is one.
    private func refill() throws(SystemError) -> Bool {
        let (next, end) = source.withLock { source in
            source.blocks.isEmpty
                ? (nil, source.end) : (source.blocks.removeFirst(), source.end)
        }
        guard let next else {
            if case .failure(let error) = end { throw error }
            return false
        }
        source.signal()
        block = next
        position = 0
        return true
    }

    private func takeLine() -> Line? {
        guard position < block.count else { return nil }
        let rest = block.count - position
        let length = block.withUnsafeBytes { bytes -> Int? in
            let start = bytes.baseAddress! + position
            return memchr(start, Int32(separator), rest).map { UnsafeRawPointer($0) - start }
        }
        let line = block[position..<position + (length ?? rest)]
        let taken = line.count + (length == nil ? 0 : 1)
        position += taken
        byteCount += taken
        if begun.count + line.count > longest {
            isSkipping = true
            begun = []
        }
        guard length != nil else {
            if !isSkipping { begun += line }
            return nil
        }
        lineNumber += 1
        defer {
            begun = []
            isSkipping = false
        }
        if isSkipping { return .tooLong }
        return handOut(begun.isEmpty ? Array(line) : begun + line)
    }

    /// Returns the bytes after the last separator.
    private func takeLast() -> Line? {
        guard isSkipping || !begun.isEmpty else { return nil }
        lineNumber += 1
        defer {
            begun = []
            isSkipping = false
        }
        return isSkipping ? .tooLong : handOut(begun)
    }

    private func handOut(_ line: [UInt8]) -> Line {
        guard lineNumber == 1 else { return .bytes(line) }
        var first = line
        first.removeByteOrderMark()
        return .bytes(first)
    }

    private static func read(_ descriptor: Int32, into source: Monitor<Source>) {
        while true {
            source.wait { source in source.blocks.count < blocksAhead ? () : nil }
            var failure: Int32 = 0
            let block = [UInt8](unsafeUninitializedCapacity: blockSize) { buffer, count in
                while true {
                    let result =
                        isTaken(descriptor)
                        ? -1 : Glibc.read(descriptor, buffer.baseAddress, blockSize)
                    if result < 0, errno == EINTR, !isTaken(descriptor) { continue }
                    failure = result >= 0 ? 0 : isTaken(descriptor) ? EBADF : errno
                    count = max(0, result)
                    return
                }
            }
            let waiter = source.withLock { source in
                if !block.isEmpty {
                    source.blocks.append(block)
                } else if failure == 0 {
                    source.end = .success(())
                } else {
                    source.end = .failure(SystemError(failure, "read"))
                }
                return source.waiter.take()
            }
            waiter?.resume()
            if block.isEmpty { return }
        }
    }
}

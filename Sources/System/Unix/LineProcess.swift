import CUnix
import Glibc
import Synchronization
package import Waiting

/// A program that reads and writes lines.
///
/// One thread starts the program, reads both its outputs to their end and waits for it. Another
/// thread writes its input. So the program never blocks on a full pipe, no caller waits for it to
/// read, it is always reaped, and it is killed when this process ends for any reason. It has its
/// own process group, which is killed with it, unless it uses the terminal.
package final class LineProcess: Sendable {
    /// The two outputs of a process.
    package enum Output: Sendable { case standard, errors }

    /// The end of the process, set after the last call of any function that ``start`` was given.
    package let ending = Latch<Ending>()

    private let input = ChildInput()
    private let state: Mutex<(child: Child?, lastLines: LastLines)>

    /// A process that has not been started. Input is kept until it is.
    ///
    /// - Parameter lastLines: Keeps the last lines of standard error.
    package init(lastLines: LastLines = LastLines()) { state = Mutex((nil, lastLines)) }

    /// Starts a program. Called only once.
    ///
    /// - Parameters:
    ///   - arguments: The arguments without the program's name.
    ///   - environment: The whole environment, as `NAME=value`.
    ///   - takesInput: True if the program gets input; if not, its standard input is empty.
    ///   - usesTerminal: True if the program stays in the process group of this process, which it
    ///     needs to read the terminal.
    ///   - confinement: The limits that the kernel keeps on the program; nil for none.
    ///   - longestLine: The longest line, in bytes. A longer line comes in pieces.
    ///   - onLine: Gets each line without its newline, on the thread that reads.
    ///   - onUnfinishedLine: Gets the text on standard output after the last newline, each time
    ///     that it grows.
    ///   - onOutputEnd: Called on the thread that reads if standard output ends while the program
    ///     runs.
    ///   - onExit: Called once, on the thread that reads, after every line that the program itself
    ///     has printed.
    package func start(
        _ path: String, arguments: [String] = [], environment: [String],
        takesInput: Bool = false, usesTerminal: Bool = false, confinement: Confinement? = nil,
        longestLine: Int = 64 * 1024,
        onLine: @escaping @Sendable (Output, ArraySlice<UInt8>) -> Void,
        onUnfinishedLine: @escaping @Sendable (ArraySlice<UInt8>) -> Void = { _ in },
        onOutputEnd: @escaping @Sendable () -> Void = {},
        onExit: @escaping @Sendable (Ending) -> Void = { _ in }
    ) async throws(SystemError) {
        let program = Child.Program(
            path: path, arguments: [path] + arguments, environment: environment,
            place: usesTerminal ? .ourGroup : .ownGroup, confinement: confinement)
        let started: Result<Void, SystemError> = await withCheckedContinuation { continuation in
            detachThread { [self] in
                do throws(SystemError) {
                    var output = try LineSplitter(
                        longest: longestLine, onLine: { onLine(.standard, $0) },
                        onUnfinishedLine: onUnfinishedLine)
                    var errors = try LineSplitter(
                        longest: longestLine,
                        onLine: { line in
                            let text = String(decoding: line, as: UTF8.self)
                            _ = self.state.withLock { $0.lastLines.add(text) }
                            onLine(.errors, line)
                        })
                    let child = try spawn(program, takesInput, output.end, errors.end)
                    output.handOver()
                    errors.handOver()
                    continuation.resume(returning: .success(()))
                    let ending = child.read(&output, &errors, onOutputEnd: onOutputEnd)
                    input.close()
                    onExit(ending)
                    self.ending.set(ending)
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        try started.get()
    }

    private func spawn(
        _ program: Child.Program, _ takesInput: Bool, _ output: Int32, _ errors: Int32
    ) throws(SystemError) -> Child {
        let ends = takesInput ? try openPipe() : (read: try openNothing(), write: -1)
        defer { close(ends.read) }
        // Most writes fit into a wide pipe, and wake the child only once.
        if takesInput { hector_widen_pipe(ends.write) }
        let child: Child
        do {
            child = try Child(program, input: ends.read, output: output, errors: errors)
        } catch {
            if takesInput { close(ends.write) }
            throw error
        }
        if takesInput { input.begin(takingOwnershipOf: ends.write) } else { input.close() }
        state.withLock { $0.child = child }
        return child
    }

    private var child: Child? { state.withLock { $0.child } }

    /// The process id; nil before the start.
    package var processID: Int32? { child?.processID }

    /// The last lines of standard error.
    package var lastLines: LastLines { state.withLock { $0.lastLines } }

    /// Adds bytes to the input, and does not wait until the process has read them.
    ///
    /// - Returns: True if the process may still read the bytes.
    @discardableResult
    package func write(_ bytes: [UInt8]) -> Bool { input.write(bytes) }

    /// Ends the input after all bytes that have been written.
    package func closeInput() { input.close() }

    /// Sends a signal to the process and the processes that it has started. Does nothing once it
    /// has ended.
    package func signal(_ number: Int32) { child?.signal(number) }

    /// Closes the input, and ends the process by SIGTERM and then by SIGKILL unless it ends by
    /// itself. Does not wait for the end.
    ///
    /// - Parameters:
    ///   - delay: The time in which the process may end by itself. If zero, SIGTERM is sent before
    ///     this returns.
    ///   - grace: The time between SIGTERM and SIGKILL.
    package func beginToEnd(after delay: Duration = .zero, grace: Duration) {
        child?.end(after: delay, grace: grace)
        closeInput()
    }

    /// Ends the process as ``beginToEnd(after:grace:)`` does, and waits until it has ended, even in
    /// a cancelled task.
    package func end(after delay: Duration = .zero, grace: Duration) async {
        guard child != nil else { return }
        beginToEnd(after: delay, grace: grace)
        _ = await ending.waitRegardless()
    }
}

extension LineProcess {
    /// Returns a process that was started with ``start``.
    package static func launch(
        _ path: String, arguments: [String] = [], environment: [String],
        takesInput: Bool = false, usesTerminal: Bool = false, confinement: Confinement? = nil,
        longestLine: Int = 64 * 1024,
        onLine: @escaping @Sendable (Output, ArraySlice<UInt8>) -> Void,
        onUnfinishedLine: @escaping @Sendable (ArraySlice<UInt8>) -> Void = { _ in },
        onOutputEnd: @escaping @Sendable () -> Void = {},
        onExit: @escaping @Sendable (Ending) -> Void = { _ in }
    ) async throws(SystemError) -> LineProcess {
        let process = LineProcess()
        try await process.start(
            path, arguments: arguments, environment: environment, takesInput: takesInput,
            usesTerminal: usesTerminal, confinement: confinement, longestLine: longestLine,
            onLine: onLine, onUnfinishedLine: onUnfinishedLine, onOutputEnd: onOutputEnd,
            onExit: onExit)
        return process
    }
}

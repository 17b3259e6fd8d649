import CUnix
import Glibc
import Synchronization
package import Waiting

/// A program that lines are written to and lines are read from.
///
/// One thread starts it, reads both its outputs to their end and waits for it, and another writes to
/// it. So it never blocks on a full pipe, no caller waits for it to read, it is always reaped, and it is
/// killed with this process, whatever kills that. It has a process group of its own, which ends with
/// it, unless it uses the terminal.
package final class LineProcess: Sendable {
    /// The two outputs of a process.
    package enum Output: Sendable { case standard, errors }

    /// Its end, set after the last call of any function that ``start`` was given.
    package let ending = Latch<Ending>()

    private let input = ChildInput()
    private let state: Mutex<(child: Child?, lastLines: LastLines)>

    /// A process that is not started yet. What is written to it is kept until it is.
    ///
    /// - Parameter lastLines: Keeps those of its standard error.
    package init(lastLines: LastLines = LastLines()) { state = Mutex((nil, lastLines)) }

    /// Starts a program. Once only.
    ///
    /// - Parameters:
    ///   - arguments: Without the program's name.
    ///   - environment: `NAME=value` each. Replaces this process's environment.
    ///   - takesInput: True if there is anything to write to it; if not, its standard input is empty.
    ///   - usesTerminal: True if it stays in this process's group, as it must to read the
    ///     terminal.
    ///   - longestLine: In bytes. A longer line comes in pieces.
    ///   - onLine: Gets each line without its newline, on the process's thread.
    ///   - onUnfinishedLine: Gets the text on standard output after the last newline, each time
    ///     that there is more of it.
    ///   - onOutputEnd: Called on the process's thread if its standard output ends while it runs.
    ///   - onExit: Called once, on the process's thread, after every line the process itself has
    ///     printed.
    package func start(
        _ path: String, arguments: [String] = [], environment: [String],
        takesInput: Bool = false, usesTerminal: Bool = false, longestLine: Int = 64 * 1024,
        onLine: @escaping @Sendable (Output, ArraySlice<UInt8>) -> Void,
        onUnfinishedLine: @escaping @Sendable (ArraySlice<UInt8>) -> Void = { _ in },
        onOutputEnd: @escaping @Sendable () -> Void = {},
        onExit: @escaping @Sendable (Ending) -> Void = { _ in }
    ) async throws(SystemError) {
        let program = Child.Program(
            path: path, arguments: [path] + arguments, environment: environment,
            place: usesTerminal ? .ourGroup : .ownGroup)
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
        // With that, most writes fit at once and wake the child only once.
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

    /// Nil before it is started.
    package var processID: Int32? { child?.processID }

    /// The last lines of its standard error.
    package var lastLines: LastLines { state.withLock { $0.lastLines } }

    /// Adds bytes to what it will read, and does not wait until it has.
    ///
    /// - Returns: True if the process may still read them.
    @discardableResult
    package func write(_ bytes: [UInt8]) -> Bool { input.write(bytes) }

    /// Lets it see the end of its input after all that has been written.
    package func closeInput() { input.close() }

    /// Sends a signal to it and whatever it has started. Harmless once it has ended.
    package func signal(_ number: Int32) { child?.signal(number) }

    /// Closes its input and has it end, by itself, by SIGTERM or by SIGKILL. Does not wait for it.
    ///
    /// - Parameters:
    ///   - delay: The time it has to end by itself. If zero, SIGTERM is sent before this returns.
    ///   - grace: The time between SIGTERM and SIGKILL.
    package func beginToEnd(after delay: Duration = .zero, grace: Duration) {
        child?.end(after: delay, grace: grace)
        closeInput()
    }

    /// Does as ``beginToEnd(after:grace:)``, and waits until it has ended, in a task that is
    /// cancelled too.
    package func end(after delay: Duration = .zero, grace: Duration) async {
        guard child != nil else { return }
        beginToEnd(after: delay, grace: grace)
        _ = await ending.waitRegardless()
    }
}

extension LineProcess {
    /// A process that is started with ``start``.
    package static func launch(
        _ path: String, arguments: [String] = [], environment: [String],
        takesInput: Bool = false, usesTerminal: Bool = false, longestLine: Int = 64 * 1024,
        onLine: @escaping @Sendable (Output, ArraySlice<UInt8>) -> Void,
        onUnfinishedLine: @escaping @Sendable (ArraySlice<UInt8>) -> Void = { _ in },
        onOutputEnd: @escaping @Sendable () -> Void = {},
        onExit: @escaping @Sendable (Ending) -> Void = { _ in }
    ) async throws(SystemError) -> LineProcess {
        let process = LineProcess()
        try await process.start(
            path, arguments: arguments, environment: environment, takesInput: takesInput,
            usesTerminal: usesTerminal, longestLine: longestLine, onLine: onLine,
            onUnfinishedLine: onUnfinishedLine, onOutputEnd: onOutputEnd, onExit: onExit)
        return process
    }
}

internal import FilterKit
internal import Glibc
internal import Synchronization
internal import Unix

/// A program that is run to its end.
enum Subprocess {
    /// The time that a program has to end after SIGTERM before it is killed.
    static let grace = Duration.seconds(5)

    /// Runs a program without input.
    ///
    /// - Parameters:
    ///   - onError: Gets each line of its standard error; if nil, the line is shown.
    ///   - onLine: Gets each line of its output. Both are called on a thread of their own.
    /// - Throws: `SystemError`; `CancellationError`.
    static func run(
        _ path: String, _ arguments: [String], environment: [String: String],
        longestLine: Int = 1 << 20, onError: (@Sendable (String) -> Void)? = nil,
        onLine: @escaping @Sendable (ArraySlice<UInt8>) -> Void
    ) async throws -> Ending {
        let end = End()
        let child = try await Child.launch(
            path, arguments: arguments, environment: environment.map { "\($0)=\($1)" },
            longestLine: longestLine,
            onLine: { output, line in
                switch output {
                case .standard: onLine(line)
                case .errors: (onError ?? Diagnostics.line)(String(decoding: line, as: UTF8.self))
                }
            },
            onExit: { end.come($0) })
        let ending = await withTaskCancellationHandler {
            await end.value()
        } onCancel: {
            child.signal(SIGTERM)
            Task {
                try await Task.sleep(for: grace)
                child.signal(SIGKILL)
            }
        }
        try Task.checkCancellation()
        return ending
    }
}

/// The ending of a child, once it has ended.
final class End: Sendable {
    private let state = Mutex(
        (ending: Ending?.none, waiters: [CheckedContinuation<Ending, Never>]()))

    func come(_ ending: Ending) {
        let waiters = state.withLock { state in
            state.ending = ending
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: ending) }
    }

    func value() async -> Ending {
        await withCheckedContinuation { continuation in
            let ending = state.withLock { state in
                if state.ending == nil { state.waiters.append(continuation) }
                return state.ending
            }
            if let ending { continuation.resume(returning: ending) }
        }
    }
}

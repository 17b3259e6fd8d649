internal import Command
internal import Unix
internal import Waiting

/// A program that is run to its end.
enum Subprocess {
    /// How long one that is told to end has before it is made to.
    static let grace = Duration.seconds(5)

    /// Runs it without input.
    ///
    /// - Parameters:
    ///   - onError: Gets each line that it says on standard error, which is else passed on.
    ///   - onLine: Gets each line that it prints. Both are called on a thread of its own.
    /// - Throws: `SystemError`; `CancellationError`.
    static func run(
        _ path: String, _ arguments: [String], environment: [String: String],
        longestLine: Int = 1 << 20, onError: (@Sendable (String) -> Void)? = nil,
        onLine: @escaping @Sendable (ArraySlice<UInt8>) -> Void
    ) async throws -> Ending {
        let process = try await LineProcess.launch(
            path, arguments: arguments, environment: environment.map { "\($0)=\($1)" },
            longestLine: longestLine,
            onLine: { output, line in
                switch output {
                case .standard: onLine(line)
                case .errors: (onError ?? Talk.line)(String(decoding: line, as: UTF8.self))
                }
            })
        let ending = await withTaskCancellationHandler {
            await process.ending.waitRegardless()
        } onCancel: {
            process.beginToEnd(grace: grace)
        }
        try Task.checkCancellation()
        return ending
    }
}

internal import FilterKit
package import Unix
internal import Waiting

/// A program that is run to its end.
package enum Subprocess {
    /// The time that a program has to end after SIGTERM before it is killed.
    package static let grace = Duration.seconds(5)

    /// Runs a program without input.
    ///
    /// - Parameters:
    ///   - onError: Gets each line of its standard error; if nil, the line is shown.
    ///   - onLine: Gets each line of its output. Both are called on another thread.
    /// - Throws: `SystemError`; `CancellationError`.
    package static func run(
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
                case .errors: (onError ?? Diagnostics.line)(String(decoding: line, as: UTF8.self))
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

internal import FilterKit
internal import Text

/// Reports failures on standard error, with the place in the script where they arose.
@MainActor final class FailureReport {
    private let loop: EventLoop
    private let screen: Screen

    /// The running scripts, each started by the one before it.
    private var places: [ScriptPlace] = []

    init(loop: EventLoop, screen: Screen) {
        self.loop = loop
        self.screen = screen
    }

    /// The number of files among the running scripts.
    var depth: Int { places.count { $0.file != nil } }

    /// Runs a script whose lines ``nextLine()`` counts.
    ///
    /// - Parameter file: The file of the script; nil for standard input.
    func inScript<R>(_ file: String?, _ body: () throws -> R) rethrows -> R {
        places.append(ScriptPlace(file: file))
        defer { places.removeLast() }
        return try body()
    }

    func nextLine() { places[places.count - 1].line += 1 }

    /// Shows a failure, after all earlier output.
    func show(_ message: String) {
        loop.settle()
        let place = places.last?.description ?? ""
        screen.showDiagnostic(
            VisibleText(message: "\(Diagnostics.programName): \(place)\(message)\n").description)
    }

    /// Shows an error that ended a line.
    ///
    /// - Returns: The exit status for a script.
    func show(_ error: any Error) -> Int32 {
        switch error {
        case let failure as Failure:
            show(failure.message)
            return failure.status.rawValue
        case is CancellationError:
            return EventLoop.interruptedStatus
        default:
            show("\(error)")
            return ExitStatus.ioError.rawValue
        }
    }
}

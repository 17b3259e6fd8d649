internal import Agent
internal import FilterKit
internal import FilterProcesses
internal import Glibc
internal import Synchronization
internal import Unix

/// The loop of the main thread, which it blocks. Tasks do slow work, and events arrive in a mailbox
/// in the meantime.
@MainActor final class EventLoop {
    let isInteractive: Bool

    /// True if ^C or a signal has cancelled the last work.
    private(set) var isInterrupted = false

    /// The number of signals that arrived in the mailbox, and of those caught before; nil as long as
    /// signals do not come here.
    private var takenSignals: Int?

    /// The signal that asks this process to end, or 0.
    private(set) var ending: Int32 = 0

    /// True once the user has asked to leave.
    private var isLeaving = false

    private let mailbox: Mailbox<Notice>
    private let screen: Screen

    init(screen: Screen, isInteractive: Bool) throws(SystemError) {
        mailbox = try Mailbox()
        self.screen = screen
        self.isInteractive = isInteractive
    }

    /// Redirects diagnostics and signals to the mailbox.
    func begin() {
        Diagnostics.divert { [mailbox] text in mailbox.post(.diagnostic(text)) }
        let suspending = isInteractive ? [SIGTSTP, SIGWINCH] : []
        if isInteractive { signal(SIGQUIT, SIG_IGN) }
        takenSignals = caughtSignals
        onSignals([SIGINT, SIGTERM, SIGHUP] + suspending) { [mailbox] signal in
            mailbox.post(.signal(signal))
            // The main thread may be blocked by a job in the foreground.
            if [SIGTERM, SIGHUP].contains(signal) { ForegroundJob.end(by: signal) }
        }
    }

    // MARK: The end

    /// True if no more lines are to be read.
    var isOver: Bool { isLeaving || ending != 0 }

    func leave() { isLeaving = true }

    /// Makes this process end by a signal as soon as it can.
    func end(by signal: Int32) { ending = signal }

    // MARK: Work

    /// Runs slow work and shows events in the meantime. ^C cancels it.
    ///
    /// - Parameter onEvent: Gets the events that are passed to ``report(_:)`` in the meantime.
    func perform<R: Sendable>(
        onEvent: (Event) -> Void = { _ in }, _ body: @escaping @Sendable () async throws -> R
    ) -> Result<R, any Error> {
        isInterrupted = false
        let outcome = Outcome<R>()
        let task = Task.detached { [mailbox] in
            let result: Result<R, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            outcome.value.withLock { $0 = result }
            mailbox.post(.done)
        }
        while true {
            for notice in counted(mailbox.wait(atMost: screen.timeout)) {
                switch notice {
                case .done: break
                case .diagnostic(let text): screen.showDiagnostic(text)
                case .event(let event, let continuation):
                    onEvent(event)
                    continuation.resume()
                case .signal(SIGTSTP): stop(by: SIGTSTP)
                case .signal(SIGWINCH): break
                case .signal(let signal):
                    isInterrupted = true
                    if signal == SIGINT, isInteractive {
                        screen.beginLineAfterKey()
                    } else {
                        ending = signal
                    }
                    task.cancel()
                }
            }
            // ^C reaches filters, too, whose answers may come before the signal is handed on.
            if let result = outcome.value.withLock({ $0 }),
                takenSignals == nil || takenSignals == caughtSignals
            {
                return result
            }
            screen.spin()
        }
    }

    private func counted(_ notices: [Notice]) -> [Notice] {
        takenSignals? += notices.count { if case .signal = $0 { true } else { false } }
        return notices
    }

    private final class Outcome<R: Sendable>: Sendable {
        let value = Mutex<Result<R, any Error>?>(nil)
    }

    /// Passes an event to the main thread, and returns when it has been shown.
    nonisolated func report(_ event: Event) async {
        await withCheckedContinuation { mailbox.post(.event(event, $0)) }
    }

    /// Returns the result of work.
    ///
    /// - Throws: `Failure`, or `CancellationError` if this process is to end.
    func value<R>(of result: Result<R, any Error>) throws -> R {
        if isInterrupted { throw interruption }
        do { return try result.get() } catch let error as StageError {
            throw Failure(error.status, error.summary)
        }
    }

    /// The error of cancelled work: `Failure`, or `CancellationError`, which is not reported, if
    /// this process is to end.
    var interruption: any Error {
        ending != 0 ? CancellationError() : Failure(.incomplete, "stopped")
    }

    // MARK: Between work

    /// Shows the messages that have arrived since the last work.
    func settle() {
        for notice in counted(mailbox.takeAll()) {
            switch notice {
            case .diagnostic(let text): screen.showDiagnostic(text)
            case .event(_, let continuation): continuation.resume()
            case .signal(SIGTERM): ending = SIGTERM
            case .signal(SIGHUP): ending = SIGHUP
            case .signal(SIGINT): if !isInteractive { ending = SIGINT }
            case .signal, .done: break
            }
        }
    }

    /// A descriptor that is readable while there are messages for ``attend(with:)``.
    var descriptor: Int32 { mailbox.descriptor }

    /// Handles messages that arrive while a line is edited.
    ///
    /// - Returns: True to continue editing.
    func attend(with editor: some LineEditing) -> Bool {
        var diagnostics = ""
        for notice in counted(mailbox.takeAll()) {
            switch notice {
            case .diagnostic(let text): diagnostics += text
            case .event(_, let continuation): continuation.resume()
            case .done: break
            case .signal(SIGWINCH): editor.resize()
            case .signal(SIGTSTP): editor.suspend { stop(by: SIGTSTP) }
            case .signal(SIGINT): editor.interrupt()
            case .signal(let signal): ending = signal
            }
        }
        if !diagnostics.isEmpty { editor.showAbove(diagnostics) }
        return ending == 0
    }
}

extension EventLoop {
    /// The exit status after ^C, as in other shells.
    nonisolated static let interruptedStatus = 128 + SIGINT
}

internal import Agent

/// A message to the waiting main thread.
enum Notice: Sendable {
    case signal(Int32)
    /// Lines for standard error, which may be a terminal.
    case diagnostic(String)
    /// An event of a run; the sender waits until it is shown.
    case event(Event, CheckedContinuation<Void, Never>)
    /// The end of work.
    case done
}

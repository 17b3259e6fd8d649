internal import Agent

/// A message to the main thread while it waits.
enum Notice: Sendable {
    case signal(Int32)
    /// Lines for standard error, which may be a terminal.
    case diagnostic(String)
    /// An event of a run, which waits until it is shown.
    case event(Event, CheckedContinuation<Void, Never>)
    /// The end of a piece of work.
    case done
}

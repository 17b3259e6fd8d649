import Agent

/// What the main thread is told while it waits.
enum Message: Sendable {
    case signal(Int32)
    /// Lines for standard error, which a terminal may get.
    case talk(String)
    /// What happens in a run, which waits until it is shown.
    case event(Event, CheckedContinuation<Void, Never>)
    /// The end of a piece of work.
    case done
}

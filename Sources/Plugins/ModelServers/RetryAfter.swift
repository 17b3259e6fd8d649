internal import HTTP

extension Headers {
    /// Returns the pause that a server asks for in one of the three possible ways, or nil.
    ///
    /// - Parameter now: The time in seconds since 1970, for a server that gives a time but not its
    ///   own clock.
    func retryAfter(now: Int) -> Duration? {
        if let text = self["retry-after-ms"], let milliseconds = Double(text), milliseconds >= 0 {
            return .milliseconds(min(milliseconds, Self.longest * 1000))
        }
        guard let text = self["retry-after"] else { return nil }
        if let seconds = Double(text) {
            return seconds >= 0 ? .seconds(min(seconds, Self.longest)) : nil
        }
        guard let then = secondsSince1970(httpDate: text) else { return nil }
        // The server's clock may differ from the local one.
        let now = self["date"].flatMap { secondsSince1970(httpDate: $0) } ?? now
        return .seconds(max(0, then - now))
    }

    /// The limit in seconds, for numbers that are not durations.
    private static let longest = 1e9
}

internal import HTTP

extension Headers {
    /// The pause that a server asks for in one of the three ways there are, or nil.
    ///
    /// - Parameter now: Seconds since 1970, for a server that says when but not what time it has.
    func retryAfter(now: Int) -> Duration? {
        if let text = self["retry-after-ms"], let milliseconds = Double(text), milliseconds >= 0 {
            return .milliseconds(min(milliseconds, Self.longest * 1000))
        }
        guard let text = self["retry-after"] else { return nil }
        if let seconds = Double(text) {
            return seconds >= 0 ? .seconds(min(seconds, Self.longest)) : nil
        }
        guard let then = secondsSince1970(httpDate: text) else { return nil }
        // Its clock and ours may differ.
        let now = self["date"].flatMap { secondsSince1970(httpDate: $0) } ?? now
        return .seconds(max(0, then - now))
    }

    /// In seconds; for numbers that are no durations.
    private static let longest = 1e9
}

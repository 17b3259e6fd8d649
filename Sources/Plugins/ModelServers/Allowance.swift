internal import HTTP

/// The requests that an account may still make, as reported with each answer by OpenAI's and
/// Anthropic's servers, and by servers like theirs.
struct Allowance: Sendable, Equatable {
    let remaining: Int

    /// The number of requests a second that become available again.
    let rate: Double

    /// - Parameter now: The time in seconds since 1970.
    /// - Returns: Nil if the server does not report all of it.
    init?(_ headers: Headers, now: Int) {
        if let remaining = Self.count(headers["x-ratelimit-remaining-requests"]),
            let limit = Self.count(headers["x-ratelimit-limit-requests"]),
            let reset = headers["x-ratelimit-reset-requests"].flatMap(Self.seconds)
        {
            self.init(remaining: remaining, limit: limit, reset: reset)
        } else if let remaining = Self.count(headers["anthropic-ratelimit-requests-remaining"]),
            let limit = Self.count(headers["anthropic-ratelimit-requests-limit"]),
            let reset = headers["anthropic-ratelimit-requests-reset"].flatMap(Self.date)
        {
            // The server's clock may differ from the local one.
            let now = headers["date"].flatMap { secondsSince1970(httpDate: $0) } ?? now
            self.init(remaining: remaining, limit: limit, reset: Double(reset - now))
        } else {
            return nil
        }
    }

    /// - Parameter reset: The seconds until the whole limit is available again.
    private init?(remaining: Int, limit: Int, reset: Double) {
        let used = limit - remaining
        guard used > 0, reset > 0, reset < 1e6 else { return nil }
        self.remaining = remaining
        rate = Double(used) / reset
    }

    private static func count(_ text: String?) -> Int? {
        text.flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }

    /// Reads a duration as Go writes it, `1m2.5s` or `20ms`, or a number of seconds.
    static func seconds(_ text: String) -> Double? {
        if let seconds = Double(text) { return seconds }
        var rest = text[...]
        var seconds = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest[digits.endIndex...]
            let unit = rest.prefix { $0.isLetter }
            rest = rest[unit.endIndex...]
            guard let number = Double(digits), let factor = units[String(unit)] else { return nil }
            seconds += number * factor
        }
        return text.isEmpty ? nil : seconds
    }

    private static let units = [
        "d": 86400, "h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9,
    ]

    /// Reads a date of RFC 3339 in UTC, such as `2026-07-01T12:00:05Z`, as seconds since 1970.
    static func date(_ text: String) -> Int? {
        let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
        guard numbers.count >= 6, numbers.prefix(6).allSatisfy({ $0 < 10_000 }),
            text.hasSuffix("Z"), (1...12).contains(numbers[1])
        else { return nil }
        // Years begin with March, so that the leap day comes last.
        let year = numbers[1] > 2 ? numbers[0] : numbers[0] - 1
        let month = (numbers[1] + 9) % 12
        let days =
            year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + numbers[2]
            - 719_469
        return days * 86400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
    }
}

/// A sign that turns while the program waits for an answer, on a terminal with a movable cursor.
struct Spinner {
    private let hasCursor: Bool
    private(set) var isWaiting = false
    private var turns = 0

    private static let signs = ["|", "/", "-", "\\"]

    /// The duration of a step. The sign appears after two steps.
    static let step = Duration.milliseconds(120)

    init(hasCursor: Bool) { self.hasCursor = hasCursor }

    /// The longest time to wait before ``turn()``; nil for no limit.
    var timeout: Duration? { isWaiting && hasCursor ? Self.step : nil }

    mutating func begin() { (isWaiting, turns) = (true, 0) }

    /// Sets the waiting state, while nothing is on the screen.
    mutating func resume(_ isWaiting: Bool) { self.isWaiting = isWaiting }

    /// Turns the sign by a step.
    ///
    /// - Returns: The text for the terminal, which does not move the cursor.
    mutating func turn() -> String? {
        guard timeout != nil else { return nil }
        turns += 1
        return turns > 1 ? "\r\(Self.signs[turns % Self.signs.count]) \u{8}" : nil
    }

    /// Ends the waiting.
    ///
    /// - Returns: The text that removes the sign from the terminal; nil if it is not shown.
    mutating func stop() -> String? {
        defer { (isWaiting, turns) = (false, 0) }
        return isWaiting && hasCursor && turns > 1 ? "\r  \r" : nil
    }
}

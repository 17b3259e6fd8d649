/// A sign that turns while an answer is awaited, on a terminal that has a cursor to move.
struct Spinner {
    private let hasCursor: Bool
    private(set) var isWaiting = false
    private var turns = 0

    private static let signs = ["|", "/", "-", "\\"]

    /// The time that a step takes. The sign appears after two.
    static let step = Duration.milliseconds(120)

    init(hasCursor: Bool) { self.hasCursor = hasCursor }

    /// The longest to wait before ``turn()``, or nil for ever.
    var timeout: Duration? { isWaiting && hasCursor ? Self.step : nil }

    mutating func begin() { (isWaiting, turns) = (true, 0) }

    /// Waits on or not, with nothing on the screen yet.
    mutating func resume(_ isWaiting: Bool) { self.isWaiting = isWaiting }

    /// Takes a step.
    ///
    /// - Returns: The text to send to the terminal, which leaves the cursor where it was.
    mutating func turn() -> String? {
        guard timeout != nil else { return nil }
        turns += 1
        return turns > 1 ? "\r\(Self.signs[turns % Self.signs.count]) \u{8}" : nil
    }

    /// Ends the waiting.
    ///
    /// - Returns: The text that removes the sign from the terminal, if it is there.
    mutating func stop() -> String? {
        defer { (isWaiting, turns) = (false, 0) }
        return isWaiting && hasCursor && turns > 1 ? "\r  \r" : nil
    }
}

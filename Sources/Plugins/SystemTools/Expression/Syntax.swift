/// What a regular expression says.
indirect enum Syntax: Equatable, Sendable {
    case scalar(ScalarSet)
    case sequence([Syntax])
    case choice([Syntax])
    /// - most: nil for any number.
    case repeated(Syntax, least: Int, most: Int?)
    case assertion(Assertion)
}

/// What holds at a place between two bytes of a line.
enum Assertion: Sendable {
    case start, end
    case wordBoundary, noWordBoundary, wordStart, wordEnd
}

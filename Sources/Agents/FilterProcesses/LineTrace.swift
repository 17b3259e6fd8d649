/// A place that is given every line to and from filters.
package protocol LineTrace: Sendable {
    /// - Parameters:
    ///   - stage: The name of the filter's process.
    ///   - line: The line without its end.
    func note(_ stage: String, _ direction: LineDirection, _ line: [UInt8])
}

/// The direction in which a line crosses a pipe.
package enum LineDirection: String, Sendable {
    /// A line to the stage.
    case to
    /// A line from the stage.
    case from
}

import Unix

/// One of the tools.
protocol SystemTool: Sendable {
    var description: ToolDescription { get }

    /// Works on the thread that calls it.
    ///
    /// - Throws: What the model is told.
    func run(_ arguments: Arguments, until interruption: Interruption) throws -> ToolAnswer
}

import Unix

/// A tool of this plugin.
protocol SystemTool: Sendable {
    var description: ToolDescription { get }

    /// Runs the tool on the thread that calls this.
    ///
    /// - Throws: The error to report to the model.
    func run(_ arguments: Arguments, until interruption: Interruption) throws -> ToolAnswer
}

import Unix

/// A tool of this plugin.
protocol SystemTool: Sendable {
    var description: ToolDescription { get }

    /// True if its results have what others may have written.
    var returnsForeignText: Bool { get }

    /// Runs the tool on the thread that calls this.
    ///
    /// - Throws: The error to report to the model.
    func run(_ arguments: Arguments, until interruption: Interruption) throws -> ToolAnswer
}

extension SystemTool {
    var returnsForeignText: Bool { false }
}

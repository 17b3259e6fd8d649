import Unix

/// A tool that finds lines that match a regular expression.
struct GrepSearch: SystemTool {
    let workspace: Workspace
    let returnsForeignText = true
    let timeout: Duration

    private static let standardResults = 200
    private static let mostResults = 10_000

    var description: ToolDescription {
        ToolDescription(
            name: "grep_search",
            text: """
                Search the files in the working directory for lines that match a regular \
                expression. Returns a line 'path:line:text' for each. Searches hidden files, too, \
                but no binary files, nothing in .git, and follows no symbolic links. The syntax is \
                that of RE2, as in Go and Rust: no references to groups, no looking ahead or \
                behind. '.', '*' and brackets are special: escape them with '\\' to find them.
                """,
            parameters: """
                {"type":"object","properties":{\
                "pattern":{"type":"string","minLength":1,"description":"The regular expression"},\
                "path":{"type":"string","default":".",\
                "description":"The file or directory to search, relative to the working directory"},\
                "include":{"type":"string",\
                "description":"Search only files like this: '*.swift', '*.{c,h}', 'src/**/*.py'"},\
                "case_sensitive":{"type":"boolean","default":true,\
                "description":"Whether upper and lower case differ"},\
                "max_results":{"type":"integer","minimum":1,"maximum":\(Self.mostResults),\
                "default":\(Self.standardResults),"description":"How many lines to return at most"}},\
                "required":["pattern"],"additionalProperties":false}
                """,
            isReadOnly: true, isDestructive: false, isIdempotent: true, isOpenWorld: false)
    }

    func run(_ arguments: Arguments, until interruption: Interruption) throws -> ToolAnswer {
        try arguments.refuseUnknown(
            besides: ["pattern", "path", "include", "case_sensitive", "max_results"])
        let path = try arguments.optionalString("path") ?? "."
        let include = try arguments.optionalString("include")
        let mostResults =
            try arguments.int("max_results", in: 1...Self.mostResults) ?? Self.standardResults
        let deadline = ContinuousClock.now + timeout
        let expression = try LineExpression(
            try arguments.string("pattern"),
            ignoresCase: !arguments.bool("case_sensitive", default: true))
        var search = Search(
            expression, mostResults: mostResults, mostOutput: workspace.mostOutput
        ) {
            interruption.hasCome || ContinuousClock.now >= deadline
        }
        let glob = try include.map(IncludeGlob.init)
        do throws(ConfinementError) {
            try search.run(in: workspace.directory, path, include: glob)
        } catch {
            throw workspace.explained(error)
        }
        if interruption.hasCome { throw CancellationError() }
        return ToolAnswer(search.report(timeout: timeout))
    }
}

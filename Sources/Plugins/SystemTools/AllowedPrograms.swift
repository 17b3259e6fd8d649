import Unix

/// The programs that a model may run, and their environment.
struct AllowedPrograms: Sendable {
    /// Names without a slash, and absolute paths.
    let names: [String]

    private let variables: [String: String]

    /// The path in which programs are looked for by default.
    static let standardPath = "/usr/local/bin:/usr/bin:/bin"

    /// - Parameters:
    ///   - additional: Variables that override those that any program needs.
    ///   - own: All variables in this process's environment; nil means the actual ones. There may
    ///     be keys in it that are not meant for programs.
    init(
        _ names: [String], additional: [String: String] = [:], own: [String: String]? = nil
    ) throws(ToolError) {
        for name in names
        where name.isEmpty || name.utf8.contains(UInt8(ascii: "/")) && !name.hasPrefix("/") {
            throw ToolError(
                "setting 'allowed_commands' has '\(name)': expected the name of a program, or an "
                    + "absolute path")
        }
        self.names = names
        let own = own ?? Environment.current
        var variables = ["PATH": Self.standardPath, "LANG": "C.UTF-8", "TERM": "dumb"]
        for name in ["HOME", "LANG", "LC_ALL", "LOGNAME", "TMPDIR", "TZ", "USER"] {
            if let value = own[name] { variables[name] = value }
        }
        self.variables = variables.merging(additional) { $1 }
    }

    /// The variables, `NAME=value` each.
    var environment: [String] { variables.map { "\($0)=\($1)" }.sorted() }

    /// Returns the file to run for a name that is allowed in exactly this form.
    func path(of name: String) throws(ToolError) -> String {
        // Names that are equal strings in Swift may be those of different files.
        guard names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else {
            throw ToolError(
                "'\(name)' may not be run; allowed are: \(names.joined(separator: ", "))")
        }
        if name.hasPrefix("/") { return name }
        let folders = (variables["PATH"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
        for folder in folders where File.isExecutable("\(folder)/\(name)") {
            return "\(folder)/\(name)"
        }
        throw ToolError("there is no program '\(name)' in \(folders.joined(separator: ", "))")
    }
}

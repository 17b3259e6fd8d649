import Unix

/// The tools that the user has approved for the session, in a file that all hector-tools of it
/// know: they are started anew with each change of the agent, and after ^C.
struct SessionApprovals {
    private let directory: PrivateDirectory

    /// Fails where no directory can be made; then each hector-tool knows its own.
    init?(environment: [String: String]) {
        let parents = [environment["TMPDIR"], environment["XDG_RUNTIME_DIR"], "/tmp"]
        guard
            let directory = try? PrivateDirectory.make(
                "hector", in: parents.compactMap { $0 }, longest: .max)
        else { return nil }
        self.directory = directory
    }

    var path: String { "\(directory.path)/approvals" }

    /// Has the user asked again.
    func forget() { try? File.remove(path) }

    func remove() { directory.remove() }
}

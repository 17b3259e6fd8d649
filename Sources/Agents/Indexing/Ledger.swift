/// The entries of documents that are still to be written.
final class Ledger {
    private let state: State
    private var commits: [(name: String, entry: Entry?)] = []

    init(_ state: State) { self.state = state }

    var count: Int { commits.count }

    /// - Parameter entry: Nil to forget the document.
    func add(_ name: String, _ entry: Entry?) { commits.append((name, entry)) }

    func commit() throws {
        try state.commit(commits)
        commits = []
    }
}

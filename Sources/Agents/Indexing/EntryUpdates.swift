/// Changes of entries that have not been written to the state.
final class EntryUpdates {
    private let state: IndexState
    private var updates: [(name: String, entry: DocumentEntry?)] = []
    private var due: [String] = []

    init(_ state: IndexState) { self.state = state }

    var count: Int { updates.count }

    /// - Parameters:
    ///   - entry: Nil to forget the document.
    ///   - isDue: True if its chunks are to be put through the standing questions.
    func add(_ name: String, _ entry: DocumentEntry?, isDue: Bool = false) {
        updates.append((name, entry))
        if isDue { due.append(name) }
    }

    /// Writes all of them to the state at once.
    func commit() throws {
        try state.commit(updates, due: due)
        (updates, due) = ([], [])
    }
}

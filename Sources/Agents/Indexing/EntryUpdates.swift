/// Changes of entries that have not been written to the state.
final class EntryUpdates {
    private let state: IndexState
    private var updates: [(name: String, entry: DocumentEntry?)] = []

    init(_ state: IndexState) { self.state = state }

    var count: Int { updates.count }

    /// - Parameter entry: Nil to forget the document.
    func add(_ name: String, _ entry: DocumentEntry?) { updates.append((name, entry)) }

    /// Writes all of them to the state at once.
    func commit() throws {
        try state.commit(updates)
        updates = []
    }
}

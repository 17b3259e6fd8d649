/// Documents that are read ahead, in their order.
struct Readings {
    /// The number of groups of documents that are read at a time.
    private static let readers = 4

    /// The number of small documents in a group: passing each to a thread would take as long as
    /// reading it.
    private static let groupDocuments = 16
    private static let groupBytes = 256 << 10

    private typealias Group = [(Reading, Entry?)]

    private var documents: ArraySlice<Listing.Document>
    private let reader: Reader
    private let state: State
    private var begun: [Task<Group, any Error>] = []
    private var ready: ArraySlice<(Reading, Entry?)> = []

    init(_ documents: [Listing.Document], _ reader: Reader, _ state: State) {
        self.documents = documents[...]
        self.reader = reader
        self.state = state
    }

    /// Returns the next document, with its known entry.
    mutating func next() async throws -> (Reading, Entry?)? {
        while ready.isEmpty {
            while begun.count < Self.readers, !documents.isEmpty { begin() }
            if begun.isEmpty { return nil }
            let task = begun.removeFirst()
            ready = try await withTaskCancellationHandler {
                try await task.value[...]
            } onCancel: {
                task.cancel()
            }
        }
        return ready.removeFirst()
    }

    private mutating func begin() {
        let group = nextGroup()
        begun.append(
            Task.detached { [reader, state] in
                var known: [Entry?] = []
                _ = try state.lookUp(group.map(\.name)) { known.append($0) }
                var readings: Group = []
                for (document, known) in zip(group, known) {
                    let sure = known.flatMap { $0.isDirty ? nil : $0 }
                    readings.append((try await reader.read(document, known: sure), known))
                }
                return readings
            })
    }

    /// Returns the next group. A document with an extractor is a group by itself, as extracting may
    /// take long.
    private mutating func nextGroup() -> [Listing.Document] {
        var group: [Listing.Document] = []
        var bytes = 0
        while group.count < Self.groupDocuments, bytes < Self.groupBytes,
            let document = documents.first
        {
            let isSlow = reader.hasExtractor(for: document)
            if isSlow, !group.isEmpty { break }
            group.append(documents.removeFirst())
            bytes += document.size
            if isSlow { break }
        }
        return group
    }
}

/// Reads documents ahead of their use, several at a time, and returns them in their order.
struct ReadAhead {
    /// The number of groups of documents that are read at a time.
    private static let readers = 4

    /// The number of small documents in a group. Passing each to a thread would take as long as
    /// reading it.
    private static let groupDocuments = 16
    private static let groupBytes = 256 << 10

    private typealias Group = [(DocumentReading, DocumentEntry?)]

    private var documents: ArraySlice<DocumentListing.Document>
    private let reader: DocumentReader
    private let state: IndexState?
    private var begun: [Task<Group, any Error>] = []
    private var ready: ArraySlice<(DocumentReading, DocumentEntry?)> = []

    init(_ documents: [DocumentListing.Document], _ reader: DocumentReader, _ state: IndexState?) {
        self.documents = documents[...]
        self.reader = reader
        self.state = state
    }

    /// Returns the next document and its entry in the state; nil after the last one.
    mutating func next() async throws -> (DocumentReading, DocumentEntry?)? {
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
                var known: [DocumentEntry?] = []
                if let state {
                    _ = try state.lookUp(group.map(\.name)) { known.append($0) }
                } else {
                    known = group.map { _ in nil }
                }
                var readings: Group = []
                for (document, known) in zip(group, known) {
                    var stored: DocumentEntry.Version?
                    if case .stored(let version)? = known?.status { stored = version }
                    readings.append((try await reader.read(document, known: stored), known))
                }
                return readings
            })
    }

    /// Returns the next group. A document with an extractor is a separate group, because extracting
    /// may take long.
    private mutating func nextGroup() -> [DocumentListing.Document] {
        var group: [DocumentListing.Document] = []
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

package import PluginKit

extension LocalVectors {
    package func collections(prefix: String) throws -> [PluginKit.CollectionInfo] {
        try store.collections(prefix: prefix).map { collection in
            PluginKit.CollectionInfo(
                name: collection.name, dimension: collection.dimension, count: collection.count,
                bytes: collection.bytes, properties: collection.properties)
        }
    }

    package func records(
        _ ids: [String], in collection: String, includesVectors: Bool
    ) throws -> [StoredDocument] {
        try store.get(ids, in: collection, includesVectors: includesVectors)
            .compactMap { $0.map(StoredDocument.init) }
    }

    package func scan(
        _ request: ScanRequest,
        sendingTo send: @Sendable ([StoredDocument]) async throws -> Void
    ) async throws {
        let filter = request.filter.isEmpty ? nil : try Filter(json: request.filter)
        var after = request.after
        while true {
            try Task.checkCancellation()
            var block = Block()
            try store.scan(
                request.collection, after: after, filter: filter,
                includesVectors: request.includesVectors
            ) { record in
                block.add(StoredDocument(record))
                return !block.isFull
            }
            guard let last = block.documents.last else { return }
            try await send(block.documents)
            if !block.isFull { return }
            after = last.id
        }
    }

    package func moveCollection(_ from: String, to: String, replaces: Bool) async throws {
        try await store.move(from, to: to, replaces: replaces)
    }
}

/// The records of one message of a scan.
private struct Block {
    private(set) var documents: [StoredDocument] = []
    private var bytes = 0

    var isFull: Bool { documents.count >= 1000 || bytes >= 1 << 20 }

    mutating func add(_ document: StoredDocument) {
        bytes += document.vector.count * 4
        for (key, value) in document.metadata { bytes += key.utf8.count + value.utf8.count }
        documents.append(document)
    }
}

extension StoredDocument {
    fileprivate init(_ record: Record) {
        self.init(id: record.id, vector: record.vector, metadata: record.metadata)
    }
}

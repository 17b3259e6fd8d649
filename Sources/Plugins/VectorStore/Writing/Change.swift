internal import TextAnalysis

/// A single change to the store.
enum Change: Sendable {
    case create(collection: String, dimension: Int, properties: [String: String])
    case setProperties(collection: String, [String: String])
    case drop(collection: String)
    case move(from: String, to: String, replaces: Bool)
    case upsert(collection: String, EncodedRecord)
    case delete(collection: String, id: [UInt8])

    /// The bytes that it takes in memory, roughly.
    var size: Int {
        guard case .upsert(_, let record) = self else { return 500 }
        return record.frame.bytes.count + record.text.terms.count + 500
    }
}

/// A record that has been checked and is ready to be written.
struct EncodedRecord: Sendable {
    let id: [UInt8]
    let hash: UInt64
    let frame: Frame
    let codes: Codes
    let text: ForwardText

    /// - Parameter analyzer: The collection's.
    init(_ record: Record, _ analyzer: Analyzer) throws(StoreError) {
        try Limits.check(id: record.id)
        let length = try Limits.check(record.vector, "vector")
        id = Array(record.id.utf8)
        hash = BorrowedBytes.with(id) { $0.hash() }
        frame = Frame(
            of: StoredRecord.encode(record, length: length), dimension: record.vector.count)
        codes = Codes(record.vector, length: length)
        text = ForwardText(analyzer.text(of: record.metadata))
    }
}

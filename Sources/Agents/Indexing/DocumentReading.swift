/// A document that was read, as records.
struct DocumentReading: Sendable {
    let name: String
    let outcome: Outcome

    enum Outcome: Sendable {
        case records([RecordLine], DocumentEntry.Version)
        /// It is the version in the collection, although its size or time is different.
        case same(DocumentEntry.Version)
        /// It has no records.
        case notText(DocumentEntry.Version)
        /// The document has gone since it was listed.
        case gone
        case problem(String)
    }
}

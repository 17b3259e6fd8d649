/// The records of a document that was read.
struct DocumentReading: Sendable {
    let name: String
    let outcome: Outcome

    enum Outcome: Sendable {
        case records([RecordLine], DocumentEntry.Version)
        /// The version in the collection, although its size or time is different.
        case same(DocumentEntry.Version)
        /// A file that is not text and has no records.
        case notText(DocumentEntry.Version)
        /// A document that was removed after it had been listed.
        case gone
        case problem(String)
    }
}

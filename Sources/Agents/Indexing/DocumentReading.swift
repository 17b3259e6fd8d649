internal import Documents

/// The records of a document that was read.
struct DocumentReading: Sendable {
    let name: String
    let outcome: Outcome

    enum Outcome: Sendable {
        case records([RecordLine], DocumentEntry.Version)
        /// The version in the collection, although its size or time is different.
        case same(DocumentEntry.Version)
        /// A file that has no records, for a reason that stays as long as the file does.
        case skipped(SkipReason, DocumentEntry.Version)
        /// A document that was removed after it had been listed.
        case gone
        case problem(String)
    }
}

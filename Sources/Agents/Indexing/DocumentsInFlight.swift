/// Documents whose records are in a filter, until the last record of each is answered.
struct DocumentsInFlight<Document> {
    private var documents: [Name: (document: Document, unanswered: Int, problem: Refusal?)] = [:]

    /// - Parameter records: The number of its records that are on their way; at least 1.
    mutating func add(_ name: String, _ document: Document, records: Int) {
        documents[Name(name)] = (document, records, nil)
    }

    /// Counts an answer to a record of a document.
    ///
    /// - Parameter update: Changes what is kept of the document.
    /// - Returns: The document, if this was its last record, and the first problem of any of them.
    mutating func count(
        _ answer: Pipeline.Answer, of name: String, update: (inout Document) -> Void = { _ in }
    ) -> (document: Document, problem: Refusal?)? {
        guard var (document, unanswered, problem) = documents.removeValue(forKey: Name(name))
        else { return nil }
        unanswered -= 1
        problem = problem ?? answer.problem
        update(&document)
        if unanswered == 0 { return (document, problem) }
        documents[Name(name)] = (document, unanswered, problem)
        return nil
    }
}

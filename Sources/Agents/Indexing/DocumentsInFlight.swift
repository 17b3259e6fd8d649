/// The documents with records that a filter has not answered.
struct DocumentsInFlight<Document> {
    private var documents: [Name: (document: Document, unanswered: Int, problem: Refusal?)] = [:]

    /// - Parameter records: The number of records that were sent; at least 1.
    mutating func add(_ name: String, _ document: Document, records: Int) {
        documents[Name(name)] = (document, records, nil)
    }

    /// Counts an answer to a record of a document.
    ///
    /// - Parameter update: Changes the value that is kept for the document.
    /// - Returns: The document and the first problem with its records, if this was its last record.
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

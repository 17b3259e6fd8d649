/// Documents and their records.
extension Store {
    /// Returns the document that a record belongs to.
    func document(of id: String) -> String {
        if case .command = source { return id }
        return id.utf8.lastIndex(of: UInt8(ascii: "#")).map { String(id[..<$0]) } ?? id
    }

    /// Returns the record's number within its document, counted from 1.
    func number(of id: String) -> Int {
        if case .command = source { return 1 }
        let start = id.utf8.lastIndex(of: UInt8(ascii: "#")).map { id.utf8.index(after: $0) }
        return start.flatMap { Int(id[$0...]) } ?? 0
    }

    func id(of document: String, number: Int) -> String {
        if case .command = source { return document }
        return "\(document)#\(number)"
    }
}

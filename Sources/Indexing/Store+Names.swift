/// Documents and their records.
extension Store {
    /// The document that a record is of.
    func document(of id: String) -> String {
        if case .command = source { return id }
        return id.utf8.lastIndex(of: UInt8(ascii: "#")).map { String(id[..<$0]) } ?? id
    }

    func id(of document: String, number: Int) -> String {
        if case .command = source { return document }
        return "\(document)#\(number)"
    }
}

/// Documents and their records.
extension Store {
    /// The document that a record is of.
    func document(of id: String) -> String {
        if case .command = source { return id }
        return id.utf8.lastIndex(of: UInt8(ascii: "#")).map { String(id[..<$0]) } ?? id
    }

    /// Which record of its document it is, from 1 on.
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

package import FilterKit
package import JSON

/// A question with the ids of the documents that answer it.
package struct Question: Sendable {
    /// The number of its line in the input, counted from 1.
    package let line: Int

    /// The name for messages: its own id, or else its line.
    package let name: String

    package let content: String

    /// The vector as JSON, if the question came with one.
    package let vector: [UInt8]?

    /// The relevant ids, each with its grade, which is greater than 0.
    package let relevant: [String: Double]

    /// - Throws: An error unless there are a text and a relevant id.
    package init(_ record: Record, line: Int) throws(RecordError) {
        self.line = line
        if let error = record.value("error") {
            throw RecordError(
                "failed_before", error["message"]?.string ?? "the record failed before")
        }
        name = (record.value("id")?.string).map { "'\($0)'" } ?? "of line \(line)"
        content = try record.content(field: nil)
        if content.allSatisfy(\.isWhitespace) {
            throw RecordError("no_content", "the text to search for is empty")
        }
        vector = (record.json("vector") ?? record.json("embedding")).map(Array.init)
        relevant = try Self.grades(record.value("relevant"))
        if relevant.isEmpty {
            throw RecordError("no_relevant", "no relevant ids in member 'relevant'")
        }
    }

    private static func grades(_ value: Value?) throws(RecordError) -> [String: Double] {
        var grades: [String: Double] = [:]
        switch value {
        case nil: break
        case .array(let ids)?:
            for id in ids {
                guard let id = id.string else { throw invalid }
                grades[id] = 1
            }
        case .object(let members)?:
            for (id, grade) in members {
                guard let grade = grade.double, grade.isFinite else { throw invalid }
                if grade > 0 { grades[id] = grade }
            }
        default: throw invalid
        }
        return grades
    }

    private static var invalid: RecordError {
        RecordError(
            "invalid_relevant",
            "'relevant' must be an array of ids, or an object with a number for each id")
    }

    /// Returns what a ranking of records says about judged ids: each of them where it comes first.
    ///
    /// A record that is judged by its own id counts as itself, and another one as its document. If
    /// all judged ids are those of chunks, every record counts as itself.
    package func ranking(_ ids: [String]) -> [String] {
        let judgesDocuments = relevant.keys.contains { Self.document(of: $0) == nil }
        var seen: Set<String> = []
        return ids.compactMap { id in
            var key = id
            if judgesDocuments, relevant[id] == nil { key = Self.document(of: id) ?? id }
            return seen.insert(key).inserted ? key : nil
        }
    }

    /// Returns the id of a chunk's document; nil unless the id is a chunk's, `document#number`.
    private static func document(of id: String) -> String? {
        guard let mark = id.lastIndex(of: "#"), mark != id.startIndex else { return nil }
        let number = id[id.index(after: mark)...]
        guard !number.isEmpty, number.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return String(id[..<mark])
    }
}

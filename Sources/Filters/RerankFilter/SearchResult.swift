internal import FilterKit
internal import JSON

/// A result that a search has put into a record.
struct SearchResult: Sendable {
    /// The result as it is in the record.
    private let record: Record

    let text: String

    /// - Parameter place: Its name in errors: "result 2".
    init(_ bytes: ArraySlice<UInt8>, _ place: String) throws(RecordError) {
        guard bytes.first == UInt8(ascii: "{"), let record = try? Record(Array(bytes)) else {
            throw RecordError("invalid_results", "\(place) is not an object")
        }
        guard let text = try? record.string("content") else {
            throw RecordError("invalid_results", "\(place) has no text in 'content'")
        }
        self.record = record
        self.text = text
    }

    /// Returns the result with a reranker's score. The score that it had before is kept among its
    /// `scores`; every other byte stays the same.
    func json(score: Float) -> [UInt8] {
        var result = record
        var scores = Self.empty
        if let bytes = result.json("scores"), bytes.first == UInt8(ascii: "{"),
            let known = try? Record(Array(bytes))
        {
            scores = known
        }
        // If it has been reranked before, its score is that of the other reranker.
        if !scores.has("rerank"), !scores.has("search"), let search = result.json("score") {
            scores.set("search", json: search)
        }
        scores.set("rerank") { $0.appendJSON(float: score) }
        result.set("score") { $0.appendJSON(float: score) }
        result.set("scores", json: scores.bytes)
        return result.bytes
    }

    private static let empty = try! Record(Array("{}".utf8))
}

extension Record {
    /// Returns the results of a search, which may be none.
    func searchResults() throws(RecordError) -> [SearchResult] {
        let elements: [ArraySlice<UInt8>]?
        do { elements = try self.elements("results") } catch {
            throw RecordError("invalid_results", error.problem)
        }
        guard let elements else {
            throw RecordError(
                "no_results", "no member 'results'; pipe the records through hector-search first")
        }
        var results: [SearchResult] = []
        for (index, element) in elements.enumerated() {
            results.append(try SearchResult(element, "result \(index + 1)"))
        }
        return results
    }

    /// Returns the text that was searched for: the record's own, or else the last message of the
    /// user.
    func question(field: String?) throws(RecordError) -> String {
        do { return try content(field: field) } catch {
            guard error.code == "no_content", field == nil else { throw error }
            let messages = value("messages")?.array ?? []
            guard let last = messages.last(where: { $0["role"]?.string == "user" }) else {
                throw error
            }
            switch last["content"] {
            case .string(let text)?: return text
            case .array(let parts)?:
                let texts = parts.compactMap { $0.string ?? $0["text"]?.string }
                if !texts.isEmpty { return texts.joined(separator: "\n") }
            default: break
            }
            throw RecordError("no_content", "the user's last message has no text")
        }
    }
}

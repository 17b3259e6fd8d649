package import JSON
internal import ModelServers
internal import Text

/// Finds the vectors of an answer of `/embeddings`, in the order of the texts.
///
/// - Throws: ``Malformed`` for an answer that does not have one vector for each text, and
///   ``ServerError``.
package func vectors(of answer: Value, count: Int) throws -> [[Float]] {
    if let error = answer["error"], error != .null { throw ServerError(answer) }
    guard let data = answer["data"]?.array else { throw Malformed("an answer without 'data'") }
    guard data.count == count else {
        throw Malformed("\(data.count) vectors for \(count) texts")
    }
    var vectors = [[Float]?](repeating: nil, count: count)
    for (place, element) in data.enumerated() {
        let index = element["index"]?.int ?? place
        guard vectors.indices.contains(index), vectors[index] == nil else {
            throw Malformed("vectors whose 'index' is not that of the texts")
        }
        guard let vector = element["embedding"].flatMap(floats) else {
            throw Malformed("an 'embedding' that is no list of numbers")
        }
        vectors[index] = vector
    }
    return vectors.compactMap { $0 }
}

/// Reads a list of numbers, or the base64 of their bytes.
private func floats(_ value: Value) -> [Float]? {
    if let text = value.string { return try? Base64.floats(letters: Array(text.utf8)) }
    guard let numbers = value.array else { return nil }
    let floats = numbers.compactMap { number -> Float? in
        if case .number(let spelling) = number { Float(spelling) } else { nil }
    }
    return floats.count == numbers.count ? floats : nil
}

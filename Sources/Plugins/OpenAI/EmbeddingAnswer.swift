package import JSON
internal import ModelServers

/// Finds the vectors of an answer of `/embeddings`, in the order of the texts.
///
/// - Throws: ``Malformed`` for an answer that has not one vector for each text, and ``ServerError``.
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
    if let text = value.string { return floats(base64: text) }
    guard let numbers = value.array else { return nil }
    let floats = numbers.compactMap { number -> Float? in
        if case .number(let spelling) = number { Float(spelling) } else { nil }
    }
    return floats.count == numbers.count ? floats : nil
}

/// Reads floats of four bytes each, the least first, in base64 with or without padding.
package func floats(base64 text: String) -> [Float]? {
    var floats: [Float] = []
    floats.reserveCapacity(text.utf8.count * 3 / 16)
    var bits: UInt64 = 0
    var count = 0
    // Of the float that is being put together: its bytes so far.
    var pattern: UInt32 = 0
    var place: UInt32 = 0
    var isPadded = false
    for byte in text.utf8 {
        if byte == UInt8(ascii: "=") {
            isPadded = true
            continue
        }
        guard !isPadded, let digit = digit(byte) else { return nil }
        bits = bits << 6 | UInt64(digit)
        count += 6
        guard count >= 8 else { continue }
        count -= 8
        pattern |= UInt32(truncatingIfNeeded: bits >> UInt64(count) & 0xFF) << place
        bits &= 1 << UInt64(count) - 1
        place += 8
        if place == 32 {
            floats.append(Float(bitPattern: pattern))
            (pattern, place) = (0, 0)
        }
    }
    // Six bits that are left over are no byte, and bytes that are left over no float.
    return count < 6 && place == 0 ? floats : nil
}

private func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
}

import PluginKit
import Synchronization

/// An embedder that puts texts with similar spelling near each other: names with typing errors,
/// inflected words, identifiers, in any language that is written in letters. It needs neither a
/// model nor a network.
@main
final class TrigramEmbedder: BatchEmbedderProvider {
    static let manifest = Manifest(name: "custom-embedder-swift", version: "1.0.0")

    private let dimension = Mutex(512)

    func configure(_ configuration: Configuration) throws {
        try configuration.refuseUnknown(besides: ["dimension"])
        let number = try configuration.int("dimension", default: 512, in: 1...65536)
        dimension.withLock { $0 = number }
    }

    var embedderInfo: EmbedderInfo {
        EmbedderInfo(modelName: "trigrams", dimension: dimension.withLock { $0 })
    }

    func embed(_ requests: [EmbedRequest]) -> [Result<[Float], any Error>] {
        let dimension = dimension.withLock { $0 }
        return requests.map { .success(vector(of: $0.text, dimension: dimension)) }
    }
}

/// Returns the vector of a text. Each sequence of three letters adds 1 or -1 to one component, both
/// chosen by its hash, so that accidental collisions cancel out. The vector has length 1, or is 0
/// if the text has no letters.
func vector(of text: String, dimension: Int) -> [Float] {
    var vector = [Float](repeating: 0, count: dimension)
    for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
        // The ends of a word count as a letter.
        let letters = Array(" \(word) ")
        for start in 0..<letters.count - 2 {
            let hash = fnv1a(String(letters[start..<start + 3]))
            vector[Int((hash >> 1) % UInt64(dimension))] += hash & 1 == 0 ? 1 : -1
        }
    }
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length == 0 ? vector : vector.map { $0 / length }
}

/// A hash that is the same in every process, unlike Swift's own.
private func fnv1a(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}

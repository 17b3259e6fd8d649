import Glibc
import TestSupport

/// The vectors and queries of the benchmark, the same on every machine and of length 1. Half of
/// them are spread evenly, half lie around 1,000 centres, as texts on a subject do.
struct Data {
    static let count = 200_000
    static let dimension = 384
    static let queryCount = 1_000

    let vectors: [[Float]]
    let queries: [[Float]]

    init() {
        var random = SplitMix64(seed: 1)
        let centres = (0..<1_000).map { _ in random.direction() }
        vectors = (0..<Self.count).map { number in
            number % 2 == 0
                ? random.direction() : random.direction(near: centres[number / 2 % 1_000])
        }
        queries = (0..<Self.queryCount).map { number in
            number % 2 == 0 ? random.direction() : random.direction(near: centres[number % 1_000])
        }
    }

    /// Writes the vectors and queries for the peer, as bare floats.
    func write(to folder: String) {
        write(vectors, to: folder + "/vectors.f32")
        write(queries, to: folder + "/queries.f32")
    }

    private func write(_ rows: [[Float]], to path: String) {
        let file = fopen(path, "w")!
        for row in rows { fwrite(row, MemoryLayout<Float>.size, row.count, file) }
        fclose(file)
    }

    /// The ten best matches for a query, found by summing in double precision and sorting.
    func best(for query: [Float]) -> Set<Int> {
        let scores = vectors.map { vector in
            var product = 0.0
            var square = 0.0
            for place in 0..<vector.count {
                product += Double(vector[place]) * Double(query[place])
                square += Double(vector[place]) * Double(vector[place])
            }
            return product / square.squareRoot()
        }
        return Set(vectors.indices.sorted { scores[$0] > scores[$1] }.prefix(10))
    }
}

extension SplitMix64 {
    /// The Box-Muller transform.
    private mutating func normal() -> Double {
        let radius = (-2 * log(Double.random(in: .leastNonzeroMagnitude..<1, using: &self)))
            .squareRoot()
        return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
    }

    mutating func direction(near centre: [Float]? = nil) -> [Float] {
        let noise = (0..<Data.dimension).map { _ in normal() }
        let length = noise.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let raw = noise.enumerated().map { $1 / length + Double(centre?[$0] ?? 0) }
        let rawLength = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return raw.map { Float($0 / rawLength) }
    }
}

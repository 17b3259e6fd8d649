import Chunking
import Glibc
import HashEmbedding

/// Ranks documents for queries by the cosine of their best chunk. Prints a line for each query with
/// the numbers of its ten best documents, then the megabytes that were embedded per second of
/// processor time.
@main
struct Rank {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let size = Int(arguments[3]) else {
            print("usage: bench-relevance DOCUMENTS QUERIES SIZE (of chunks; 0 for none)")
            exit(64)
        }
        let embedding = HashEmbedding(dimension: 1024)
        let documents = texts(inFile: arguments[1])
        let chunks = documents.enumerated().flatMap { number, document in
            cut(document, size).map { (document: number, text: $0) }
        }
        let start = clock()
        let vectors = chunks.map { embedding.vector(of: $0.text.span, for: .document) }
        let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)

        let lanes = vectors.map(\.asLanes)
        for query in texts(inFile: arguments[2]) {
            let asked = embedding.vector(of: query.span, for: .query).asLanes
            var best = [Float](repeating: -.infinity, count: documents.count)
            for (chunk, vector) in zip(chunks, lanes) {
                best[chunk.document] = max(best[chunk.document], dot(vector, asked))
            }
            let ranked = best.indices.sorted { (best[$0], $1) > (best[$1], $0) }
            print(ranked.prefix(10).map(String.init).joined(separator: " "))
        }
        let bytes = chunks.reduce(0) { $0 + $1.text.count }
        print((Double(bytes) / 1e5 / seconds).rounded() / 10)
    }

    private static func cut(_ document: [UInt8], _ size: Int) -> [[UInt8]] {
        if size == 0 { return [document] }
        // As hector-chunk does.
        var chunker = Chunker(size: size, overlap: size / 10)
        chunker.append(document)
        chunker.finish()
        var chunks: [[UInt8]] = []
        while let chunk = chunker.next() { chunks.append(chunk.bytes) }
        return chunks
    }

    private static func texts(inFile path: String) -> [[UInt8]] {
        guard let file = fopen(path, "r") else {
            perror(path)
            exit(74)
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 20)
        while case let count = fread(&block, 1, block.count, file), count > 0 {
            bytes += block[..<count]
        }
        return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map(
            Array.init)
    }

    private static func dot(_ a: [SIMD16<Float>], _ b: [SIMD16<Float>]) -> Float {
        var sum = SIMD16<Float>.zero
        for index in a.indices { sum += a[index] * b[index] }
        return sum.sum()
    }
}

extension [Float] {
    /// The dot product, sixteen numbers at a time; their count must be a multiple of sixteen.
    fileprivate var asLanes: [SIMD16<Float>] {
        stride(from: 0, to: count, by: 16).map { SIMD16(self[$0..<$0 + 16]) }
    }
}

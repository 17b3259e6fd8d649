import Testing

@testable import custom_embedder_swift

@Suite struct TrigramTests {
    private func similarity(_ left: String, _ right: String) -> Float {
        zip(vector(of: left, dimension: 512), vector(of: right, dimension: 512))
            .reduce(0) { $0 + $1.0 * $1.1 }
    }

    @Test(arguments: ["rotate", "Rotate the KEY, please: 3 times", "Schlüssel", "ключ", "鍵を回す"])
    func `a vector has length 1`(text: String) {
        #expect(abs(similarity(text, text) - 1) < 1e-5)
    }

    @Test(arguments: ["", " ", "?!"])
    func `a text without letters has a vector of zeros`(text: String) {
        #expect(vector(of: text, dimension: 4) == [0, 0, 0, 0])
    }

    @Test func `words that are spelt alike are near`() {
        #expect(similarity("embedder", "embeddings") > similarity("embedder", "database") + 0.3)
        #expect(similarity("Mueller", "Muelller") > similarity("Mueller", "Schmidt") + 0.3)
    }

    @Test func `case and punctuation do not count`() {
        #expect(vector(of: "A key!", dimension: 64) == vector(of: "a KEY", dimension: 64))
    }

    @Test func `a text has the same vector in every process`() {
        // FNV-1a of " a " is 0xc2d3ec17cdf7116e: an even number, whose half is 7 modulo 8.
        #expect(vector(of: "a", dimension: 8) == [0, 0, 0, 0, 0, 0, 0, 1])
    }

    @Test(arguments: [1, 3, 65536])
    func `has the dimension that is wanted`(dimension: Int) {
        #expect(vector(of: "any text", dimension: dimension).count == dimension)
    }
}

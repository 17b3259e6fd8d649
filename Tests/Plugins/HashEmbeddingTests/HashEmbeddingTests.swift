import Testing

@testable import HashEmbedding

private func vector(
    _ text: String, dimension: Int = 1024, for purpose: HashEmbedding.Purpose = .document
) -> [Float] {
    HashEmbedding(dimension: dimension).vector(of: Array(text.utf8).span, for: purpose)
}

private func cosine(_ first: String, _ second: String) -> Float {
    zip(vector(first), vector(second)).reduce(0) { $0 + $1.0 * $1.1 }
}

@Suite struct HashEmbeddingTests {
    @Test(arguments: [
        "", " \n", "word", "the", "a", "-- !?", "1234", "rotate the keys", "Straße Ελλάδα Привет",
        "鍵を毎月交換", "e\u{301}", "\u{301}", "👩‍👩‍👧", String(repeating: "long ", count: 10_000),
        String(repeating: "x", count: 100_000), "\u{0}\u{1}",
    ])
    func `a vector has length 1`(text: String) {
        for dimension in [1, 2, 3, 384, 1024, 65536] {
            for purpose in [HashEmbedding.Purpose.document, .query] {
                let vector = vector(text, dimension: dimension, for: purpose)
                #expect(vector.count == dimension)
                let length = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
                #expect(abs(length - 1) < 1e-5)
            }
        }
    }

    @Test func `every sequence of bytes has a vector`() {
        let embedding = HashEmbedding(dimension: 64)
        var state: UInt64 = 7
        for count in 0..<300 {
            let text = (0..<count).map { _ -> UInt8 in
                state = state &* 6364136223846793005 &+ 1442695040888963407
                return UInt8(truncatingIfNeeded: state >> 40)
            }
            let vector = embedding.vector(of: text.span, for: .document)
            #expect(vector.allSatisfy { $0.isFinite })
        }
    }

    @Test(arguments: [
        ("Rotate the KEYS", "rotate the keys"),
        ("one two, three", "one\ttwo (three)"),
        ("café", "cafe"),
        ("cafe\u{301}", "caf\u{e9}"),
        ("STRASSE", "straße"),
        ("ŁÓDŹ Ængel", "lodz aengel"),
        ("ΕΛΛΆΔΑ ΛΌΓΟΣ", "ελλάδα λόγος"),
        ("ЁЛКА ЙОД", "елка иод"),
        ("ĲSSEL", "ijssel"),
        ("Ｆｕｌｌ　１２", "full 12"),
        ("soft\u{AD}hyphen", "softhyphen"),
        ("", " .,;\u{2014}\n"),
        ("鍵、鍵", "鍵。鍵"),
    ])
    func `texts are the same`(first: String, second: String) {
        #expect(vector(first) == vector(second))
    }

    @Test(arguments: [
        ("rotates rotating rotated", "rotate", "cipher"),
        ("configuration", "configure", "generation"),
        ("libraries", "library", "copies"),
        ("delete a directory", "deleting directories", "create a user"),
        ("Schlüsselverwaltung", "Schlüssel", "Verfassung"),
        ("古い鍵を交換する", "鍵の交換", "東京の天気"),
        ("how do I rotate a key", "To rotate keys, run this each month.", "How do I do it?"),
    ])
    func `a text is nearer to the second than to the third`(
        first: String, second: String, third: String
    ) {
        #expect(cosine(first, second) > cosine(first, third) + 0.1)
    }

    @Test func `a text without words is unlike all others`() {
        #expect(vector("") == vector("..."))
        #expect(abs(cosine("", "some words")) < 0.2)
    }

    @Test func `a query is not damped as much`() {
        #expect(vector("use keys", for: .query) != vector("use keys"))
        #expect(vector("rotate keys", for: .query) == vector("rotate keys"))
    }

    /// The values of vectors that are stored already. If this fails, every vector in every database
    /// has lost its meaning: give the model a new name.
    @Test func `vectors stay the same for ever`() {
        let text = "Rotate the keys in 30 days, naïve Ängström! 鍵を交換 Привет λόγος"
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        for number in vector(text) + vector(text, dimension: 384, for: .query) {
            digest = (digest ^ UInt64(number.bitPattern)) &* 0x0000_0100_0000_01B3
        }
        #expect(HashEmbedding.modelName == "hash-v1")
        #expect(digest == 5_022_124_213_953_747_605)
    }
}

@Suite struct StemTests {
    @Test(arguments: [
        ("keys", "key"), ("libraries", "librar"), ("library", "librar"), ("running", "run"),
        ("stopped", "stop"), ("class", "clas"), ("status", "status"), ("this", "this"),
        ("is", "is"), ("sing", "sing"), ("use", "use"), ("generation", "gener"),
        ("generate", "generat"), ("ж", "ж"),
    ])
    func `an ending goes`(word: String, stem: String) {
        let letters = Array(word.utf8)
        #expect(
            String(decoding: letters.prefix(Stem.length(of: letters.span)), as: UTF8.self) == stem)
    }
}

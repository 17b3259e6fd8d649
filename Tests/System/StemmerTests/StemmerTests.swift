import Testing

@testable import Stemmer

@Suite struct StemmerTests {
    @Test(
        arguments: [
            ("english", "rotating", "rotat"), ("english", "keys", "key"),
            ("english", "happily", "happili"), ("english", "", ""), ("en", "skies", "sky"),
            ("porter", "skies", "ski"), ("german", "häuser", "haus"), ("de", "bücher", "buch"),
            ("russian", "ключами", "ключ"), ("french", "continuellement", "continuel"),
        ] as [(String, String, String)])
    func `a word loses its ending`(algorithm: String, word: String, stem: String) throws {
        var stemmer = try Stemmer(algorithm)
        #expect(stemmer.stem(of: word) == stem)
        // A stemmer works in a buffer that the next word finds as it was left.
        #expect(stemmer.stem(of: word) == stem)
    }

    @Test func `an unknown language has no stemmer`() {
        for algorithm in ["klingon", "", "English"] {
            let error = #expect(throws: StemmerError.self) { _ = try Stemmer(algorithm) }
            #expect(error?.description.hasPrefix("no stemmer for '\(algorithm)'") == true)
        }
    }

    @Test func `the languages are listed`() {
        let algorithms = Stemmer.algorithms
        #expect(algorithms.count > 20)
        #expect(Set(algorithms).isSuperset(of: ["english", "porter", "german", "spanish"]))
        for algorithm in algorithms { #expect(throws: Never.self) { _ = try Stemmer(algorithm) } }
    }

    @Test func `bytes that are not UTF-8 and long words do no harm`() throws {
        var stemmer = try Stemmer("english")
        for word in [[0xFF, 0xC3], [0x80], [UInt8](repeating: 0x61, count: 100_000)] {
            let length = stemmer.withStem(of: word.span) { $0.count }
            #expect(length <= word.count)
        }
    }

    @Test func `a stemmer may go to another thread`() async throws {
        let stems = try await Task.detached {
            var stemmer = try Stemmer("english")
            return ["running", "runs", "run"].map { stemmer.stem(of: $0) }
        }.value
        #expect(stems == ["run", "run", "run"])
    }
}

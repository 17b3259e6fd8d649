import SearchFilter
import Testing

@testable import PluginHost

@Suite struct NearDuplicatesTests {
    private func match(_ id: String, _ content: String) -> Database.Match {
        Database.Match(
            id: id, score: 1, content: content, vector: [], metadata: [:], vectorScore: nil,
            textScore: nil, explanation: "")
    }

    /// Returns the ids of results, each with those of its duplicates.
    private func fold(_ contents: [String]) -> [[String]] {
        folded(contents.enumerated().map { match("\($0.offset)", $0.element) }).map {
            [$0.match.id] + $0.duplicates
        }
    }

    /// A text of many words, of which some are replaced.
    private func text(_ count: Int, replacing places: Set<Int> = []) -> String {
        (0..<count).map { places.contains($0) ? "other\($0)" : "word\($0)" }.joined(separator: " ")
    }

    @Test func `the same text is folded into the best`() {
        #expect(fold(["a b", "c", "a b", "c", "a b"]) == [["0", "2", "4"], ["1", "3"]])
    }

    @Test func `results without a text are all kept`() {
        #expect(fold(["", "", "a"]) == [["0"], ["1"], ["2"]])
    }

    @Test func `a text is folded if a better one contains it, not the other way round`() {
        let long = text(200)
        let part = text(150)
        #expect(fold([long, part]) == [["0", "1"]])
        #expect(fold([part, long]) == [["0"], ["1"]])
    }

    @Test(arguments: [(1, true), (3, true), (5, false)])
    func `a twentieth of the shingles may differ`(replaced: Int, isFolded: Bool) {
        // Each word is in three shingles of 198; 9 may be missing.
        let other = text(200, replacing: Set((0..<replaced).map { $0 * 30 + 10 }))
        #expect(fold([text(200), other]).count == (isFolded ? 1 : 2))
    }

    @Test func `case and spaces do not count, and every other sign does`() {
        let words = text(60)
        #expect(fold([words, words.uppercased() + "\n"]).count == 1)
        let signs = (0..<12).map { "a\($0) > b\($0);" }.joined(separator: "\n")
        #expect(fold([signs, signs.replacing(">", with: "<")]).count == 2)
    }

    @Test func `of a few words each one counts`() {
        #expect(fold(["text 12 of 300 and more", "text 12"]).count == 2)
        #expect(fold(["Not so", "not so"]).count == 2)
    }
}

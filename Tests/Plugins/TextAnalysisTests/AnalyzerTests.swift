import Testing

@testable import TextAnalysis

@Suite struct AnalyzerTests {
    let analyzer: Analyzer

    init() throws { analyzer = try Analyzer() }

    /// The words of a question, without its groups of letters.
    private func words(_ text: String, _ language: String = "english") throws -> [String] {
        try Analyzer(language: language).question(text).filter { $0.kind == .word }
            .map(\.spelling)
    }

    /// The frequency of the first term of a question in a document.
    private func frequency(_ word: String, in text: AnalyzedText) -> UInt32 {
        let hash = analyzer.question(word)[0].hash
        return text.terms.first { $0.hash == hash }?.frequency ?? 0
    }

    @Test(arguments: [
        ("maxRetryCount", ["maxretrycount", "max", "retri", "count"]),
        ("max_retry_count", ["max_retry_count", "max", "retri", "count"]),
        ("__init__", ["init"]),
        ("XMLParser", ["xmlparser", "xml", "parser"]),
        ("utf8", ["utf8", "utf", "8"]),
        ("URLs IDs", ["url", "id"]),
        ("/etc/passwd", ["etc", "passwd"]),
        ("C++ 1.25", ["c", "1", "25"]),
    ])
    func `an identifier is a word, and so are its parts`(text: String, expected: [String]) throws {
        #expect(try words(text) == expected)
    }

    @Test func `forms of a word are one term`() {
        let document = analyzer.document("Connections are connecting; a CONNECTED connection.")
        #expect(frequency("connect", in: document) == 4)
        #expect(document.length == 6)
    }

    @Test(arguments: ["CAFÉ", "cafe", "Cafe\u{301}", "café"])
    func `case and accents make no difference`(spelling: String) {
        #expect(frequency(spelling, in: analyzer.document("a café")) == 1)
    }

    @Test(arguments: ["english", "none", "german", "russian"])
    func `a document has the terms of a question about its word`(language: String) throws {
        let analyzer = try Analyzer(language: language)
        for word in [
            "connections", "the", "of", "flies", "s", "tables", "XMLParser", "max_retry_count",
            "utf8", "x1b2c3", "Straße", "naïve", "Überläufer", "подключения", "ab", "abc", "abcd",
            String(repeating: "x", count: 40), String(repeating: "x", count: 41), "数据库", "数",
        ] {
            let terms = Set(analyzer.question(word).map(\.hash))
            #expect(Set(analyzer.document(word).terms.map(\.hash)) == terms, "\(word)")
        }
    }

    @Test func `words that were forgotten have the same terms again`() {
        let text = "The connections of max_retry_count, naïve and XMLParser"
        let first = analyzer.document(text)
        let letters = Array("abcdefghijklmnop")
        for block in 0..<40 {
            let words = (block * 4096..<(block + 1) * 4096).map { number in
                String((0..<5).map { letters[number >> ($0 * 4) & 15] }) + "ing"
            }
            let document = analyzer.document(words.joined(separator: " "))
            #expect(document.length == 4096)
            if block % 8 == 0 { #expect(analyzer.document(text) == first) }
        }
        #expect(analyzer.document(text) == first)
        #expect(analyzer.document("connections connections").terms.map(\.frequency).min() == 2)
    }

    @Test func `common words are dropped from a question that has others`() throws {
        #expect(try words("where is the error") == ["error"])
        #expect(try words("to be or not to be") == ["to", "be", "or", "not"])
    }

    @Test func `a word counts as often as the question has it`() {
        let terms = analyzer.question("buffalo, buffalo")
        #expect(terms[0].weight == 2)
        #expect(terms[0].kind == .word)
    }

    @Test func `groups of letters have a small weight and their ends`() {
        let groups = analyzer.question("tables").filter { $0.kind == .group }
        #expect(groups.map(\.spelling) == ["<tab", "tabl", "able", "bles", "les>"])
        #expect(groups.allSatisfy { $0.weight == Analyzer.groupWeight })
        #expect(analyzer.question("tab a1b2c3").allSatisfy { $0.kind != .group })
    }

    @Test func `a question's words are its stems with the groups of all their spellings`() throws {
        let words = analyzer.words(of: "the error, or Errors in parsers")
        #expect(words.map(\.term.spelling) == ["error", "parser"])
        #expect(words.map(\.term.weight) == [2, 1])
        let groups = words[0].groups
        #expect(
            groups.map(\.spelling) == ["<err", "erro", "rror", "ror>", "rors", "ors>"])
        let (short, long) = (Analyzer.groupsWeight / 2, Analyzer.groupsWeight / 5.0.squareRoot())
        #expect(
            groups.map(\.weight)
                == [short + long, short + long, short + long, short, long, long])
        #expect(try #require(words[1].groups.first).kind == .group)
        #expect(analyzer.words(of: "tab")[0].groups.isEmpty)
        // Each word has its own, even if another has the same.
        #expect(
            analyzer.words(of: "testing tester").allSatisfy {
                $0.groups.map(\.spelling).contains("test")
            })
    }

    @Test func `an identifier has groups over its parts`() {
        let groups = analyzer.question("ab_cd").filter { $0.kind == .group }
        #expect(groups.map(\.spelling) == ["<ab_", "ab_c", "b_cd", "_cd>"])
    }

    @Test func `a misspelt word shares groups with the right one`() {
        let known = Set(analyzer.document("the certificate").terms.map(\.hash))
        let shared = analyzer.question("certifcate").filter { known.contains($0.hash) }
        #expect(shared.count >= 5)
    }

    @Test func `texts without spaces are pairs of characters`() {
        let terms = analyzer.question("数据库")
        #expect(
            terms.map(\.spelling).filter { $0.count == 2 } == ["数据", "据库"])
        let known = Set(analyzer.document("新数据库。").terms.map(\.hash))
        #expect(terms.allSatisfy { known.contains($0.hash) })
        #expect(known.contains(analyzer.question("库")[0].hash))
        #expect(analyzer.document("ภาษาไทย").length == 6)
    }

    @Test func `words of titles and headings count too`() {
        let document = analyzer.document("text", title: "Backups", headings: "Nightly text")
        #expect(frequency("backup", in: document) == Analyzer.titleWeight)
        #expect(frequency("text", in: document) == 1 + Analyzer.headingsWeight)
    }

    @Test(arguments: [
        ("german", "Häuser", "Häusern"), ("french", "continuellement", "continuelle"),
        ("russian", "красивый", "красивая"), ("spanish", "canción", "canciones"),
        ("de", "Verzeichnisse", "VERZEICHNIS"),
    ])
    func `endings of other languages are removed`(
        language: String, one: String, other: String
    ) throws {
        #expect(try words(one, language) == words(other, language))
        #expect(try words(one, "none") != words(other, "none"))
    }

    @Test func `unknown languages are refused with those that there are`() throws {
        let error = #expect(throws: UnknownLanguage.self) { try Analyzer(language: "klingon") }
        #expect("\(try #require(error))".contains("english"))
        #expect(Language.names.contains("none"))
    }

    @Test func `bytes that are not text are separators`() {
        let bytes: [UInt8] = Array("good".utf8) + [0xFF, 0x00, 0xC3] + Array("news".utf8) + [0xE2]
        #expect(analyzer.document(bytes.span).length == 2)
        #expect(analyzer.document("").terms.isEmpty)
        #expect(analyzer.question("?!").isEmpty)
    }

    @Test func `the same text always has the same terms`() async {
        let texts = (0..<200).map { "word\($0) and text number \($0 % 7) for everyone" }
        let expected = texts.map { Self.sorted(analyzer.document($0)) }
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask { [analyzer] in
                    zip(texts, expected).allSatisfy { Self.sorted(analyzer.document($0)) == $1 }
                }
            }
            for await same in group { #expect(same) }
        }
    }

    private static func sorted(_ text: AnalyzedText) -> [AnalyzedText.Term] {
        text.terms.sorted { $0.hash < $1.hash }
    }

    @Test func `hashes are those of stored indexes`() {
        #expect(analyzer.question("storing")[0].hash == TermHash.of("store".utf8, .stem))
        #expect(TermHash.of("store".utf8, .stem) == 8_789_257_276_115_552_310)
    }
}

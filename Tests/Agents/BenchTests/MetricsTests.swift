import FilterKit
import JSON
import Testing

@testable import Bench

@Suite struct MetricsTests {
    // The numbers are from the arithmetic of a separate program, in Python.
    @Test(arguments: [
        ("a b c", "a", [1, 1, 1]),
        ("x a y b", "a b c", [0.498189, 0.5, 0.666667]),
        ("x y", "a", [0, 0, 0]),
        ("", "a", [0, 0, 0]),
        ("p q r s t u v w x a b", "a b", [0.177239, 0.1, 0.5]),
        ("a b c d e f g h i j", "a b c d e f g h i j k l", [1, 1, 0.833333]),
    ])
    func `a ranking is measured by its first places`(
        ranking: String, relevant: String, expected: [Double]
    ) {
        let words = relevant.split(separator: " ").map(String.init)
        let metrics = Metrics(
            ranking.split(separator: " ").map(String.init),
            relevant: Dictionary(uniqueKeysWithValues: words.map { ($0, 1) }), limit: 10)
        for (number, expected) in zip([metrics.ndcg, metrics.mrr, metrics.recall], expected) {
            #expect(abs(number - expected) < 1e-6, "\(ranking): \(metrics)")
        }
    }

    @Test func `a better grade gains more in an early place`() {
        let metrics = Metrics(["fair", "good"], relevant: ["good": 3, "fair": 1], limit: 10)
        #expect(abs(metrics.ndcg - 0.796708) < 1e-6)
        #expect(Metrics(["good", "fair"], relevant: ["good": 3, "fair": 1], limit: 10).ndcg == 1)
    }

    @Test func `only the places up to the limit count`() {
        let metrics = Metrics(["x", "y", "a"], relevant: ["a": 1], limit: 2)
        #expect(metrics == Metrics(meanOf: []))
        #expect(Metrics(["x", "y", "a"], relevant: ["a": 1], limit: 3).recall == 1)
    }

    @Test func `a difference is compared with its standard error`() {
        let difference = Difference([0.5, 0.7, 0.2, 1], minus: [0.4, 0.7, 0.3, 0.5])
        #expect(abs(difference.mean - 0.125) < 1e-12)
        #expect(abs((difference.standardError ?? 0) - 0.131498) < 1e-6)
        #expect(difference.isNoise)
        #expect(!Difference([1, 0.9, 0.8, 1], minus: [0.1, 0.1, 0, 0]).isNoise)
        #expect(Difference([1], minus: [0]).isNoise, "one question shows nothing")
    }
}

@Suite struct QuestionTests {
    private func question(_ relevant: String) throws -> Question {
        try Question(
            Record(Array(#"{"content":"sea","relevant":\#(relevant)}"#.utf8)), line: 7)
    }

    @Test(arguments: [
        (#"["d"]"#, ["d#2", "e#1", "d#1", "d"], ["d", "e"]),
        (#"["d#1"]"#, ["d#2", "d#1", "d#1"], ["d#2", "d#1"]),
        (#"["d", "e#3"]"#, ["e#1", "e#3", "d#2"], ["e", "e#3", "d"]),
        (#"["C#"]"#, ["C#", "D#", "C##1"], ["C#", "D#"]),
    ])
    func `of a document only the best chunk counts`(
        relevant: String, ids: [String], ranking: [String]
    ) throws {
        #expect(try question(relevant).ranking(ids) == ranking)
    }

    @Test func `a grade of nothing is not relevant`() throws {
        #expect(try question(#"{"a": 2, "b": 0, "c": 0.5}"#).relevant == ["a": 2, "c": 0.5])
    }

    @Test(arguments: [
        ("[]", "no_relevant"), ("null", "invalid_relevant"), (#"{"a": 0}"#, "no_relevant"),
        (#""a""#, "invalid_relevant"), ("[1]", "invalid_relevant"),
        (#"{"a": "good"}"#, "invalid_relevant"),
    ])
    func `a question without relevant ids is refused`(relevant: String, code: String) {
        do {
            _ = try question(relevant)
            Issue.record("accepted")
        } catch {
            #expect((error as? RecordError)?.code == code, "\(error)")
        }
    }
}

@Suite struct BenchReportTests {
    private func report(_ numbers: [(Setting, [Double])], alpha: Double?) -> BenchReport {
        BenchReport(
            collection: "it's", limit: 10,
            rows: numbers.map { setting, numbers in
                let metrics = numbers.map { number in
                    Metrics(
                        number == 1 ? ["a"] : ["x", "a"], relevant: ["a": 1], limit: 10)
                }
                return BenchReport.Row(
                    setting: setting, mean: Metrics(meanOf: metrics), questions: metrics)
            }, questions: numbers[0].1.count, failed: 0, neverFound: 0, collectionAlpha: alpha,
            settingCommand: ["hector-search", "create", "-C", "it's", "--dimension", "2"])
    }

    @Test func `of equal weights the smallest is the best, and a command sets it`() {
        let report = report(
            [
                (.text, [0, 0]), (.vector, [1, 1]), (.hybrid(alpha: 0.2), [1, 1]),
                (.hybrid(alpha: 0.5), [1, 1]), (.hybrid(alpha: 1), [1, 1]),
            ], alpha: 0.5)
        #expect(report.best?.setting == .hybrid(alpha: 0.2))
        #expect(
            report.command
                == #"hector-search create -C 'it'\''s' --dimension 2 --property alpha=0.2"#)
        #expect(
            report.text.contains("The collection's is 0.5, and the difference is within noise."))
        #expect(report.text.contains("hybrid    0.2   1.0000  1.0000     1.0000  best\n"))
    }

    @Test func `the weight that the collection has need not be set`() {
        let report = report([(.hybrid(alpha: 0.2), [1, 1])], alpha: 0.2)
        #expect(report.command == nil)
        #expect(report.text.hasSuffix("It is the collection's.\n"))
    }

    @Test func `without hybrid searches there is no best weight`() {
        let report = report([(.vector, [1, 0])], alpha: nil)
        #expect(report.best == nil && report.command == nil)
        #expect(
            report.json == #"""
                {"collection":"it's","mode":"vector","k":10,"ndcg":0.815465,"mrr":0.75,"recall":1,"questions":2}
                {"collection":"it's","questions":2,"failed":0,"never_found":0}

                """#)
    }
}

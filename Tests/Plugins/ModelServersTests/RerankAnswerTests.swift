import JSON
import ModelServers
import OpenAI
import PluginKit
import Testing

@Suite struct RerankAnswerTests {
    @Test(arguments: [
        (
            #"{"model":"m","results":[{"index":1,"relevance_score":0.5},{"index":0,"relevance_score":-2e-1}]}"#,
            [RerankScore(index: 1, score: 0.5), RerankScore(index: 0, score: -0.2)]
        ),
        (
            #"{"id":"x","meta":{},"results":[{"index":0,"relevance_score":1,"document":{"text":"a"}},{"index":1,"relevance_score":0}]}"#,
            [RerankScore(index: 0, score: 1), RerankScore(index: 1, score: 0)]
        ),
        (
            #"[{"index":1,"score":0.9},{"index":0,"score":0.1,"text":null}]"#,
            [RerankScore(index: 1, score: 0.9), RerankScore(index: 0, score: 0.1)]
        ),
    ])
    func `finds the scores of the texts`(text: String, expected: [RerankScore]) throws {
        #expect(try scores(of: Value(parsing: Array(text.utf8)), count: 2, limit: 2) == expected)
    }

    @Test(arguments: [
        ("{}", "an answer without 'results'"),
        (#"{"results":[]}"#, "0 scores for 2 texts, and was asked for 1"),
        (
            #"{"results":[{"index":2,"relevance_score":1}]}"#,
            "results whose 'index' is not that of the texts"
        ),
        (
            #"{"results":[{"index":-1,"relevance_score":1}]}"#,
            "results whose 'index' is not that of the texts"
        ),
        (#"{"results":[{"relevance_score":1}]}"#, "results whose 'index' is not that of the texts"),
        (
            #"[{"index":0,"score":1},{"index":0,"score":1}]"#,
            "results whose 'index' is not that of the texts"
        ),
        (
            #"{"results":[{"index":0,"relevance_score":null}]}"#,
            "a result without a 'relevance_score'"
        ),
        (
            #"{"results":[{"index":0,"relevance_score":1e99}]}"#,
            "a 'relevance_score' that is too large"
        ),
    ])
    func `refuses`(text: String, problem: String) {
        #expect(throws: Malformed(problem)) {
            try scores(of: Value(parsing: Array(text.utf8)), count: 2, limit: 1)
        }
    }

    @Test func `an error in place of an answer is one`() {
        #expect(throws: ServerError.self) {
            try scores(
                of: Value(parsing: Array(#"{"error":{"message":"no"}}"#.utf8)), count: 1, limit: 1)
        }
    }
}

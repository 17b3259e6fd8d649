import Foundation
import ModelServers
import OpenAI
import Testing

@Suite struct EmbeddingAnswerTests {
    @Test(
        arguments: [
            (
                #"{"data":[{"index":0,"embedding":[1,-0.5]},{"index":1,"embedding":[2e-1,3]}]}"#,
                [[1, -0.5], [0.2, 3]]
            ),
            (#"{"data":[{"index":1,"embedding":[2]},{"index":0,"embedding":[1]}]}"#, [[1], [2]]),
            (#"{"data":[{"embedding":[1]},{"embedding":[2]}]}"#, [[1], [2]]),
            (
                #"{"data":[{"embedding":"AACAPwAAAMA="},{"embedding":"AAAAPw"}]}"#,
                [[1, -2], [0.5]]
            ),
        ] as [(String, [[Float]])])
    func `finds the vectors of the texts`(text: String, expected: [[Float]]) throws {
        #expect(try vectors(of: json(text), count: 2) == expected)
    }

    @Test(arguments: [
        ("{}", "an answer without 'data'"),
        (#"{"data":[{"embedding":[1]}]}"#, "1 vectors for 2 texts"),
        (
            #"{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}"#,
            "vectors whose 'index' is not that of the texts"
        ),
        (
            #"{"data":[{"index":0,"embedding":[1]},{"index":2,"embedding":[1]}]}"#,
            "vectors whose 'index' is not that of the texts"
        ),
        (
            #"{"data":[{"embedding":[1]},{"embedding":[null]}]}"#,
            "an 'embedding' that is no list of numbers"
        ),
        (
            #"{"data":[{"embedding":[1]},{"embedding":"AAA"}]}"#,
            "an 'embedding' that is no list of numbers"
        ),
        (#"{"data":[{"embedding":[1]},{}]}"#, "an 'embedding' that is no list of numbers"),
    ])
    func `refuses`(text: String, problem: String) {
        #expect(throws: Malformed(problem)) { try vectors(of: json(text), count: 2) }
    }

    @Test func `refuses base64 that is none`() {
        #expect(throws: Malformed.self) {
            try vectors(of: json(#"{"data":[{"embedding":"AAAAA"}]}"#), count: 1)
        }
    }
}

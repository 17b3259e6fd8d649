import HTTP
import Testing

@testable import ModelServers

@Suite struct RetryTests {
    @Test(
        arguments: [
            // The pause doubles, and chance halves it at most.
            (1, nil, 0, 500), (1, nil, 1, 1000), (2, nil, 1, 2000), (3, nil, 1, 4000),
            (3, nil, 0, 2000), (4, nil, 1, nil),
            // The pause that the server asks for is the minimum.
            (1, 3000, 0, 3000), (3, 3000, 1, 3300), (1, 0, 1, 0), (4, 3000, 0, nil),
            // A call does not wait for a quarter of an hour.
            (1, 120_000, 0, 120_000), (1, 900_000, 0, nil),
        ] as [(Int, Int?, Double, Int?)])
    func `pauses`(failures: Int, asked: Int?, chance: Double, milliseconds: Int?) {
        let policy = RetryPolicy(most: 3, delay: .seconds(1))
        let pause = policy.pause(
            after: failures, asked: asked.map { .milliseconds($0) }, chance: chance)
        #expect(pause == milliseconds.map { .milliseconds($0) })
    }

    @Test func `the longest pause is a minute, however often it doubles`() {
        let policy = RetryPolicy(most: 1000, delay: .seconds(3))
        #expect(policy.pause(after: 900, asked: nil, chance: 1) == .seconds(60))
        let idle = RetryPolicy(most: 1, delay: .seconds(3600))
        #expect(idle.pause(after: 1, asked: nil, chance: 1) == .seconds(60))
        #expect(RetryPolicy(most: 0, delay: .zero).pause(after: 1, asked: nil, chance: 0) == nil)
    }

    @Test(
        arguments: [
            (["Retry-After": "2"], 2000), (["retry-after": "0.5"], 500),
            (["Retry-After": "-1"], nil), (["Retry-After": "soon"], nil), ([:], nil),
            (["Retry-After-Ms": "1500", "Retry-After": "9"], 1500),
            (["Retry-After-Ms": "x", "Retry-After": "9"], 9000),
            (["Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"], 7000),
            (["Retry-After": "Sun, 06 Nov 1994 08:49:00 GMT"], 0),
            (
                [
                    "Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT",
                    "Date": "Sun, 06 Nov 1994 08:49:34 GMT",
                ], 3000
            ),
            (["Retry-After": "1e300"], 1_000_000_000_000),
        ] as [(KeyValuePairs<String, String>, Int?)])
    func `reads what the server asks for`(
        headers: KeyValuePairs<String, String>, milliseconds: Int?
    ) {
        // Seven seconds before the date in the headers.
        let pause = Headers(headers).retryAfter(now: 784_111_770)
        #expect(pause == milliseconds.map { .milliseconds($0) })
    }
}

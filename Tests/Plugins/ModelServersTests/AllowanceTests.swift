import HTTP
import Testing

@testable import ModelServers

@Suite struct AllowanceTests {
    @Test(
        arguments: [
            (
                [
                    "x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "0",
                    "x-ratelimit-reset-requests": "1m0s",
                ], 0, 1
            ),
            (
                [
                    "X-RateLimit-Limit-Requests": "500", "X-RateLimit-Remaining-Requests": "499",
                    "X-RateLimit-Reset-Requests": "120ms",
                ], 499, 8.333
            ),
            (
                [
                    "anthropic-ratelimit-requests-limit": "50",
                    "anthropic-ratelimit-requests-remaining": "0",
                    "anthropic-ratelimit-requests-reset": "1994-11-06T08:49:55Z",
                    "Date": "Sun, 06 Nov 1994 08:49:30 GMT",
                ], 0, 2
            ),
        ] as [(KeyValuePairs<String, String>, Int, Double)])
    func `is read from an answer`(
        headers: KeyValuePairs<String, String>, remaining: Int, rate: Double
    ) throws {
        let allowance = try #require(Allowance(Headers(headers), now: 784_111_770))
        #expect(allowance.remaining == remaining)
        #expect(abs(allowance.rate - rate) < 0.01)
    }

    @Test(
        arguments: [
            [:], ["x-ratelimit-remaining-requests": "0"],
            [
                "x-ratelimit-limit-requests": "-9223372036854775808",
                "x-ratelimit-remaining-requests": "9", "x-ratelimit-reset-requests": "1s",
            ],
            [
                "x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "60",
                "x-ratelimit-reset-requests": "0s",
            ],
            [
                "x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-reset-requests": "soon",
            ],
            [
                "anthropic-ratelimit-requests-limit": "50",
                "anthropic-ratelimit-requests-remaining": "0",
                "anthropic-ratelimit-requests-reset": "1994-11-06T08:00:00Z",
            ],
        ] as [KeyValuePairs<String, String>])
    func `is not guessed`(headers: KeyValuePairs<String, String>) {
        #expect(Allowance(Headers(headers), now: 784_111_770) == nil)
    }

    @Test(arguments: [
        ("20ms", 0.02), ("1s", 1), ("6m0s", 360), ("1h2m3.5s", 3723.5), ("7", 7), ("0.5", 0.5),
        ("", nil), ("s", nil), ("5x", nil), ("5", 5),
    ])
    func `durations are read as Go writes them`(text: String, seconds: Double?) {
        #expect(Allowance.seconds(text) == seconds)
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1994-11-06T08:49:37Z", 784_111_777),
        ("2024-02-29T12:00:00.5Z", 1_709_208_000), ("2024-03-01T00:00:00Z", 1_709_251_200),
        ("2100-12-31T23:59:59Z", 4_133_980_799), ("soon", nil), ("2024-13-01T00:00:00Z", nil),
        ("9223372036854775807-01-01T00:00:00Z", nil),
    ])
    func `dates are read as RFC 3339 has them`(text: String, seconds: Int?) {
        #expect(Allowance.date(text) == seconds)
    }
}

internal import GivenSettings
internal import JSON

/// An error in one record. It becomes the record's `error` member.
package struct RecordError: Error, Equatable, Sendable {
    /// A single word for scripts, such as `invalid_json` or `plugin_died`.
    package let code: String

    /// A sentence for people, without a full stop.
    package let message: String

    /// True if the same record may succeed later.
    package let isRetryable: Bool

    package init(_ code: String, _ message: String, isRetryable: Bool = false) {
        self.code = code
        self.message = KnownSecrets.redacted(message)
        self.isRetryable = isRetryable
    }

    /// The code of an exhausted rate limit or quota.
    static let exhausted = "resource_exhausted"

    /// Returns true if a record arrived with the error that a rate limit or a quota is exhausted.
    static func isExhausted(_ record: Record) -> Bool {
        record.value("error")?["code"]?.string == exhausted
    }

    /// - Parameters:
    ///   - stage: The filter's work, such as `embed`.
    ///   - line: The number of the record's line in the input, counted from 1.
    func json(stage: String, line: Int) -> [UInt8] {
        var json = Array(#"{"stage":"#.utf8)
        json.appendJSON(string: stage)
        json += #","code":"#.utf8
        json.appendJSON(string: code)
        json += #","message":"#.utf8
        json.appendJSON(string: message)
        json += #","line":"#.utf8
        json += String(line).utf8
        json += #","retryable":"#.utf8
        json += (isRetryable ? "true}" : "false}").utf8
        return json
    }
}

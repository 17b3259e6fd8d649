internal import JSON

/// What is wrong with one record. Becomes its `error` member.
package struct RecordError: Error, Equatable, Sendable {
    /// One word for scripts: `invalid_json`, `plugin_died`.
    package let code: String

    /// A sentence for people, without a full stop.
    package let message: String

    /// Whether the same record may succeed later.
    package let isRetryable: Bool

    package init(_ code: String, _ message: String, isRetryable: Bool = false) {
        self.code = code
        self.message = message
        self.isRetryable = isRetryable
    }

    /// - Parameters:
    ///   - stage: What the filter does: `embed`.
    ///   - line: The record's line in the input, from 1.
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

/// The error of a batch method that did not answer each of its requests.
public struct BatchError: Error, Equatable {
    public let requests: Int
    public let results: Int
}

extension BatchError: CustomStringConvertible {
    public var description: String { "the plugin gave \(results) results for \(requests) requests" }
}

/// Returns the result of a batch of one.
func onlyResult<Value>(_ results: [Result<Value, any Error>]) throws -> Value {
    guard results.count == 1 else { throw BatchError(requests: 1, results: results.count) }
    return try results[0].get()
}

/// Runs `body`, cancelled when the time is over.
///
/// - Parameter limit: Nil is for ever.
/// - Throws: What `body` throws, and `MCPError.timedOut`.
func within<R: Sendable>(
    _ limit: Duration?, _ body: @escaping @Sendable () async throws -> R
) async throws -> R {
    guard let limit else { return try await body() }
    return try await withThrowingTaskGroup(of: R?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        // One of them ends first, and a result is never nil twice.
        guard let first = try await group.next(), let result = first else {
            throw MCPError.timedOut(after: limit)
        }
        return result
    }
}

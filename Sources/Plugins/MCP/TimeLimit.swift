/// Runs `body`, and cancels it at the end of the time limit.
///
/// - Parameters:
///   - limit: The limit; nil means forever.
///   - progress: Each of its reports starts the limit again, up to the longest time that it allows.
/// - Throws: The errors of `body`, and `MCPError.timedOut`.
func within<R: Sendable>(
    _ limit: Duration?, extendedBy progress: ProgressWatch? = nil,
    _ body: @escaping @Sendable () async throws -> R
) async throws -> R {
    guard let limit else { return try await body() }
    return try await withThrowingTaskGroup(of: R?.self) { group in
        let start = ContinuousClock.now
        group.addTask { try await body() }
        group.addTask {
            var end = start + limit
            while true {
                try await Task.sleep(until: end)
                guard let progress, let report = progress.lastReport else { return nil }
                let next = min(report + limit, start + progress.longest)
                if next <= end { return nil }
                end = next
            }
        }
        defer { group.cancelAll() }
        // One of them ends first, and a result is never nil twice.
        guard let first = try await group.next(), let result = first else {
            guard let progress, progress.lastReport != nil else {
                throw MCPError.timedOut(after: limit)
            }
            let time = ContinuousClock.now - start
            throw MCPError.timedOut(
                after: limit,
                note: time < progress.longest
                    ? " of its last report"
                    : ", and reports extend that to no more than "
                        + progress.longest.inSeconds)
        }
        return result
    }
}

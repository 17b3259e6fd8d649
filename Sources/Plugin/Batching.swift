import Synchronization

/// Whether a plugin has the batch extension, which is found out by asking once.
final class Batching: Sendable {
    private let answer = Mutex(Bool?.none)

    /// Nil until the first batch has been answered.
    var isSupported: Bool? { answer.withLock { $0 } }

    /// Sends items in one call, or each in its own once the plugin has said
    /// that it does not know the batch.
    ///
    /// - Returns: As many results as items, in their order.
    func send<Item: Sendable, Reply: Sendable>(
        _ items: [Item],
        together: ([Item]) async throws(PluginError) -> [Result<Reply, PluginError>],
        alone: @escaping @Sendable (Item) async -> Result<Reply, PluginError>
    ) async -> [Result<Reply, PluginError>] {
        if items.count == 1, isSupported != true { return [await alone(items[0])] }
        if isSupported != false {
            do throws(PluginError) {
                let results = try await together(items)
                answer.withLock { $0 = true }
                return results
            } catch  where error.code == .unsupported && isSupported == nil {
                answer.withLock { $0 = false }
            } catch {
                return items.map { _ in .failure(error) }
            }
        }
        return await withTaskGroup(of: (Int, Result<Reply, PluginError>).self) { group in
            for (index, item) in items.enumerated() {
                group.addTask { (index, await alone(item)) }
            }
            var results = [Result<Reply, PluginError>?](repeating: nil, count: items.count)
            for await (index, result) in group { results[index] = result }
            return results.map { $0! }
        }
    }
}

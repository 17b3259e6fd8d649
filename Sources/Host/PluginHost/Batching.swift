import Synchronization

/// The sending of batches to a plugin. The first batch shows whether it has the batch extension.
final class Batching: Sendable {
    private let answer = Mutex(Bool?.none)
    private let parallel: Int

    /// - Parameter parallel: The number of items that may be sent at once if each goes in its own
    ///   call.
    init(parallel: Int) { self.parallel = max(parallel, 1) }

    /// True if the plugin supports batches; nil until the first batch has been answered.
    var isSupported: Bool? { answer.withLock { $0 } }

    /// Sends items in one call, or each in its own call once the plugin has said that it does not
    /// know the batch method.
    ///
    /// A batch that crashes the plugin, or that the plugin rejects, is split, so that a problem
    /// with one item does not cost another item its answer.
    ///
    /// - Parameters:
    ///   - key: A function that returns the key of an item. If items with the same key are sent
    ///     separately, each is sent only after the answer to the earlier one. Nil if their order
    ///     does not matter.
    ///   - alone: A function that sends one item in its own call. One that may be poisoned is sent
    ///     while no other call is under way.
    /// - Returns: One result for each item, in the same order.
    func send<Item: Sendable, Reply: Sendable>(
        _ items: [Item], key: ((Item) -> String)? = nil,
        together: ([Item]) async throws(PluginError) -> [Result<Reply, PluginError>],
        alone: @escaping @Sendable (Item, Plugin.Isolation) async -> Result<Reply, PluginError>
    ) async -> [Result<Reply, PluginError>] {
        if items.count == 1, isSupported != true { return [await alone(items[0], .none)] }
        if isSupported != false {
            do throws(PluginError) {
                let results = try await together(items)
                answer.withLock { $0 = true }
                return results
            } catch  where error.code == .unsupported && isSupported != true {
                answer.withLock { $0 = false }
            } catch  where items.count > 1 && error.mayBeOfOneItem {
                var results: [Result<Reply, PluginError>] = []
                for item in items {
                    results.append(await alone(item, error.code == .died ? .alone : .none))
                }
                return results
            } catch {
                return items.map { _ in .failure(error) }
            }
        }
        return await separately(items, key, alone)
    }

    private func separately<Item: Sendable, Reply: Sendable>(
        _ items: [Item], _ key: ((Item) -> String)?,
        _ alone: @escaping @Sendable (Item, Plugin.Isolation) async -> Result<Reply, PluginError>
    ) async -> [Result<Reply, PluginError>] {
        let indices = Array(items.indices)
        let turns =
            key.map { key in
                Array(Dictionary(grouping: indices) { Array(key(items[$0]).utf8) }.values)
            } ?? indices.map { [$0] }
        return await withTaskGroup(of: [(Int, Result<Reply, PluginError>)].self) { group in
            var rest = turns[...]
            func begin() {
                guard let turn = rest.popFirst() else { return }
                group.addTask {
                    var answers: [(Int, Result<Reply, PluginError>)] = []
                    for index in turn { answers.append((index, await alone(items[index], .none))) }
                    return answers
                }
            }
            for _ in 0..<min(parallel, turns.count) { begin() }
            var results = [Result<Reply, PluginError>?](repeating: nil, count: items.count)
            for await answers in group {
                begin()
                for (index, result) in answers { results[index] = result }
            }
            return results.map { $0! }
        }
    }
}

extension PluginError {
    /// True if a batch may have failed because of one of its items.
    fileprivate var mayBeOfOneItem: Bool {
        switch code {
        case .died, .failed, .misbehaved, .invalid, .notFound, .timeout: true
        // The message is longer than the server accepts, in the words of gRPC in C++, Go and Node.
        case .exhausted: message.contains("larger than max")
        case .unavailable, .unsupported, .configuration, .notPermitted, .cancelled, .shutdown: false
        }
    }
}

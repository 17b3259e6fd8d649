internal import JSON
internal import Synchronization

/// What models thought before they called tools.
///
/// The server wants it back, as it was, with the results of the calls; the host has no place for
/// it. It is found by the id of a call, as long as this process lives.
final class Thoughts: Sendable {
    private let state = Mutex(State())

    private struct State {
        var blocks: [String: [Value]] = [:]
        /// Oldest first.
        var ids: [String] = []
    }

    private static let most = 1000

    func remember(_ blocks: [Value], before ids: [String]) {
        guard !blocks.isEmpty else { return }
        state.withLock { state in
            for id in ids where state.blocks.updateValue(blocks, forKey: id) == nil {
                state.ids.append(id)
            }
            let surplus = max(0, state.ids.count - Self.most)
            for id in state.ids.prefix(surplus) { state.blocks[id] = nil }
            state.ids.removeFirst(surplus)
        }
    }

    func before(_ id: String) -> [Value] { state.withLock { $0.blocks[id] ?? [] } }
}

import Synchronization
import Testing
import Waiting

@Suite struct SemaphoreTests {
    private final class Count: Sendable {
        let state = Mutex((now: 0, most: 0))

        func begin() {
            state.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
        }

        func end() { state.withLock { $0.now -= 1 } }
    }

    @Test(arguments: [1, 3])
    func `no more hold a permit than there are`(permits: Int) async {
        let semaphore = Semaphore(permits)
        let count = Count()
        await withTaskGroup { group in
            for _ in 0..<100 {
                group.addTask {
                    await semaphore.with {
                        count.begin()
                        await Task.yield()
                        count.end()
                    }
                }
            }
        }
        #expect(count.state.withLock { $0.now } == 0)
        #expect(count.state.withLock { $0.most } <= permits)
    }

    @Test func `a permit comes back after a failure`() async throws {
        struct Problem: Error {}
        let semaphore = Semaphore(1)
        await #expect(throws: Problem.self) { try await semaphore.with { throw Problem() } }
        await semaphore.with {}
    }
}

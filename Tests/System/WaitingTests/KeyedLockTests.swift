import Synchronization
import Testing
import Waiting

@Suite struct KeyedLockTests {
    private final class Order: Sendable {
        let numbers = Mutex([Int]())
    }

    @Test func `work on one key is done in the order of its tickets`() async {
        let (lock, tickets, order) = (KeyedLock(), TicketLock(), Order())
        let drawn = (0..<100).map { ($0, tickets.draw()) }
        await withTaskGroup { group in
            for (number, ticket) in drawn.shuffled() {
                group.addTask {
                    await lock.with(["a", "\(number)"], ticket) {
                        await Task.yield()
                        order.numbers.withLock { $0.append(number) }
                    }
                }
            }
        }
        #expect(order.numbers.withLock { $0 } == Array(0..<100))
    }

    @Test func `work on other keys goes on meanwhile`() async {
        let (lock, begun, end) = (KeyedLock(), Latch<Void>(), Latch<Void>())
        let first = Task {
            await lock.with(["a", "b"]) {
                begun.set()
                await end.waitRegardless()
            }
        }
        await begun.waitRegardless()
        await lock.with(["c", "c"]) {}
        end.set()
        await first.value
        await lock.with(["b"]) {}
    }
}

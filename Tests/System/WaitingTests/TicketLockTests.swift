import Synchronization
import Testing
import Waiting

@Suite struct TicketLockTests {
    private final class Order: Sendable {
        let numbers = Mutex([Int]())
    }

    @Test func `tickets are served in the order they were drawn in`() async {
        let lock = TicketLock()
        let order = Order()
        let tickets = (0..<100).map { ($0, lock.draw()) }
        await withTaskGroup(of: Void.self) { group in
            for (number, ticket) in tickets.shuffled() {
                group.addTask {
                    if number % 3 == 0 { return await ticket.giveUp() }
                    await ticket.use { order.numbers.withLock { $0.append(number) } }
                    await ticket.giveUp()
                }
            }
        }
        #expect(order.numbers.withLock { $0 } == (0..<100).filter { $0 % 3 != 0 })
    }
}

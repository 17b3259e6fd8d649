import Testing
import Unix
import Waiting

@Suite struct MailboxTests {
    @Test func `messages come in the order of each sender, and none is lost`() async throws {
        let mailbox = try Mailbox<(sender: Int, number: Int)>()
        let senders = 8
        let count = 1000
        let received = await withTaskGroup { group in
            for sender in 0..<senders {
                group.addTask {
                    for number in 0..<count { mailbox.post((sender, number)) }
                }
            }
            var received = [[Int]](repeating: [], count: senders)
            while received.reduce(0, { $0 + $1.count }) < senders * count {
                for message in mailbox.takeAll() {
                    received[message.sender].append(message.number)
                }
                await Task.yield()
            }
            return received
        }
        #expect(received.allSatisfy { $0 == Array(0..<count) })
        #expect(mailbox.takeAll().isEmpty)
    }

    @Test func `waiting ends with a message, or with time`() async throws {
        let mailbox = try Mailbox<Int>()
        #expect(mailbox.wait(atMost: .milliseconds(1)).isEmpty)
        detachThread { mailbox.post(1) }
        // Waits forever unless a message comes.
        #expect(mailbox.wait() == [1])
        mailbox.post(2)
        mailbox.post(3)
        #expect(mailbox.wait() == [2, 3])
        #expect(mailbox.wait(atMost: .milliseconds(1)).isEmpty)
    }
}

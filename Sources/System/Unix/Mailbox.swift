import CUnix
import Glibc
import Synchronization

/// Messages from tasks and signals to one thread, which may wait for them beside other descriptors:
/// it has one of its own for that, which the types of Waiting do not have.
package final class Mailbox<Message: Sendable>: Sendable {
    private let messages = Mutex<[Message]>([])

    // The thread may poll one end for as long as the mailbox is there.
    private let reading, writing: Int32

    package init() throws(SystemError) {
        (reading, writing) = try openPipe()
        for end in [reading, writing] { _ = hector_set_nonblocking(end) }
    }

    deinit {
        close(reading)
        close(writing)
    }

    /// A descriptor that is readable while there is a message.
    package var descriptor: Int32 { reading }

    package func post(_ message: Message) {
        let isFirst = messages.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        guard isFirst else { return }
        var byte: UInt8 = 0
        while write(writing, &byte, 1) < 0, errno == EINTR {}
    }

    /// Returns all messages that have arrived, in order.
    package func takeAll() -> [Message] {
        messages.withLock { messages in
            var bytes = [UInt8](repeating: 0, count: 16)
            while read(reading, &bytes, bytes.count) > 0 {}
            defer { messages = [] }
            return messages
        }
    }

    /// Blocks this thread until there is a message or the time has passed.
    ///
    /// - Parameter longest: The longest time to wait; nil for no limit.
    package func wait(atMost longest: Duration? = nil) -> [Message] {
        var polled = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
        poll(&polled, 1, longest.map { Int32($0 / .milliseconds(1)) } ?? -1)
        return takeAll()
    }
}

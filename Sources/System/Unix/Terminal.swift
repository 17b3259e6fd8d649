import CUnix
import Glibc
import Text
import Waiting

/// The terminal that this process was started from, whatever its streams are.
///
/// While it is open, other processes that ask through this type do not show a question on the same
/// terminal.
package final class Terminal: Sendable {
    private let descriptor: Int32

    /// The same terminal by its own name, for a lock. `/dev/tty` is the same file for all
    /// processes.
    private let own: Int32

    /// - Throws: `ENXIO` if there is none.
    package init() throws(SystemError) {
        descriptor = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        if descriptor < 0 { throw SystemError(errno, "open '/dev/tty'") }
        let device = hector_terminal_device(descriptor)
        let (major, minor) = (device >> 8 & 0xfff, device & 0xff | device >> 12 & 0xfff00)
        let path =
            (136...143).contains(major)
            ? "/dev/pts/\((major - 136) << 8 + minor)" : "/dev/char/\(major):\(minor)"
        own = device < 0 ? -1 : open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    }

    deinit {
        if own >= 0 { close(own) }
        close(descriptor)
    }

    /// True if this process may read from it. A process in the background would be stopped if it
    /// tried.
    package var isOurs: Bool { tcgetpgrp(descriptor) == getpgrp() }

    /// Shows a question and waits for a line typed after it.
    ///
    /// - Returns: The line without its newline, or nil at the end of input or if the task is
    ///   cancelled.
    package func ask(_ question: String) async -> String? {
        let question = VisibleText(lines: question).description
        if Task.isCancelled { return nil }
        return await Latch<String?>.onThread { self.read(after: question) }.wait() ?? nil
    }

    private func read(after question: String) -> String? {
        if own >= 0 { while flock(own, LOCK_EX) != 0, errno == EINTR {} }
        guard show(question) else { return nil }
        let prompt = String(question.split(separator: "\n").last ?? "")
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") {
            waitForInput { _ = show(prompt) }
            var block = [UInt8](repeating: 0, count: 1024)
            let count = Glibc.read(descriptor, &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            line += block[..<count]
        }
        return String(decoding: line.dropLast(), as: UTF8.self)
    }

    /// Drops the input typed before a question, as it cannot be an answer to it, and shows the
    /// question.
    ///
    /// A process in the background is stopped until it is in the foreground, by tcflush(3).
    private func show(_ question: String) -> Bool {
        tcflush(descriptor, TCIFLUSH)
        return writeAll(Array(question.utf8), to: descriptor) == nil
    }

    /// - Parameter goOn: A function called whenever this process goes on after a stop, as by ^Z.
    private func waitForInput(_ goOn: () -> Void) {
        let poll = epoll_create1(Int32(EPOLL_CLOEXEC))
        defer { close(poll) }
        var event = epoll_event()
        event.events = EPOLLIN.rawValue
        guard epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) == 0 else { return }
        // Unlike read(2) it fails after a stop even without a handler for SIGCONT: see signal(7).
        while epoll_wait(poll, &event, 1, -1) < 0, errno == EINTR { goOn() }
    }
}

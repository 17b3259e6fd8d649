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

    /// The process group of this process, by which a shell knows all processes of a pipe.
    package static var job: Int32 { getpgrp() }

    /// Shows a question and waits for a line typed after it.
    ///
    /// - Parameter echoes: False if the terminal does not show what is typed.
    /// - Returns: The line without its newline, or nil at the end of input or if the task is
    ///   cancelled.
    package func ask(_ question: String, echoes: Bool = true) async -> String? {
        let question = VisibleText(lines: question).description
        if Task.isCancelled { return nil }
        // Without a pipe for it there is no question either.
        guard let cancellation = try? Mailbox<Void>() else { return nil }
        return await withTaskCancellationHandler {
            await Latch<String?>.onThread {
                self.read(after: { question }, echoes: echoes, cancellation)
            }.wait() ?? nil
        } onCancel: {
            cancellation.post(())
        }
    }

    /// Shows a question and waits on this thread for a line typed after it. Until then SIGINT,
    /// SIGTERM and SIGHUP end the process, unless they are ignored.
    ///
    /// - Parameter question: Returns the question, or nil if another process, which asked on the
    ///   same terminal meanwhile, has got the answer.
    /// - Returns: The line without its newline, or nil without an answer.
    package func askOnThisThread(_ question: () -> String?) -> String? {
        guard let cancellation = try? Mailbox<Void>() else { return nil }
        return withStandardSignals {
            read(after: question, echoes: true, cancellation)
        }
    }

    /// - Parameter cancellation: Gets a message when nothing is to be read any more: the next line
    ///   is for the program that reads the terminal then, while this process may still be ending.
    private func read(
        after question: () -> String?, echoes: Bool, _ cancellation: Mailbox<Void>
    ) -> String? {
        if own >= 0 { while flock(own, LOCK_EX) != 0, errno == EINTR {} }
        var modes = termios()
        let isHidden = !echoes && tcgetattr(descriptor, &modes) == 0
        if isHidden {
            var hidden = modes
            hidden.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(descriptor, TCSANOW, &hidden)
        }
        defer {
            if isHidden {
                tcsetattr(descriptor, TCSANOW, &modes)
                _ = writeAll(Array("\n".utf8), to: descriptor)
            }
        }
        guard let question = question(), show(question) else { return nil }
        let prompt = String(question.split(separator: "\n").last ?? "")
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") {
            guard waitForInput(cancellation.descriptor, { _ = show(prompt) }) else { return nil }
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

    /// - Parameters:
    ///   - cancellation: A descriptor that is readable if nothing is to be read.
    ///   - goOn: A function called whenever this process goes on after a stop, as by ^Z.
    /// - Returns: False if nothing is to be read.
    private func waitForInput(_ cancellation: Int32, _ goOn: () -> Void) -> Bool {
        let poll = epoll_create1(Int32(EPOLL_CLOEXEC))
        defer { close(poll) }
        for awaited in [descriptor, cancellation] {
            var event = epoll_event()
            event.events = EPOLLIN.rawValue
            guard epoll_ctl(poll, EPOLL_CTL_ADD, awaited, &event) == 0 else { return true }
        }
        var event = epoll_event()
        // Unlike read(2) it fails after a stop even without a handler for SIGCONT: see signal(7).
        while epoll_wait(poll, &event, 1, -1) < 0, errno == EINTR { goOn() }
        var cancelled = pollfd(fd: cancellation, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&cancelled, 1, 0) == 0
    }
}

/// Runs `body` while the signals that ask a process to end do so at once, as in a program that does
/// not catch them.
private func withStandardSignals<R>(_ body: () -> R) -> R {
    var former: [(Int32, sigaction)] = []
    for number in [SIGINT, SIGTERM, SIGHUP] {
        var current = sigaction()
        sigaction(number, nil, &current)
        let handler = unsafeBitCast(current.__sigaction_handler.sa_handler, to: Int.self)
        if handler == unsafeBitCast(SIG_IGN, to: Int.self) { continue }
        former.append((number, current))
        signal(number, SIG_DFL)
    }
    defer {
        for (number, action) in former {
            var action = action
            sigaction(number, &action, nil)
        }
    }
    return body()
}

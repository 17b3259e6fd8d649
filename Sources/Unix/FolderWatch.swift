import CUnix
import Glibc

/// Tells when something changes in some folders: inotify(7).
package final class FolderWatch: Sendable {
    private let descriptor: Int32

    /// What ends a wait when its task is cancelled.
    private let bell: (listening: Int32, ringing: Int32)

    /// What matters to whoever reads the files: not that they are read.
    private static let events = UInt32(
        IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVED_FROM | IN_MOVED_TO
            | IN_MOVE_SELF | IN_ATTRIB)

    package init() throws(SystemError) {
        descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        var ends: [Int32] = [-1, -1]
        let isComplete = descriptor >= 0 && hector_pipe(&ends) == 0
        bell = (ends[0], ends[1])
        guard isComplete else { throw SystemError(errno, "watch folders") }
    }

    deinit {
        for open in [descriptor, bell.listening, bell.ringing] where open >= 0 { close(open) }
    }

    /// Watches a folder too. One that is watched already stays so.
    ///
    /// - Returns: Its number; nil if it has gone.
    package func add(_ folder: String) throws(SystemError) -> Int32? {
        let number = inotify_add_watch(descriptor, folder, Self.events)
        if number >= 0 { return number }
        if errno == ENOENT || errno == ENOTDIR || errno == EACCES { return nil }
        if errno == ENOSPC {
            throw SystemError(
                ENOSPC, "watch '\(folder)', raise fs.inotify.max_user_watches with sysctl(8)")
        }
        throw SystemError(errno, "watch '\(folder)'")
    }

    /// - Returns: Whether anything has changed since that was last told of.
    package func takeChanges() -> Bool {
        let hasChanged = arrives(within: .zero)
        drain()
        return hasChanged
    }

    /// Waits until something changes and then until nothing has for a while, so that many
    /// changes at once are one.
    ///
    /// - Parameters:
    ///   - quiet: How long nothing may happen before it is over.
    ///   - most: How long it is waited for that.
    ///   - patience: How long is waited for the first change; nil for ever.
    /// - Returns: Whether anything has changed; false, too, when the task is cancelled.
    package func changes(
        quiet: Duration, most: Duration, patience: Duration?
    ) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                detachThread {
                    let clock = ContinuousClock()
                    var hasChanged = self.arrives(within: patience)
                    let end = clock.now + most
                    while hasChanged {
                        self.drain()
                        if clock.now >= end || !self.arrives(within: quiet) { break }
                    }
                    if self.isOver { hasChanged = false }
                    continuation.resume(returning: hasChanged)
                }
            }
        } onCancel: {
            var byte: UInt8 = 0
            _ = write(bell.ringing, &byte, 1)
        }
    }

    /// - Returns: Whether something has changed.
    private func arrives(within time: Duration?) -> Bool {
        var polled = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: bell.listening, events: Int16(POLLIN), revents: 0),
        ]
        let milliseconds = time.map { Int32($0 / .milliseconds(1)) } ?? -1
        while poll(&polled, 2, milliseconds) < 0, errno == EINTR {}
        return polled[0].revents != 0 && polled[1].revents == 0
    }

    /// Whether the bell has rung, which it does once.
    private var isOver: Bool {
        var polled = pollfd(fd: bell.listening, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, 0) > 0
    }

    /// What it was does not matter: whoever asked looks at everything.
    private func drain() {
        var block = [UInt8](repeating: 0, count: 64 * 1024)
        while read(descriptor, &block, block.count) > 0 {}
    }
}

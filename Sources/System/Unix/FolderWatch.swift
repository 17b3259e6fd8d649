import CUnix
import Glibc
import Synchronization
import Waiting

/// A watch that reports changes in a set of folders: inotify(7).
package final class FolderWatch: Sendable {
    private let descriptor: Int32

    /// The pipe that ends a wait when its task is cancelled.
    private let bell: (listening: Int32, ringing: Int32)

    /// The events that matter to a reader of the files, so not that they are read.
    private static let events = UInt32(
        IN_CLOSE_WRITE | IN_MODIFY | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVED_FROM
            | IN_MOVED_TO | IN_MOVE_SELF | IN_ATTRIB)

    /// The names that matter in a folder.
    private enum Scope {
        case all
        case names(Set<[UInt8]>)
    }

    /// The scopes by the numbers of their folders.
    private let scopes = Mutex<[Int32: Scope]>([:])

    private static let mostLinks = 40

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

    /// Adds a folder to the watch. A folder that is watched already stays watched.
    ///
    /// - Returns: The number of the folder; nil if it does not exist.
    package func add(_ folder: String) throws(SystemError) -> Int32? {
        guard let number = try number(of: folder) else { return nil }
        scopes.withLock { $0[number] = .all }
        return number
    }

    /// Watches the file that a path leads to, which need not exist, and each link on the way, for
    /// being replaced.
    ///
    /// - Parameter path: An absolute path.
    /// - Returns: True if some of these were not watched so far.
    package func add(wayTo path: String) throws(SystemError) -> Bool {
        var parts = Array(path.split(separator: "/").reversed())
        var folder = "/"
        var links = 0
        var isNew = false
        while let part = parts.popLast(), links <= Self.mostLinks {
            if part == "." { continue }
            if part == ".." {
                folder = Path.parent(of: folder)
                continue
            }
            let next = folder == "/" ? "/\(part)" : "\(folder)/\(part)"
            let target = Self.target(ofLink: next)
            if target != nil || parts.isEmpty {
                if try add(Array(part.utf8), in: folder) { isNew = true }
            }
            guard let target else {
                folder = next
                continue
            }
            links += 1
            if target.hasPrefix("/") { folder = "/" }
            parts += target.split(separator: "/").reversed()
        }
        return isNew
    }

    /// - Returns: Nil for a file that is not a link.
    private static func target(ofLink path: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX) + 1) { buffer in
            let count = readlink(path, buffer.baseAddress!, buffer.count - 1)
            guard count > 0 else { return nil }
            buffer[count] = 0
            return String(cString: buffer.baseAddress!)
        }
    }

    private func add(_ name: [UInt8], in folder: String) throws(SystemError) -> Bool {
        guard let number = try number(of: folder) else { return false }
        return scopes.withLock { scopes in
            switch scopes[number] {
            case .all: return false
            case .names(var names):
                let isNew = names.insert(name).inserted
                scopes[number] = .names(names)
                return isNew
            case nil:
                scopes[number] = .names([name])
                return true
            }
        }
    }

    private func number(of folder: String) throws(SystemError) -> Int32? {
        let number = inotify_add_watch(descriptor, folder, Self.events)
        if number >= 0 { return number }
        if errno == ENOENT || errno == ENOTDIR || errno == EACCES { return nil }
        if errno == ENOSPC {
            throw SystemError(
                ENOSPC, "watch '\(folder)', raise fs.inotify.max_user_watches with sysctl(8)")
        }
        throw SystemError(errno, "watch '\(folder)'")
    }

    /// The kind of changes.
    package enum Changes: Comparable {
        case none
        /// Changes only to files that are still open and may be written again.
        case unfinished
        case finished
    }

    /// - Returns: The changes since the last report.
    package func takeChanges() -> Changes { drain() }

    /// Waits until something changes and then until the changes pause, so that many changes at once
    /// are reported once. If a file is being written, waits until it is closed.
    ///
    /// - Parameters:
    ///   - quiet: The length of a pause that ends the wait.
    ///   - most: The longest time to wait for that pause.
    ///   - longestWait: The longest time to wait for the first change; nil for no limit.
    /// - Returns: True if anything has changed; false also when the task is cancelled.
    package func changes(
        quiet: Duration, most: Duration, longestWait: Duration?
    ) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                detachThread {
                    let clock = ContinuousClock()
                    var changes = Changes.none
                    var end = clock.now
                    var next = longestWait.map { clock.now + $0 }
                    while self.arrives(within: next.map { $0 - clock.now }) {
                        if changes > .none, clock.now >= end { break }
                        let more = self.drain()
                        if more == .none { continue }
                        if changes == .none { end = clock.now + most }
                        changes = max(changes, more)
                        next = changes == .finished ? min(clock.now + quiet, end) : end
                    }
                    continuation.resume(returning: changes > .none && !self.isOver)
                }
            }
        } onCancel: {
            var byte: UInt8 = 0
            _ = write(bell.ringing, &byte, 1)
        }
    }

    /// - Returns: True if something has changed.
    private func arrives(within time: Duration?) -> Bool {
        var polled = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: bell.listening, events: Int16(POLLIN), revents: 0),
        ]
        let milliseconds = time.map { Int32(max($0, .zero) / .milliseconds(1)) } ?? -1
        while poll(&polled, 2, milliseconds) < 0, errno == EINTR {}
        return polled[0].revents != 0 && polled[1].revents == 0
    }

    /// True if the bell has rung, which it does once.
    private var isOver: Bool {
        var polled = pollfd(fd: bell.listening, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, 0) > 0
    }

    /// Reads all events. The names of the files are not reported, as the caller checks all of them.
    private func drain() -> Changes {
        var changes = Changes.none
        var block = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = read(descriptor, &block, block.count)
            if count <= 0 { return changes }
            scopes.withLock { scopes in
                block.withUnsafeBytes { block in
                    var start = 0
                    while start < count {
                        let event = block.loadUnaligned(
                            fromByteOffset: start, as: inotify_event.self)
                        start += MemoryLayout<inotify_event>.size
                        let name = block[start..<start + Int(event.len)].prefix { $0 != 0 }
                        start += Int(event.len)
                        // An event without a name is about the folder itself, or means that events
                        // were lost.
                        if case .names(let names)? = scopes[event.wd], !name.isEmpty,
                            !names.contains(Array(name))
                        {
                            continue
                        }
                        let isUnfinished = event.mask == UInt32(IN_MODIFY)
                        changes = max(changes, isUnfinished ? .unfinished : .finished)
                        if event.mask & UInt32(IN_IGNORED) != 0 { scopes[event.wd] = nil }
                    }
                }
            }
        }
    }
}

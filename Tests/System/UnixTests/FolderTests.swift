import Foundation
import Synchronization
import TestSupport
import Testing
import Unix

@Suite struct FolderTests {
    @Test func `a listing describes files and does not follow links`() throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(
            atPath: "\(folder)/b", withIntermediateDirectories: false)
        try Data("text".utf8).write(to: URL(fileURLWithPath: "\(folder)/a"))
        symlink("a", "\(folder)/c")
        symlink("nowhere", "\(folder)/d")
        mkfifo("\(folder)/e", 0o600)
        // A name that is not UTF-8.
        let odd: [CChar] = folder.utf8.map { CChar(bitPattern: $0) } + [47, -1, 0]
        close(creat(odd, 0o600))
        let entries = try Directory.entries(in: folder)
        #expect(
            entries.map { String(decoding: $0.name, as: UTF8.self) }
                == ["a", "b", "c", "d", "e", "\u{FFFD}"])
        #expect(entries.map(\.kind) == [.regular, .directory, .link, .link, .other, .regular])
        #expect(entries.map { $0.file?.size } == [4, nil, nil, nil, nil, 0])
        #expect(entries.last?.name == [255])
        #expect(throws: SystemError(ENOENT, "open '\(folder)/none'")) {
            try Directory.entries(in: "\(folder)/none")
        }
    }

    @Test(arguments: [-14_000_000_000, -1, 0, 10_413_792_000, 14_000_000_000])
    func `a file may be from any time`(seconds: Int) throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/a"
        try Data().write(to: URL(fileURLWithPath: path))
        let date = Date(timeIntervalSince1970: Double(seconds))
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
        let modified = try File(path).modified
        #expect((modified >= 0) == (seconds >= 0))
        #expect(try Directory.entries(in: folder).map(\.file?.modified) == [modified])
    }

    @Test func `one at a time has a lock, and gives it back`() async throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/lock"
        var lock = try FileLock.take(path)
        #expect(lock != nil)
        #expect(try FileLock.take(path) == nil)
        let hasIt = Mutex(false)
        async let waiting = {
            let lock = try await FileLock.wait(for: path)
            hasIt.withLock { $0 = true }
            return lock
        }()
        #expect(hasIt.withLock { !$0 })
        lock = nil
        let other = try await waiting
        #expect(try FileLock.take(path) == nil)
        withExtendedLifetime(other) {}
        _ = lock
    }

    @Test func `waiting for a lock can be stopped`() async throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let lock = try FileLock.take("\(folder)/lock")
        let task = Task { try await FileLock.wait(for: "\(folder)/lock") }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        withExtendedLifetime(lock) {}
    }

    @Test func `many changes are reported once`() async throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let watch = try FolderWatch()
        let number = try watch.add(folder)
        #expect(try number != nil && watch.add(folder) == number)
        #expect(try watch.add("\(folder)/none") == nil)
        for name in 0..<100 {
            try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        func changes(_ longestWait: Duration?) async -> Bool {
            await watch.changes(
                quiet: .milliseconds(50), most: .seconds(5), longestWait: longestWait)
        }
        #expect(await changes(nil))
        #expect(await !changes(.zero))
        // Reading changes nothing.
        _ = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/1"))
        #expect(await !changes(.zero))
        unlink("\(folder)/1")
        #expect(await changes(nil))
    }

    @Test func `a file that is open still is waited for`() async throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = open("\(folder)/a", O_WRONLY | O_CREAT, 0o600)
        let watch = try FolderWatch()
        _ = try watch.add(folder)
        func time(most: Duration) async -> Duration {
            let clock = ContinuousClock()
            let start = clock.now
            #expect(await watch.changes(quiet: .milliseconds(50), most: most, longestWait: nil))
            return clock.now - start
        }
        write(file, "x", 1)
        #expect(await time(most: .milliseconds(500)) >= .milliseconds(490))
        write(file, "x", 1)
        close(file)
        #expect(await time(most: .seconds(100)) < .seconds(50))
        let other = open("\(folder)/a", O_WRONLY)
        write(other, "x", 1)
        #expect(watch.takeChanges() == .unfinished)
        close(other)
        #expect(watch.takeChanges() == .finished)
        #expect(watch.takeChanges() == .none)
    }

    @Test func `of a path only its last name and the links on the way matter`() async throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["r1", "r2", "links"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
        }
        symlink("links/../links/current", "\(folder)/first")
        symlink("../r1", "\(folder)/links/current")
        let watch = try FolderWatch()
        #expect(try watch.add(wayTo: "\(folder)/first/a.md"))
        #expect(try !watch.add(wayTo: "\(folder)/first/a.md"))
        func write(_ path: String) throws {
            try Data().write(to: URL(fileURLWithPath: "\(folder)/\(path)"))
        }
        func changes(_ longestWait: Duration?) async -> Bool {
            await watch.changes(
                quiet: .milliseconds(50), most: .seconds(5), longestWait: longestWait)
        }
        for other in ["r1/b.md", "links/a.md", "a.md"] { try write(other) }
        #expect(await !changes(.milliseconds(50)))
        try write("r1/a.md")
        #expect(await changes(nil))
        symlink("../r2", "\(folder)/links/new")
        rename("\(folder)/links/new", "\(folder)/links/current")
        #expect(await changes(nil))
        #expect(try watch.add(wayTo: "\(folder)/first/a.md"))
        try write("r2/a.md")
        #expect(await changes(nil))
        symlink("loop", "\(folder)/loop")
        _ = try watch.add(wayTo: "\(folder)/loop/a.md")
        // The folder matters as a whole, not only the entries on the way.
        _ = try watch.add("\(folder)/links")
        #expect(try !watch.add(wayTo: "\(folder)/links/none"))
        try write("links/b.md")
        #expect(await changes(nil))
    }

    @Test func `waiting for changes can be stopped`() async throws {
        let watch = try FolderWatch()
        let task = Task {
            await watch.changes(quiet: .seconds(1), most: .seconds(1), longestWait: nil)
        }
        task.cancel()
        #expect(await !task.value)
    }
}

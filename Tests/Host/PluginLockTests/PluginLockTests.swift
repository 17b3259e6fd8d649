import Foundation
import TestSupport
import Testing

@testable import PluginLock

/// hector.lock, and the comparison of a plugin with it.
@Suite struct PluginLockTests {
    let folder: TemporaryFolder
    let root: String

    init() throws {
        folder = try TemporaryFolder()
        root = folder.path + "/plugins"
        try FileManager.default.createDirectory(
            atPath: root + "/p/sub", withIntermediateDirectories: true)
        try write("#!/bin/sh\n", "p")
        try write("1", "sub/data")
        #expect(chmod(root + "/p/p", 0o755) == 0)
    }

    private func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(root)/p/\(name)"))
    }

    private func locked(_ checksum: String) -> LockedPlugin {
        LockedPlugin(
            name: "p", version: "1.0.0", checksum: checksum, source: "/x", key: "PEM\n",
            installed: "2026-01-01T00:00:00.000000Z")
    }

    /// Writes a lock for the folder as it is.
    private func lock() throws {
        var lock = PluginLock()
        lock.announce(locked(try FolderList(of: root + "/p").checksum))
        lock.adopt("p")
        try lock.write(to: root)
    }

    @Test func `the list is what sha256sum would say`() throws {
        let digest = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
        #expect(try FolderList(of: root + "/p").lines.last == "\(digest) - sub/data")
        #expect(try FolderList(of: root + "/p").lines.first?.hasSuffix(" x p") == true)
    }

    @Test(arguments: [
        "echo 2 > sub/data", "echo 2 > new", "rm sub/data", "chmod +x sub/data", "chmod -x p",
        "ln -s p link", "mv sub bus", "rm sub/data; ln -s ../p sub/data",
        // The same size and times.
        "touch -r sub/data t; printf 2 > sub/data; touch -r t sub/data; rm t",
    ])
    func `a change is noticed`(change: String) throws {
        try lock()
        let cache = folder.path + "/cache"
        let before = try #require(try LockedFolder(of: root + "/p/p"))
        try before.verify(cache: cache)
        // As after a while, when the files are old enough for a note.
        try noteNow(cache)
        try before.verify(cache: cache)
        try sh(change)
        for cache in [cache, nil] {
            #expect(throws: PluginLockError.self) {
                try #require(try LockedFolder(of: root + "/p/p")).verify(cache: cache)
            }
        }
    }

    /// Writes the note that a check leaves once the files are not new any more.
    private func noteNow(_ cache: String) throws {
        let deadline = Date(timeIntervalSinceNow: 60)
        while (try? FileManager.default.contentsOfDirectory(
            atPath: cache + "/hector/verified"))?.isEmpty ?? true
        {
            try #require(Date() < deadline)
            try #require(try LockedFolder(of: root + "/p/p")).verify(cache: cache)
            usleep(50_000)
        }
    }

    private func sh(_ script: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-ec", "cd '\(root)/p'; " + script]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test func `a note about another plugin's contents does not count`() throws {
        try lock()
        let cache = folder.path + "/cache"
        try noteNow(cache)
        let notes = try FileManager.default.contentsOfDirectory(atPath: cache + "/hector/verified")
        #expect(notes.count == 1)
        var lock = PluginLock()
        lock.announce(locked("sha256:other"))
        lock.adopt("p")
        try lock.write(to: root)
        #expect(throws: PluginLockError.self) {
            try #require(try LockedFolder(of: root + "/p/p")).verify(cache: cache)
        }
    }

    @Test func `what was about to be installed counts, too`() throws {
        var lock = PluginLock()
        lock.announce(locked("sha256:old"))
        lock.adopt("p")
        lock.announce(locked(try FolderList(of: root + "/p").checksum))
        try lock.write(to: root)
        try #require(try LockedFolder(of: root + "/p/p")).verify(cache: nil)
        #expect(try PluginLock(of: root) == lock)
    }

    @Test func `a plugin is found by any path`() throws {
        try lock()
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link", withDestinationPath: root + "/p/p")
        for path in ["/p/p", "/p/sub/data", "/../plugins/p/./p", "/../link"] {
            #expect(try LockedFolder(of: root + path)?.name == "p", "\(path)")
        }
        #expect(try LockedFolder(of: "/bin/sh") == nil)
        #expect(try LockedFolder(of: root + "/q/q") == nil)
    }

    @Test(.enabled(if: geteuid() == 0, "files of others need root"))
    func `a stranger's lock says nothing`() throws {
        try Data("not JSON".utf8).write(to: URL(fileURLWithPath: root + "/hector.lock"))
        try #require(chown(root + "/hector.lock", 54321, 54321) == 0)
        #expect(try LockedFolder(of: root + "/p/p") == nil)
        // The owner of the plugin is none.
        try #require(chown(root + "/p/p", 54321, 54321) == 0)
        #expect(throws: PluginLockError.self) { try LockedFolder(of: root + "/p/p") }
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"lock":1}"#, #"{"lock":2,"plugins":[]}"#, #"{"lock":1,"plugins":{}}"#,
        #"{"lock":1,"plugins":[{"name":"p"}]}"#,
        #"{"lock":1,"plugins":[{"name":"../p","version":"1","checksum":"sha256:","source":"s","installed":"t"}]}"#,
    ])
    func `a lock that cannot be read is an error`(text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: root + "/hector.lock"))
        #expect(throws: PluginLockError.self) { try LockedFolder(of: root + "/p/p") }
    }
}

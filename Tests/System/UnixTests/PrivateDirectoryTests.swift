import Foundation
import TestSupport
import Testing
import Unix

@Suite struct PrivateDirectoryTests {
    @Test func `a sweep removes what the dead have left and nothing of the living`() async throws {
        let parent = FileManager.default.temporaryDirectory.path + "/hd-\(getpid())-sweep"
        try FileManager.default.createDirectory(
            atPath: parent, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: parent) }
        let mine = try PrivateDirectory.make("it", in: [parent], longest: 200)
        // Another process may have the dead one's process id by now: here it is this test.
        let reused = "\(parent)/it-\(getpid())-abcdef"
        let gone = "\(parent)/it-999999999-abcdef"
        let other = "\(parent)/it-notours"
        for path in [reused, gone, other] {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false)
            try Data().write(to: URL(fileURLWithPath: path + "/plugin1"))
        }
        PrivateDirectory.sweep("it", in: [parent])
        try await waitUntil {
            ![reused, gone].contains { FileManager.default.fileExists(atPath: $0) }
        }
        #expect(FileManager.default.fileExists(atPath: mine.path))
        #expect(FileManager.default.fileExists(atPath: other))
        mine.remove()
        #expect(!FileManager.default.fileExists(atPath: mine.path))
    }

    @Test func `what a child plants in the directory deletes nothing elsewhere`() throws {
        try withTemporaryFolder { parent in
            let directory = try PrivateDirectory.make("it", in: [parent], longest: 200)
            let socket = parent + "/socket"
            close(try bound(at: socket, Int32(SOCK_STREAM.rawValue)))
            symlink(socket, directory.path + "/leftover")
            directory.remove()
            #expect(FileManager.default.fileExists(atPath: socket))
            #expect(!FileManager.default.fileExists(atPath: directory.path))
        }
    }

    @Test func `a socket for datagrams is alive, too`() throws {
        try withTemporaryFolder { parent in
            let socket = parent + "/socket"
            let living = try bound(at: socket, Int32(SOCK_DGRAM.rawValue))
            let directory = try PrivateDirectory.make("it", in: [parent], longest: 200)
            directory.note(leftover: socket)
            directory.remove()
            #expect(try Directory.names(in: parent) == ["socket"])
            close(living)
            removeDeadSocket(socket)
            #expect(try Directory.names(in: parent) == [])
        }
    }

    private func bound(at path: String, _ kind: Int32) throws -> Int32 {
        let descriptor = socket(AF_UNIX, kind, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        try #require(result == 0)
        return descriptor
    }

    @Test func `a socket that is noted goes with the directory, unless a server listens to it`()
        async throws
    {
        let parent = FileManager.default.temporaryDirectory.path + "/hd-\(getpid())-note"
        try FileManager.default.createDirectory(
            atPath: parent, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: parent) }
        func listen(at name: String) throws -> Int32 {
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) {
                $0.copyBytes(from: "\(parent)/\(name)".utf8)
            }
            let size = socklen_t(MemoryLayout<sockaddr_un>.size)
            let bound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
            }
            try #require(bound == 0 && Glibc.listen(descriptor, 1) == 0)
            return descriptor
        }
        func isThere(_ name: String) -> Bool {
            FileManager.default.fileExists(atPath: "\(parent)/\(name)")
        }
        close(try listen(at: "dead"))
        let living = try listen(at: "living")
        for name in ["dead", "living"] {
            try FileManager.default.createDirectory(
                atPath: "\(parent)/it-99-\(name)", withIntermediateDirectories: false)
            symlink("\(parent)/\(name)", "\(parent)/it-99-\(name).leftover")
        }
        try Data().write(to: URL(fileURLWithPath: "\(parent)/file"))
        try FileManager.default.createDirectory(
            atPath: "\(parent)/it-99-file", withIntermediateDirectories: false)
        symlink("\(parent)/file", "\(parent)/it-99-file.leftover")
        PrivateDirectory.sweep("it", in: [parent])
        try await waitUntil { !isThere("it-99-dead") && !isThere("it-99-file") }
        #expect(!isThere("dead"))
        #expect(isThere("living") && isThere("it-99-living"))
        #expect(isThere("file"))
        close(living)
        PrivateDirectory.sweep("it", in: [parent])
        try await waitUntil { !isThere("it-99-living") }
        #expect(!isThere("living"))

        let mine = try PrivateDirectory.make("it", in: [parent], longest: 200)
        close(try listen(at: "mine"))
        mine.note(leftover: "\(parent)/mine")
        mine.remove()
        #expect(!isThere("mine"))
    }

    @Test func `a directory that is made during a sweep stays`() async throws {
        let parent = FileManager.default.temporaryDirectory.path + "/hd-\(getpid())-making"
        try FileManager.default.createDirectory(
            atPath: parent, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: parent) }
        for round in 0..<40 {
            var made: [PrivateDirectory] = []
            for _ in 0..<10 {
                PrivateDirectory.sweep("it", in: [parent])
                made.append(try PrivateDirectory.make("it", in: [parent], longest: 200))
            }
            let gone = "\(parent)/it-999999999-\(round)"
            try FileManager.default.createDirectory(
                atPath: gone, withIntermediateDirectories: false)
            PrivateDirectory.sweep("it", in: [parent])
            while FileManager.default.fileExists(atPath: gone) { sched_yield() }
            let lost = made.filter { !FileManager.default.fileExists(atPath: $0.path) }
            #expect(lost.isEmpty)
            for directory in made { directory.remove() }
        }
    }

    @Test func `a directory that another has locked costs no descriptor`() async throws {
        let parent = FileManager.default.temporaryDirectory.path + "/hd-\(getpid())-locked"
        try FileManager.default.createDirectory(
            atPath: parent, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: parent) }
        let held = try (0..<20).map { _ in
            try PrivateDirectory.make("it", in: [parent], longest: 200)
        }
        // Closing a descriptor twice would close one of these, which are opened meanwhile.
        for round in 0..<50 {
            let gone = "\(parent)/it-999999999-\(round)"
            try FileManager.default.createDirectory(
                atPath: gone, withIntermediateDirectories: false)
            PrivateDirectory.sweep("it", in: [parent])
            while FileManager.default.fileExists(atPath: gone) {
                var ends: [Int32] = [0, 0]
                #expect(pipe(&ends) == 0)
                sched_yield()
                #expect(close(ends[0]) == 0 && close(ends[1]) == 0)
            }
        }
        #expect(held.allSatisfy { FileManager.default.fileExists(atPath: $0.path) })
    }
}

import Foundation
import TestSupport
import Testing
import Unix

@Suite struct ServedSocketTests {
    @Test func `a path leads to one socket after the other, and then to none`() throws {
        try withTemporaryFolder { directory in
            let (path, first, second) = (
                directory + "/path", directory + "/first", directory + "/second"
            )
            let served = try ServedSocket(path)
            #expect(!isListening(at: path))
            let one = try listen(at: first)
            try served.lead(to: first)
            #expect(isListening(at: path))
            #expect(try File(path).mode == 0o600)
            unlink(first)
            close(one)
            #expect(!isListening(at: path))

            let two = try listen(at: second)
            defer { close(two) }
            try served.lead(to: second)
            #expect(isListening(at: path))
            #expect(try Directory.names(in: directory) == ["path", "second"])
            served.remove()
            #expect(try Directory.names(in: directory) == ["second"])
        }
    }

    @Test func `a link in the place of a socket is not followed`() throws {
        try withTemporaryFolder { directory in
            let file = directory + "/file"
            try Data().write(to: URL(fileURLWithPath: file))
            chmod(file, 0o644)
            symlink(file, directory + "/socket")
            let served = try ServedSocket(directory + "/path")
            #expect(throws: SystemError.self) { try served.lead(to: directory + "/socket") }
            #expect(try File(file).mode == 0o644)
        }
    }

    @Test func `what another program has put there is left alone`() throws {
        try withTemporaryFolder { directory in
            let path = directory + "/path"
            let socket = try listen(at: path)
            #expect(code { try ServedSocket(path) } == ServedSocket.isInUse)
            let link = directory + "/link"
            symlink(path, link)
            #expect(code { try ServedSocket(link) } == ServedSocket.isInUse)
            close(socket)

            try Data().write(to: URL(fileURLWithPath: directory + "/file"))
            #expect(code { try ServedSocket(directory + "/file") } == ServedSocket.isTaken)
            #expect(code { try ServedSocket(directory) } == ServedSocket.isTaken)
            unlink(link)
            symlink(directory + "/file", link)
            #expect(code { try ServedSocket(link) } == ServedSocket.isTaken)
            #expect(
                code { try ServedSocket("/" + String(repeating: "x", count: 107)) } == ENAMETOOLONG)
            #expect(try Directory.names(in: directory) == ["file", "link", "path"])
        }
    }

    @Test func `what a dead server has left is removed`() throws {
        try withTemporaryFolder { directory in
            close(try listen(at: directory + "/path"))
            _ = try ServedSocket(directory + "/path")
            symlink(directory + "/gone", directory + "/link")
            _ = try ServedSocket(directory + "/link")
            #expect(try Directory.names(in: directory) == [])
        }
    }

    @Test func `who comes second does not take the path away`() throws {
        try withTemporaryFolder { directory in
            let path = directory + "/path"
            let (mine, theirs) = (try ServedSocket(path), try ServedSocket(path))
            let one = try listen(at: directory + "/one")
            let two = try listen(at: directory + "/two")
            defer { for socket in [one, two] { close(socket) } }
            try theirs.lead(to: directory + "/one")
            #expect(code { try mine.lead(to: directory + "/two") } == EEXIST)
            mine.remove()
            #expect(isListening(at: path))
        }
    }

    private func code<R>(_ body: () throws -> R) -> Int32? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? SystemError)?.code
        }
    }

    /// - Returns: A descriptor to close.
    private func listen(at path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0 && Glibc.listen(descriptor, 1) == 0)
        return descriptor
    }
}

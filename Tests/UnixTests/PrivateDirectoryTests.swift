import Foundation
import Testing
import Unix

@Suite struct PrivateDirectoryTests {
    @Test func `a sweep removes what the dead have left and nothing of the living`() async throws {
        let parent = FileManager.default.temporaryDirectory.path + "/hd-\(getpid())-sweep"
        try FileManager.default.createDirectory(
            atPath: parent, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: parent) }
        let mine = try PrivateDirectory.make("it", in: [parent], longest: 200)
        // The process id of the dead may be somebody else's by now: here it is this test's.
        let reused = "\(parent)/it-\(getpid())-abcdef"
        let gone = "\(parent)/it-999999999-abcdef"
        let other = "\(parent)/it-notours"
        for path in [reused, gone, other] {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false)
            try Data().write(to: URL(fileURLWithPath: path + "/plugin1"))
        }
        PrivateDirectory.sweep("it", in: [parent])
        while [reused, gone].contains(where: { FileManager.default.fileExists(atPath: $0) }) {
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(FileManager.default.fileExists(atPath: mine.path))
        #expect(FileManager.default.fileExists(atPath: other))
        mine.remove()
        #expect(!FileManager.default.fileExists(atPath: mine.path))
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

    @Test func `a directory that another has locked costs nobody a descriptor`() async throws {
        let parent = FileManager.default.temporaryDirectory.path + "/hd-\(getpid())-locked"
        try FileManager.default.createDirectory(
            atPath: parent, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: parent) }
        let held = try (0..<20).map { _ in
            try PrivateDirectory.make("it", in: [parent], longest: 200)
        }
        // Whoever closes a descriptor twice closes one of these, which are opened meanwhile.
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

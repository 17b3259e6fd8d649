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
}

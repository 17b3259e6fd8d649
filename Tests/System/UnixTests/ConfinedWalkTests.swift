import Foundation
import TestSupport
import Testing

@testable import Unix

/// The two ways to resolve paths beneath a directory come to the same.
@Suite struct ConfinedWalkTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/root/d/e", withIntermediateDirectories: true)
        try folder.write("secret", to: "outside")
        try folder.write("text", to: "root/d/file")
        for (name, target) in [
            ("root/up", "../outside"), ("root/absolute", folder.path + "/root/d/file"),
            ("root/to-file", "d/file"), ("root/to-folder", "d"), ("root/slash", "d/"),
            ("root/file-slash", "d/file/"), ("root/gone", "nowhere"), ("root/loop", "loop"),
            ("root/d/back", "../d/file"), ("root/d/out", "../../outside"), ("root/two", "to-file"),
        ] {
            try #require(symlink(target, "\(folder.path)/\(name)") == 0)
        }
    }

    private func opened(
        _ path: String, _ flags: Int32, followsLinks: Bool, mayUseKernel: Bool
    ) throws -> String {
        let directory = try ConfinedDirectory(
            folder.path + "/root", mayUseKernel: mayUseKernel)
        do throws(ConfinementError) {
            let mode: UInt32 = flags & O_CREAT == 0 ? 0 : 0o600
            let file = try directory.open(path, flags, mode: mode, followsLinks: followsLinks)
            var status = stat()
            fstat(file.raw, &status)
            if flags & O_CREAT != 0 { unlink(folder.path + "/root/d/new") }
            return flags & O_CREAT != 0 ? "made" : "\(status.st_ino)"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        ".", "./", "d", "d/", "d/.", "d/..", "d/../d", "d/file", "d/file/", "d/file/..", "d//file",
        "..", "../root", "d/../..", "d/../../outside", "up", "absolute", "absolute/x", "to-file",
        "to-folder", "to-folder/", "to-folder/file", "to-folder/../d/file", "slash/e", "slash",
        "file-slash", "gone", "gone/x", "loop", "loop/x", "d/back", "d/out", "two", "nowhere",
        "nowhere/x", "d/e/../back", "/etc/passwd", "to-file/x",
    ])
    func `a path leads to the same place`(path: String) throws {
        let names = Int32(0o10000000)  // O_PATH
        for flags in [O_RDONLY, O_RDONLY | O_DIRECTORY, names, names | O_NOFOLLOW] {
            for followsLinks in [true, false] {
                let byKernel = try opened(
                    path, flags, followsLinks: followsLinks, mayUseKernel: true)
                let byWalk = try opened(
                    path, flags, followsLinks: followsLinks, mayUseKernel: false)
                #expect(byWalk == byKernel, "flags \(flags), follows links: \(followsLinks)")
            }
        }
    }

    @Test(arguments: ["d/new", "d/e/../new", "to-folder/new", "d/file", "to-file", "up"])
    func `a new file is made in the same place`(path: String) throws {
        let flags = O_WRONLY | O_CREAT | O_EXCL
        let byKernel = try opened(path, flags, followsLinks: true, mayUseKernel: true)
        #expect(try opened(path, flags, followsLinks: true, mayUseKernel: false) == byKernel)
    }

    @Test func `a file is replaced, and a directory made, without openat2`() throws {
        let directory = try ConfinedDirectory(folder.path + "/root", mayUseKernel: false)
        try directory.replace("to-folder/new/deep", with: [65], createsDirectories: true)
        #expect(
            try String(contentsOfFile: folder.path + "/root/d/new/deep", encoding: .utf8) == "A")
        #expect(throws: ConfinementError.outside("up")) { try directory.replace("up", with: [65]) }
        let inner = try directory.directory("d")
        #expect(throws: ConfinementError.outside("../to-file")) { try inner.file("../to-file") }
    }
}

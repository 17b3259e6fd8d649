import Foundation
import TestSupport
import Testing

@testable import Unix

@Suite struct FileTests {
    @Test func `a file is read whole, and known as it was`() throws {
        try withTemporaryFolder { directory in
            let path = directory + "/file"
            let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            chmod(path, 0o640)
            let read = try File.read(path, limit: 100_000)
            #expect(read.bytes == bytes)
            #expect(read.file.size == 100_000)
            #expect(read.file.mode == 0o640)
            #expect(read.file.owner == geteuid())
            #expect(read.file.kind == .regular)
            #expect(abs(Double(read.file.modified) / 1e9 - Date().timeIntervalSince1970) < 60)
            #expect(throws: SystemError(EFBIG, "read '\(path)'")) {
                try File.read(path, limit: 99_999)
            }
        }
    }

    @Test(arguments: [
        (100, "one\ntwo\nthree\n"), (14, "one\ntwo\nthree\n"), (13, "two\nthree\n"),
        (10, "two\nthree\n"), (9, "three\n"), (6, "three\n"), (5, ""), (0, ""),
    ])
    func `the last lines of a file are whole`(most: Int, expected: String) throws {
        try withTemporaryFolder { directory in
            let path = directory + "/file"
            try Data("one\ntwo\nthree\n".utf8).write(to: URL(fileURLWithPath: path))
            let read = try File.readLastLines(path, atMost: most)
            #expect(String(decoding: read.bytes, as: UTF8.self) == expected)
            #expect(read.file.size == 14)
        }
    }

    @Test func `what is no regular file is not waited for`() throws {
        try withTemporaryFolder { directory in
            let (pipe, link, file) = (directory + "/pipe", directory + "/link", directory + "/file")
            #expect(mkfifo(pipe, 0o600) == 0)
            try Data("text".utf8).write(to: URL(fileURLWithPath: file))
            #expect(symlink(file, link) == 0)
            let reason = SystemError(EINVAL, "read '\(pipe)'", saying: "Not a regular file")
            #expect(throws: reason) {
                try File.readRegular(pipe, limit: 10)
            }
            #expect(throws: SystemError(EISDIR, "read '\(directory)'")) {
                try File.readRegular(directory, limit: 10)
            }
            #expect(throws: SystemError(ELOOP, "open '\(link)'")) {
                try File.readRegular(link, limit: 10, followsLink: false)
            }
            #expect(try File.readRegular(link, limit: 10).bytes == Array("text".utf8))
            #expect(throws: SystemError(EFBIG, "read '\(file)'")) {
                try File.readRegular(file, limit: 3)
            }
        }
    }

    @Test func `a file without a size is read to its end`() throws {
        let status = try File.read("/proc/self/status", limit: 1 << 20)
        #expect(status.bytes.starts(with: Array("Name:".utf8)))
        #expect(throws: SystemError(EFBIG, "read '/dev/zero'")) {
            try File.read("/dev/zero", limit: 1 << 20)
        }
    }

    @Test(arguments: [
        ("/no/such/file", SystemError(ENOENT, "open '/no/such/file'")),
        ("/dev", SystemError(EISDIR, "read '/dev'")),
    ])
    func `what cannot be read is an error`(path: String, error: SystemError) {
        #expect(throws: error) { try File.read(path, limit: 10) }
    }

    @Test(
        arguments: [
            (0o600, nil), (0o644, nil), (0o755, nil),
            (0o664, "may be written by others (mode 664)"),
            (0o602, "may be written by others (mode 602)"),
        ] as [(Int, String?)])
    func `others may read but not write`(mode: Int, danger: String?) throws {
        try withTemporaryFolder { directory in
            try Data().write(to: URL(fileURLWithPath: directory + "/file"))
            chmod(directory + "/file", mode_t(mode))
            let file = try File(directory + "/file")
            #expect(file.danger(except: nil) == danger)
        }
    }

    @Test(arguments: [(0o664, true), (0o660, true), (0o666, false), (0o602, false)])
    func `the user's private group may write, too`(mode: Int, isSafe: Bool) throws {
        try withTemporaryFolder { directory in
            let path = directory + "/file"
            try Data().write(to: URL(fileURLWithPath: path))
            chmod(path, mode_t(mode))
            let file = try File(path)
            #expect((file.danger(except: file.group) == nil) == isSafe)
            #expect(file.danger(except: file.group + 1) != nil)
        }
    }

    @Test(
        arguments: [
            ("mia", [], true), ("mia", ["mia"], true), ("mia", ["mia", "tom"], false),
            ("users", [], false),
        ] as [(String, [String], Bool)])
    func `a group is private by its name and members`(
        group: String, members: [String], isPrivate: Bool
    ) {
        #expect(PrivateGroup.isPrivate(group, members, to: "mia") == isPrivate)
    }

    @Test func `only a regular file with the right is executable`() throws {
        try withTemporaryFolder { directory in
            let path = directory + "/file"
            try Data().write(to: URL(fileURLWithPath: path))
            chmod(path, 0o644)
            #expect(!File.isExecutable(path))
            chmod(path, 0o755)
            #expect(File.isExecutable(path))
            symlink("file", directory + "/link")
            #expect(File.isExecutable(directory + "/link"))
            #expect(!File.isExecutable(directory))
            #expect(!File.isExecutable(directory + "/none"))
        }
    }

    @Test func `a link is itself or what it leads to`() throws {
        try withTemporaryFolder { directory in
            symlink("/", directory + "/link")
            let target = try File(directory + "/link")
            let link = try File(directory + "/link", followsLink: false)
            #expect(target.kind == .directory)
            #expect(link.kind == .link)
            #expect(link.danger == nil)
        }
    }

    @Test(
        arguments: [
            (elf(bits: 2, order: 1, machine: [99, 0]), "machine 99"),
            (elf(bits: 2, order: 2, machine: [0, 22]), "S390"),
            (elf(bits: 1, order: 1, machine: [40, 0]), "ARM"),
            ([0x4d, 0x5a, 0x90, 0x00], "Windows"),
            ([0xcf, 0xfa, 0xed, 0xfe], "macOS"),
            (Array("#!/bin/sh\necho a plain script\n".utf8), nil),
            ([0x7f, 0x45, 0x4c, 0x46], nil),
            ([], nil),
        ] as [([UInt8], String?)])
    func `a program for another machine is known by its header`(
        bytes: [UInt8], machine: String?
    ) throws {
        try withTemporaryFolder { directory in
            try Data(bytes).write(to: URL(fileURLWithPath: directory + "/program"))
            #expect(File.foreignMachine(of: directory + "/program") == machine)
        }
    }

    @Test func `a program of this machine is not foreign`() {
        #expect(File.foreignMachine(of: "/bin/sh") == nil)
    }
}

@Suite struct DirectoryTests {
    @Test(arguments: [
        ("/a/b", "/x", "/a/b"), ("a", "/x", "/x/a"), ("./a//b/.", "/x/", "/x/a/b"),
        ("../a", "/x/y", "/x/a"), ("../../../a", "/x", "/a"), (".", "/", "/"), ("", "/x", "/x"),
    ])
    func `a path is made absolute`(path: String, directory: String, absolute: String) {
        #expect(Path.absolute(path, in: directory) == absolute)
    }

    @Test(arguments: [
        ("~", "/home/me"), ("~/a", "/home/me/a"), ("~you/a", "~you/a"), ("a/~", "a/~"),
    ])
    func `a tilde is the home directory`(path: String, expanded: String) {
        #expect(Path.expandingTilde(path, home: "/home/me") == expanded)
        #expect(Path.expandingTilde(path, home: nil) == path)
    }

    @Test(arguments: [
        ("/a/b", "/a", "b"), ("/a", "/", "a"), ("a", ".", "a"), ("a/b", "a", "b"), ("/", "/", ""),
    ])
    func `a path has a parent and a name`(path: String, parent: String, name: String) {
        #expect(Path.parent(of: path) == parent)
        #expect(Path.name(of: path) == name)
    }

    @Test func `a directory is listed in order`() throws {
        try withTemporaryFolder { directory in
            for name in ["b", ".hidden", "a", "ä", String(repeating: "n", count: 255)] {
                try Data().write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
            }
            let long = String(repeating: "n", count: 255)
            #expect(try Directory.names(in: directory) == [".hidden", "a", "b", long, "ä"])
            #expect(throws: SystemError(ENOTDIR, "open '\(directory)/a'")) {
                try Directory.names(in: directory + "/a")
            }
        }
    }

    @Test func `the folder of the programs is that of the executable, or bin beside its lib`()
        throws
    {
        let names = try Directory.names(in: Directory.ofPrograms)
        #expect(!names.isEmpty)
        for (executable, folder) in [
            ("/usr/bin/hector", "/usr/bin"), ("/opt/h/lib/hector/hector-filters", "/opt/h/bin"),
            ("/lib/hector/hector-filters", "/bin"), ("/home/me/hector/h", "/home/me/hector"),
            ("/usr/lib/hector/plugins/hash-embedder", "/usr/lib/hector/plugins"), ("/h", "/"),
        ] {
            #expect(Directory.ofPrograms(beside: executable) == folder)
        }
        #expect(Directory.current == FileManager.default.currentDirectoryPath)
    }

    @Test func `the environment is this process's`() {
        #expect(Environment.current == ProcessInfo.processInfo.environment)
    }

    @Test func `relative and missing base directories get their standard places`() {
        let directories = BaseDirectories(environment: [
            "HOME": "/home/me", "XDG_CONFIG_HOME": "/etc/me", "XDG_DATA_HOME": "data",
            "XDG_STATE_HOME": "", "XDG_RUNTIME_DIR": "/run/me",
        ])
        #expect(directories.home == "/home/me")
        #expect(directories.configuration == "/etc/me")
        #expect(directories.data == "/home/me/.local/share")
        #expect(directories.state == "/home/me/.local/state")
        #expect(directories.cache == "/home/me/.cache")
        #expect(directories.runtime == "/run/me")
    }

    @Test func `without HOME the user database knows the home directory`() {
        let home = String(cString: getpwuid(geteuid()).pointee.pw_dir)
        #expect(BaseDirectories(environment: [:]).home == home)
    }
}

private func elf(bits: UInt8, order: UInt8, machine: [UInt8]) -> [UInt8] {
    let identity: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, bits, order, 1]
    return identity + Array(repeating: 0, count: 11) + machine
}

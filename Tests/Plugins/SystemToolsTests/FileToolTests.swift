import Foundation
import SystemTools
import Testing
import Unix

@Suite struct FileToolTests {
    @Test(
        arguments: [
            (nil, nil, "1\n2\n3\n4\n5\n"), (2, nil, "2\n3\n4\n5\n[lines 2 to 5 of 5]"),
            (2, 2, "2\n3\n[lines 2 to 3 of 5; go on with offset 4]"),
            (4, 9, "4\n5\n[lines 4 to 5 of 5]"), (1, 5, "1\n2\n3\n4\n5\n"),
            (6, nil, "'file' has 5 lines: expected an offset from 1 to 5"),
        ] as [(Int?, Int?, String)])
    func `lines of a file`(offset: Int?, limit: Int?, expected: String) async throws {
        let folder = try WorkingFolder()
        try folder.write("1\n2\n3\n4\n5\n", to: "file")
        var arguments: [String: Any] = ["path": "file"]
        arguments["offset"] = offset
        arguments["limit"] = limit
        #expect(await (try folder.toolset()).answer("read_file", arguments) == expected)
    }

    @Test func `a long file is cut after a line, and can be read on`() async throws {
        let folder = try WorkingFolder()
        let lines = (1...2000).map { "line \($0) \u{e9}\n" }
        try folder.write(lines.joined(), to: "file")
        let toolset = try folder.toolset { $0.mostOutput = 5000 }
        var text = ""
        var offset = 1
        while offset <= 2000 {
            let answer = try await toolset.result("read_file", ["path": "file", "offset": offset])
            let note = try #require(answer.firstMatch(of: /\[lines (\d+) to (\d+) of 2000/))
            #expect(answer.utf8.count < 5100 && Int(note.1) == offset)
            text += answer[..<note.range.lowerBound]
            offset = try #require(Int(note.2)) + 1
        }
        #expect(text == lines.joined())
    }

    @Test func `a line that is too long is cut between characters`() async throws {
        let folder = try WorkingFolder()
        try folder.write(String(repeating: "\u{e9}", count: 5000) + "\nnext", to: "file")
        let toolset = try folder.toolset { $0.mostOutput = 1001 }
        #expect(
            await toolset.answer("read_file", ["path": "file"])
                == String(repeating: "\u{e9}", count: 500)
                + "\n[line 1 of 2 is cut after 1000 of its 10001 bytes; go on with offset 2]")
    }

    @Test func `what is no text is not read`() async throws {
        let folder = try WorkingFolder()
        try folder.write(Data([0x7F, 0x45, 0, 1]), to: "binary")
        try folder.write(Data([0xFF, 0xFE, 0x41, 0]), to: "utf16")
        try folder.write(String(repeating: "x", count: 2000), to: "large")
        try folder.write("", to: "empty")
        let toolset = try folder.toolset { $0.largestFile = 1999 }
        for (name, expected) in [
            ("binary", "'binary' is no text that can be read: it is binary"),
            ("utf16", "it is UTF-16"), ("empty", "[the file is empty]"),
            ("large", "has 2000 bytes, more than the 1999 that may be read at once"),
        ] {
            let answer = await toolset.answer("read_file", ["path": name])
            #expect(answer.contains(expected), "\(answer)")
        }
    }

    @Test(arguments: [
        ("src/mian.c", "no file 'src/mian.c'; did you mean 'src/main.c'?"),
        ("scr/main.c", "no file 'scr/main.c'; did you mean 'src'?"),
        ("other", "no file 'other'"), ("src", "'src' is a directory, not a file"),
        ("src/main.c/x", "'src/main.c/x' is not a directory"),
    ])
    func `a file that is not there`(path: String, expected: String) async throws {
        let folder = try WorkingFolder()
        try folder.write("", to: "src/main.c")
        let answer = await (try folder.toolset()).answer("read_file", ["path": path])
        #expect(answer == expected)
    }

    @Test func `a file is made, with the directories if asked`() async throws {
        let folder = try WorkingFolder()
        let toolset = try folder.toolset()
        #expect(
            await toolset.answer("write_file", ["path": "a/b/c", "content": "x"])
                == "no directory 'a/b'; set create_directories to true to create it")
        #expect(try folder.names() == [])
        let arguments: [String: Any] = [
            "path": "a/b/c", "content": "one\r\n\u{e9}\0", "create_directories": true,
        ]
        #expect(await toolset.answer("write_file", arguments) == "created 'a/b/c': 8 bytes")
        #expect(try folder.read("a/b/c") == "one\r\n\u{e9}\0")
        #expect(await toolset.answer("write_file", arguments) == "replaced 'a/b/c': 8 bytes")
        #expect(try folder.names(in: "a/b") == ["c"])
        // umask(2) cannot be read without being changed for the whole process.
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let mask = try #require(status.firstMatch(of: /Umask:\s+(\d+)/))
        #expect(try folder.mode(of: "a/b/c") == 0o666 & ~(#require(Int(mask.1, radix: 8))))
    }

    @Test(arguments: [0o640, 0o755, 0o600, 0o4755])
    func `a file keeps its mode, but no right to be another user`(mode: Int) async throws {
        let folder = try WorkingFolder()
        try folder.write("one", to: "file")
        try #require(chmod(folder.path + "/file", mode_t(mode)) == 0)
        let toolset = try folder.toolset()
        _ = try await toolset.result("write_file", ["path": "file", "content": "two"])
        #expect(try folder.mode(of: "file") == mode & 0o777)
        _ = try await toolset.result("search_replace", ["path": "file", "old": "two", "new": "3"])
        #expect(try folder.mode(of: "file") == mode & 0o777)
        #expect(try folder.read("file") == "3")
    }

    @Test(arguments: ["dir", "dir/", ".", "dir/.", "dir/..", "link"])
    func `a directory is not written over`(path: String) async throws {
        let folder = try WorkingFolder()
        try folder.write("x", to: "dir/file")
        try folder.link("link", to: "dir")
        let answer = await (try folder.toolset()).answer(
            "write_file", ["path": path, "content": "x"])
        #expect(answer == "'\(path)' is a directory, not a file")
        #expect(try folder.names() == ["dir", "link"] && folder.names(in: "dir") == ["file"])
    }

    @Test func `a hard link elsewhere keeps what it had`() async throws {
        let folder = try WorkingFolder()
        try #require(link(folder.outside + "/secret", folder.path + "/file") == 0)
        _ = try await folder.toolset().result("write_file", ["path": "file", "content": "x"])
        #expect(folder.outsideIsUntouched)
        #expect(try folder.read("file") == "x")
    }

    @Test func `readers see the old file or the new, never half of one`() async throws {
        let folder = try WorkingFolder()
        let texts = ["a", "b"].map { String(repeating: $0, count: 300_000) }
        try folder.write(texts[0], to: "file")
        let toolset = try folder.toolset()
        try await withThrowingTaskGroup { group in
            group.addTask {
                for round in 0..<40 {
                    _ = try await toolset.result(
                        "write_file", ["path": "file", "content": texts[round % 2]])
                }
            }
            group.addTask {
                for _ in 0..<100 {
                    let text = try folder.read("file")
                    #expect(texts.contains(text), "\(text.count)")
                }
            }
            try await group.waitForAll()
        }
        #expect(try folder.names() == ["file"])
    }

    @Test func `changes of one file that come at once are all made`() async throws {
        let folder = try WorkingFolder()
        try folder.write((0..<40).map { "<\($0)>\n" }.joined(), to: "file")
        let toolset = try folder.toolset()
        try await withThrowingTaskGroup { group in
            for number in 0..<40 {
                group.addTask {
                    _ = try await toolset.result(
                        "search_replace", ["path": "file", "old": "<\(number)>", "new": "-"])
                }
            }
            try await group.waitForAll()
        }
        #expect(try folder.read("file") == String(repeating: "-\n", count: 40))
    }

    @Test func `a file that another program has changed is not written over`() throws {
        let folder = try WorkingFolder()
        try folder.write("one", to: "file")
        let directory = try ConfinedDirectory(folder.path)
        let version = try directory.file("file").version
        try folder.write("other", to: "file")
        #expect(throws: ConfinementError.changed("file")) {
            try directory.replace("file", with: [1], expecting: version)
        }
        #expect(throws: ConfinementError.changed("gone")) {
            try directory.replace("gone", with: [1], expecting: version)
        }
        #expect(try folder.read("file") == "other" && folder.names() == ["file"])
    }

    @Test(
        arguments: [
            ("one two", "two", "2", false, "one 2"), ("a\nb\nc\n", "a\nb\n", "", false, "c\n"),
            ("a a", "a", "b", true, "b b"), ("aaa", "aa", "b", true, "ba"),
            ("a\r\nb\r\n", "a\nb", "x\ny", false, "x\r\ny\r\n"),
            ("a\r\nb\r\n", "a\r\nb", "x\r\ny", false, "x\r\ny\r\n"),
            ("a\r\nb\r\n", "b", "x\ny", false, "a\r\nx\r\ny\r\n"),
            ("a\nb\r\nc\n", "b\nc", "x\ny", false, "a\nx\r\ny\n"),
            ("a\nb\r\nc\n", "a\nb", "x\ny", false, "x\ny\r\nc\n"), ("x", "x", "", false, ""),
            ("\u{e9}", "\u{e9}", "e\u{301}", false, "e\u{301}"),
        ] as [(String, String, String, Bool, String)])
    func `replaces`(
        text: String, old: String, new: String, all: Bool, expected: String
    ) async throws {
        let folder = try WorkingFolder()
        try folder.write(text, to: "file")
        let answer = try await folder.toolset().result(
            "search_replace", ["path": "file", "old": old, "new": new, "replace_all": all])
        #expect(answer.hasPrefix("replaced "))
        #expect(try Array(folder.read("file").utf8) == Array(expected.utf8))
    }

    @Test(arguments: [
        ("a\nb\na\n", "a", false, "'old' is 2 times in 'file', at lines 1, 3: make it longer"),
        ("aaa", "aa", false, "'old' is 2 times in 'file'"),
        ("one", "two", false, "'old' is not in 'file'; read the file"),
        ("x\n  one\n", "one\ntwo", true, "'old' is not in 'file'; line 2 is like its first line"),
        ("e\u{301}", "\u{e9}", false, "'old' is not in 'file'"),
        ("one", "", false, "'old' is empty"), ("one", "new", false, "are the same"),
    ])
    func `replaces nothing`(
        text: String, old: String, all: Bool, reason: String
    ) async throws {
        let folder = try WorkingFolder()
        try folder.write(text, to: "file")
        let answer = await (try folder.toolset()).answer(
            "search_replace", ["path": "file", "old": old, "new": "new", "replace_all": all])
        #expect(answer.contains(reason), "\(answer)")
        #expect(try Array(folder.read("file").utf8) == Array(text.utf8))
    }

    @Test func `bytes that are no UTF-8 stay as they are`() async throws {
        let folder = try WorkingFolder()
        let text = Data("caf\u{e9} one two three four five six".utf8)
        try folder.write(text + [0xE9], to: "file")
        _ = try await folder.toolset().result(
            "search_replace", ["path": "file", "old": "one", "new": "1"])
        let result = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/file"))
        #expect(result == Data("caf\u{e9} 1 two three four five six".utf8) + [0xE9])
    }
}

import Foundation
import SystemTools
import TestSupport
import Testing
import Unix

@Suite struct FindingToolTests {
    private func tree() throws -> WorkingFolder {
        let folder = try WorkingFolder()
        try folder.write("one\ntwo\n", to: "a.txt")
        try folder.write("One more\n", to: "src/b.c")
        try folder.write("none\r\nlast one", to: "src/deep/c.h")
        try folder.write("one\0", to: "src/binary")
        try folder.write("one", to: ".git/config")
        try folder.write("one", to: ".hidden")
        try folder.link("link.txt", to: "a.txt")
        return folder
    }

    @Test(
        arguments: [
            (
                ["pattern": "one"],
                ".hidden:1:one\na.txt:1:one\nsrc/deep/c.h:1:none\nsrc/deep/c.h:2:last one"
            ),
            (["pattern": "^one$"], ".hidden:1:one\na.txt:1:one"),
            (
                ["pattern": "one$", "include": "*.{c,h}"],
                "src/deep/c.h:1:none\nsrc/deep/c.h:2:last one"
            ),
            (
                ["pattern": "one", "path": "src", "case_sensitive": false, "include": "*.c"],
                "src/b.c:1:One more"
            ),
            (
                ["pattern": "e$", "path": "./src/deep/"],
                "src/deep/c.h:1:none\nsrc/deep/c.h:2:last one"
            ),
            (["pattern": "t", "path": "a.txt"], "a.txt:2:two"),
            (["pattern": "one", "path": "link.txt"], "link.txt:1:one"),
            (["pattern": "absent"], "no matches in 4 files"),
            (["pattern": "one", "path": "sr"], "no file 'sr'; did you mean 'src'?"),
            (
                ["pattern": "one", "max_results": 1],
                ".hidden:1:one\n[stopped after 1 line; there may be more: narrow 'path' or 'include', or raise 'max_results']"
            ),
            (
                ["pattern": "("],
                "the regular expression cannot be used: missing )"
            ),
            (
                ["pattern": "one", "include": "[z-a]"],
                "'include' is '[z-a]': expected a pattern such as '*.{c,h}'"
            ),
        ] as [([String: any Sendable], String)])
    func `lines that match`(arguments: [String: any Sendable], expected: String) async throws {
        #expect(await (try tree().toolset()).answer("grep_search", arguments) == expected)
    }

    @Test func `long lines are cut, and large files read piece by piece`() async throws {
        let folder = try WorkingFolder()
        let filler = (1...60_000).map { "line \($0) without it\n" }.joined()
        let long = String(repeating: "\u{e9}", count: 1_500_000)
        try folder.write(filler + "needle 1\n" + long + "needle 2\nend needle 3", to: "file")
        let toolset = try folder.toolset { $0.largestFile = 1000 }
        let lines = await toolset.answer("grep_search", ["pattern": "needle"]).split(
            separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0] == "file:60001:needle 1")
        #expect(lines[1].hasPrefix("file:60002:"))
        #expect(lines[2] == "file:60003:end needle 3")
        #expect(lines.allSatisfy { $0.utf8.count < 600 })
    }

    @Test func `a file that is being written is not found`() async throws {
        let folder = try WorkingFolder()
        try folder.write("x", to: ConfinedDirectory.temporaryPrefix + "abc")
        let toolset = try folder.toolset()
        #expect(
            await toolset.answer("list_directory", ["hidden": true]) == "[the directory is empty]")
        #expect(await toolset.answer("grep_search", ["pattern": "x"]) == "no matches in 0 files")
    }

    @Test func `output is bounded`() async throws {
        let folder = try WorkingFolder()
        try folder.write(String(repeating: "match\n", count: 10_000), to: "file")
        let toolset = try folder.toolset { $0.mostOutput = 1000 }
        let answer = await toolset.answer("grep_search", ["pattern": "m", "max_results": 10_000])
        #expect(answer.utf8.count < 1200)
        #expect(answer.hasSuffix("which are long; there may be more: narrow 'path' or 'include']"))
    }

    // A complete run would take hours.
    @Test(.timeLimit(.minutes(10)))
    func `time is bounded, whatever the expression`() async throws {
        let folder = try WorkingFolder()
        var random = SplitMix64(seed: 1)
        let text = String((0..<3_000_000).map { _ in Bool.random(using: &random) ? "a" : "b" })
        try folder.write(text, to: "file")
        let toolset = try folder.toolset { $0.searchTimeout = .milliseconds(300) }
        let answer = await toolset.answer("grep_search", ["pattern": "(a|b)*a(a|b){900}c"])
        #expect(answer.contains("[stopped after 0.3 seconds and 1 file; there may be more"))
    }

    @Test func `a search is given up when no caller waits for it`() async throws {
        let folder = try WorkingFolder()
        try folder.write(String(repeating: "ab", count: 2_000_000), to: "file")
        let toolset = try folder.toolset { $0.searchTimeout = .seconds(3600) }
        let search = Task {
            try await toolset.result("grep_search", ["pattern": "(a|b)*a(a|b){900}c"])
        }
        search.cancel()
        await #expect(throws: CancellationError.self) { try await search.value }
    }

    @Test func `a tree of many directories is searched`() async throws {
        let folder = try WorkingFolder()
        for number in 0..<2000 {
            try folder.write("x \(number)\n", to: "d\(number % 50)/e/f\(number)")
        }
        let toolset = try folder.toolset()
        #expect(
            await toolset.answer("grep_search", ["pattern": "x 1999$"]) == "d49/e/f1999:1:x 1999")
    }

    @Test(
        arguments: [
            ([:], "a.txt\t8\nlink.txt -> a.txt\nsrc/"),
            (["hidden": true], ".git/\n.hidden\t3\na.txt\t8\nlink.txt -> a.txt\nsrc/"),
            (["path": "src", "depth": 2], "b.c\t9\nbinary\t4\ndeep/\ndeep/c.h\t14"),
            (["path": "a.txt"], "'a.txt' is not a directory"),
            (["path": "src/deep/../deep"], "c.h\t14"),
            (["path": "scr"], "no file 'scr'; did you mean 'src'?"),
        ] as [([String: any Sendable], String)])
    func `names in a directory`(arguments: [String: any Sendable], expected: String) async throws {
        #expect(await (try tree().toolset()).answer("list_directory", arguments) == expected)
    }

    @Test func `a directory is listed one name a line, and not without end`() async throws {
        let folder = try WorkingFolder()
        try folder.write("", to: "two\nlines\u{1b}")
        let toolset = try folder.toolset { $0.mostOutput = 1000 }
        #expect(await toolset.answer("list_directory", [:]) == #"two\u000alines\u001b"# + "\t0")
        for number in 0..<500 { try folder.write("", to: "file\(number)") }
        let answer = await toolset.answer("list_directory", [:])
        #expect(answer.utf8.count < 1200 && answer.contains("\n[cut after "))
    }
}

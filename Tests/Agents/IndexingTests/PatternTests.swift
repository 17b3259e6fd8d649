import Foundation
import TestSupport
import Testing

@testable import Indexing

@Suite struct PatternTests {
    /// Lines of a .gitignore, and paths; a path with a slash at its end is a folder.
    static let cases: [([String], [String])] = [
        (["*.md"], ["a.md", "b/a.md", "a.mdx", ".md", "md"]),
        (["/a.md", "b/c"], ["a.md", "x/a.md", "b/c", "x/b/c", "b/c/d"]),
        (["build/"], ["build/", "build", "x/build/", "x/build", "build/y"]),
        (
            ["**/x", "y/**", "a/**/b"],
            ["x", "q/x", "q/r/x", "y/", "y/1", "y/1/2", "a/b", "a/1/b", "a/1/2/b"]
        ),
        (["a**b", "c/**d"], ["ab", "axb", "a/b", "c/d", "c/xd", "c/x/d"]),
        (["*.log", "!keep.log"], ["a.log", "keep.log", "d/keep.log"]),
        (["logs/", "!logs/keep"], ["logs/", "logs/keep", "logs/other"]),
        (
            ["?at", "[bc]og", "[!b]ug", "[a-c]1", "[]x]2", "[^a]3"],
            ["cat", "at", "bog", "dog", "bug", "mug", "b1", "d1", "]2", "x2", "a3", "b3"]
        ),
        (
            ["\\#a", #"\!b"#, "#c", #"d\ "#, "e  ", #"\*f"#, #"g\"#],
            ["#a", "!b", "#c", "d ", "d", "e", "e  ", "*f", "xf", "g", #"g\"#]
        ),
        (
            ["[[:digit:]]x", "[[:upper:][:space:]]y", "[[:nope:]]z", "[a-"],
            ["1x", "ax", "Ay", "ay", " y", "az", "[a-"]
        ),
        (["a/*", "!a/b"], ["a/", "a/b", "a/c", "a/d/"]),
        (["foo/*.c", "*/bar"], ["foo/x.c", "foo/y/x.c", "z/bar", "z/y/bar", "bar"]),
        (["/", "!", "", "   ", "//"], ["a", "b/", "!"]),
        (["**", "!*.md", "!*/"], ["a.md", "b.txt", "d/", "d/a.md"]),
        (["***/a", "**/", "a/***"], ["a", "b/a", "c/", "a/x"]),
        ([#"a[\]]b"#, #"c[\\]d"#, "e[/]f", "g[a-]h"], ["a]b", #"c\d"#, "e/f", "g-h", "gah"]),
        (["*a*b*c"], ["abc", "xaybzc", "aabbc", "acb"]),
        (["ü*", "?x"], ["über", "ux", "üx"]),
    ]

    @Test(arguments: cases)
    func `ignores what git ignores`(lines: [String], paths: [String]) throws {
        let git = try Git(ignore: lines)
        for path in paths {
            #expect(ignores(lines, path) == (try git.ignores(path)), "\(lines) \(path)")
        }
    }

    @Test func `ignores what git ignores, whatever the pattern`() throws {
        var source = Numbers(state: 7)
        let letters = ["a", "b", "*", "**", "?", "/", "[ab]", "[!a]", "!", "\\", "a"]
        for _ in 0..<40 {
            let lines = (0..<3).map { _ in
                (0..<Int.random(in: 1...5, using: &source)).map { _ in
                    letters.randomElement(using: &source)!
                }.joined()
            }
            let git = try Git(ignore: lines)
            let paths = (0..<30).map { _ in
                (0..<Int.random(in: 1...3, using: &source)).map { _ in
                    ["a", "b", "ab", "ba"].randomElement(using: &source)!
                }.joined(separator: "/")
            }
            let expected = try git.ignored(paths)
            for path in paths {
                #expect(ignores(lines, path) == expected.contains(path), "\(lines) \(path)")
            }
        }
    }

    /// Returns the verdict that a walk would reach: folder by folder.
    private func ignores(_ lines: [String], _ path: String) -> Bool {
        let ignore = Array(lines.joined(separator: "\n").utf8)
        let all = Selection(include: nil, exclude: [], maxFileSize: .max)
        var folder = all.root
        all.read(ignore, in: &folder)
        var parts = path.split(separator: "/").map { Array($0.utf8) }
        let last = parts.removeLast()
        for part in parts {
            guard let next = all.folder(part, in: folder) else { return true }
            folder = next
        }
        return path.hasSuffix("/")
            ? all.folder(last, in: folder) == nil : all.file(last, in: folder) == nil
    }
}

/// A generator of numbers that look random and are the same each time.
struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}

/// A repository that has only a .gitignore.
private final class Git {
    private let temporary: TemporaryFolder

    private var folder: String { temporary.path }

    init(ignore lines: [String]) throws {
        temporary = try TemporaryFolder()
        try temporary.write(lines.joined(separator: "\n"), to: ".gitignore")
        _ = try git(["init", "-q"])
    }

    func ignores(_ path: String) throws -> Bool { try !ignored([path]).isEmpty }

    /// Returns those of the paths that git ignores. Makes their folders first, because git recognises
    /// a folder only if it exists.
    func ignored(_ paths: [String]) throws -> Set<String> {
        for path in paths where path.hasSuffix("/") {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(path)", withIntermediateDirectories: true)
        }
        let output = try git(
            ["check-ignore", "--no-index", "-z", "--stdin"],
            input: paths.map {
                $0.hasSuffix("/") ? String($0.dropLast()) : $0
            })
        for path in paths where path.hasSuffix("/") {
            try FileManager.default.removeItem(atPath: "\(folder)/\(path)")
        }
        return Set(output.split(separator: "\0").map(String.init))
    }

    private func git(_ arguments: [String], input: [String] = []) throws -> String {
        let file = "\(folder)/.git-input"
        try input.map { $0 + "\0" }.joined()
            .write(toFile: file, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/git")
        process.arguments = ["-C", folder, "-c", "core.excludesFile=/dev/null"] + arguments
        process.standardInput = FileHandle(forReadingAtPath: file)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }
}

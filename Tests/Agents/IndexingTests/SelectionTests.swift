import Testing

@testable import Indexing

@Suite struct SelectionTests {
    @Test(
        arguments: [
            (nil, [], "a.md", true),
            (nil, [], ".a", false),
            (nil, [], ".git/config", false),
            (nil, ["!.git/"], ".git/config", true),
            (nil, ["!.github/"], ".github/a.md", true),
            (nil, ["!.github/"], ".other/a.md", false),
            (nil, ["*.tmp"], "x/a.tmp", false),
            (nil, ["/x"], "x/a", false),
            (nil, ["/x"], "y/x", true),
            (["*.md"], [], "x/y/a.md", true),
            (["**/*.md"], [], "a.md", true),
            (["*.md"], [], "a.txt", false),
            (["docs/"], [], "docs/x/a.txt", true),
            (["docs/"], [], "x/docs/a.txt", true),
            (["/docs/"], [], "x/docs/a.txt", false),
            (["docs/", "!*.png"], [], "docs/a.png", false),
            (["*.md"], ["drafts/"], "drafts/a.md", false),
            (["*.md"], ["drafts/", "!keep.md"], "drafts/keep.md", false),
            (["*.md"], ["*.md", "!keep.md"], "keep.md", true),
            ([], [], "a", false),
        ] as [([String]?, [String], String, Bool)])
    func `a document is what is included and not excluded`(
        include: [String]?, exclude: [String], path: String, isDocument: Bool
    ) {
        let selection = Selection(include: include, exclude: exclude, maxFileSize: .max)
        #expect(find(path, in: selection, ignore: [:]) == isDocument)
    }

    @Test(arguments: [
        ("a/x", false), ("a/y", true), ("a/b/x", true), ("a/b/c/x", false), ("top", false),
        ("a/top", false), ("a/b/top", true),
    ])
    func `the folder nearest to a file has the last word`(path: String, isDocument: Bool) {
        let selection = Selection(include: nil, exclude: [], maxFileSize: .max)
        let ignore = ["": "top", "a/": "x", "a/b/": "!x\n!top", "a/b/c/": "x"]
        #expect(find(path, in: selection, ignore: ignore) == isDocument)
    }

    @Test func `a folder's patterns may take hidden files, but not what git keeps`() {
        let selection = Selection(include: nil, exclude: [], maxFileSize: .max)
        #expect(find(".a/b", in: selection, ignore: ["": "!*"]))
        #expect(!find(".git/config", in: selection, ignore: ["": "!*"]))
        #expect(!find("a/.git", in: selection, ignore: ["": "!*"]))
    }

    @Test func `the configuration goes before what folders say`() {
        let selection = Selection(include: nil, exclude: ["!x", "y"], maxFileSize: .max)
        #expect(find("x", in: selection, ignore: ["": "x\n!y"]))
        #expect(!find("y", in: selection, ignore: ["": "x\n!y"]))
    }

    private func find(
        _ path: String, in selection: Selection, ignore: [String: String]
    ) -> Bool {
        var parts = path.split(separator: "/").map { Array($0.utf8) }
        let last = parts.removeLast()
        var folder = selection.root
        selection.read(Array((ignore[""] ?? "").utf8), in: &folder)
        for part in parts {
            guard let next = selection.folder(part, in: folder) else { return false }
            folder = next
            let name = String(decoding: folder.path, as: UTF8.self)
            selection.read(Array((ignore[name] ?? "").utf8), in: &folder)
        }
        return selection.file(last, in: folder) != nil
    }
}

import JSON
import Testing

@testable import Documents

@Suite struct FrontMatterTests {
    @Test(arguments: [
        ("---\na: b\n---\ntext", 13), ("---\r\na: b\r\n---\r\ntext", 16), ("---\n---\n", 8),
        ("---\na: 1\n...\nx", 13), ("---\na: 1\n---", 12), ("--- \na: 1\n--- \nx", 15),
        ("+++\ntitle = 'x'\n+++\ntext", 20), ("---\n# only a comment\n---\nx", 25),
    ])
    func `front matter stands between two lines`(text: String, length: Int) {
        #expect(FrontMatter(Array(text.utf8))?.length == length)
    }

    @Test(arguments: [
        "---\nnever: closed", "text\n---\n", "----\na: 1\n---\n", "---", "", " ---\na: 1\n---\n",
        // A rule, and the text of the page.
        "---\n\nThis is prose, and no setting.\n\n---\nmore", "---\n- a\n- list\n---\n",
        "---\nfoo: [unclosed\n---\ntext", "---\nfirst: one\n--- no end\n",
        "+++\nprose without an equals sign\n+++\n", "---\nOne word\n---\n",
    ])
    func `a rule is no front matter`(text: String) {
        #expect(FrontMatter(Array(text.utf8)) == nil)
    }

    @Test(
        arguments: [
            ("---\ntitle: \"A: b\"\ntags: [x, 'y z']\nauthor: Ann\n---\n", "A: b", ["x", "y z"]),
            ("---\nTitle: T\ntags:\n  - x\n  - y\n---\n", "T", ["x", "y"]),
            ("---\ntags: x, y\n---\n", nil, ["x", "y"]),
            (
                "+++\ntitle = \"T \\\"q\\\"\"\ndraft = false\n[taxonomies]\ntags = [\n  \"x\",\n  \"y\",\n]\n+++\n",
                "T \"q\"", ["x", "y"]
            ),
        ] as [(String, String?, [String])])
    func `the title and the tags are known`(text: String, title: String?, tags: [String]) throws {
        let matter = try #require(FrontMatter(Array(text.utf8)))
        #expect(matter.title == title && matter.tags == tags)
    }

    @Test func `no setting is lost`() throws {
        let text = "---\ntitle: T\nabout: A word.\nweight: 3\nlist: [a, 1]\n---\n"
        let matter = try #require(FrontMatter(Array(text.utf8)))
        #expect(
            Value.object(matter.others).description
                == #"{"about":"A word.","weight":3,"list":["a",1]}"#)
    }
}

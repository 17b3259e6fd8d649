import Testing

@testable import Documents

@Suite struct HTMLTextTests {
    @Test(arguments: [
        ("", ""),
        ("plain", "plain\n"),
        ("<p>one</p><p>two</p>", "one\n\ntwo\n"),
        ("<p>a\n  b <b>c</b>\td</p>", "a b c d\n"),
        ("<title>T</title><body>x<br>y", "T\n\nx\ny\n"),
        ("a<script>if (a < b) '</p>'</script>b<style>p { }</style>c", "abc\n"),
        // A name of HTML that another begins, and one without its semicolon.
        ("&notin;&not;in &rarr;&Aacute;&hellip;&NotEqualTilde; &copy 2", "∉¬in →Á…≂̸ © 2\n"),
        ("a<SCRIPT src='x>y'>no</Script >b", "ab\n"),
        ("a<!-- <p>no</p> -->b<!-- never closed", "ab\n"),
        (
            "&lt;&amp;&gt; &#233;&#xE9; &nope; & &#0; &auml;&nbsp;x",
            "<&> éé &nope; & \u{FFFD} ä x\n"
        ),
        ("<pre>  a\n    b\n</pre> c", "  a\n    b\n\nc\n"),
        ("<ul><li>a<li>b</ul>c", "- a\n- b\n\nc\n"),
        ("1 < 2 and <3", "1 < 2 and <3\n"),
        ("<a href=\"x>y\">z</a>", "z\n"),
        ("<a title=it's href=x>link</a><p>text</p>", "link\n\ntext\n"),
        ("<a x'y=1 'z' title = 'a>b' c=\"d>e\"f g>1</a>2", "12\n"),
        ("<a b=/'>1<a b= >2<a =\"'>3<a/b='>'/>4<br/>5", "1234\n5\n"),
        ("<!DOCTYPE html SYSTEM \"about:it's\"><p>a</p><?x it's?>b</ it's>c", "a\n\nbc\n"),
        ("<pre-view>a  b</pre-view> <script-x>c</script-x>", "a b c\n"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a | b\n"),
        (
            "<table><caption>C</caption><tr><th>x<th>y<tr><td>1<td><p>2</p>3<tr><td><td></table>z",
            "C\nx | y\n1 | 2 3\n\nz\n"
        ),
        ("<table><tr><td><p>a</p><ul><li>b</ul></td><td>c</td></tr></table>", "a\n\n- b\n\nc\n"),
        ("<ol start=3><li>a<ul><li>b</ul><li><p>c</ol>", "3. a\n  - b\n4. c\n"),
        ("<p>a <img src=x alt='a cat'> b<img alt=''></p>", "a a cat b\n"),
        ("<nav>home</nav><div role=navigation>up</div><p hidden>x</p><p>y</p>", "y\n"),
        ("<nav><a>one</a> <a>two</a></nav>", "one two\n"),
        ("<title>T</title><body><h1>T</h1><p>x", "T\n\nx\n"),
        ("<p>ü 漢字</p>", "ü 漢字\n"),
        ("<p", ""),
        ("<script>never closed", ""),
    ])
    func `the text of a page is what is seen of it`(page: String, text: String) throws {
        let found = try HTMLText(Array(page.utf8))
        #expect(String(decoding: found.bytes, as: UTF8.self) == text)
    }

    @Test func `all names of characters are known`() throws {
        let page = "<p>&CounterClockwiseContourIntegral;&fjlig;&zwnj;&Zopf;&nvgt;</p>"
        #expect(
            String(decoding: try HTMLText(Array(page.utf8)).bytes, as: UTF8.self)
                == "∳fj\u{200C}ℤ>⃒\n")
    }

    @Test func `XHTML may close what it begins`() throws {
        let page =
            "<?xml version='1.0'?><html><head><title/><script src='x'/></head><p>a</p></html>"
        #expect(try HTMLText(Array(page.utf8), isXML: true).bytes == Array("a\n".utf8))
    }

    @Test func `deep nesting is refused before it takes time`() {
        let page = Array(String(repeating: "<div>", count: 100_000).utf8)
        #expect(throws: SkipReason.self) { try HTMLText(page) }
        let flat = Array(String(repeating: "<p><a name=x><li>x", count: 50_000).utf8)
        #expect(throws: Never.self) { try HTMLText(flat) }
    }
}

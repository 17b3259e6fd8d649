import Testing

@testable import Indexing

@Suite struct HTMLTextTests {
    @Test(arguments: [
        ("", ""),
        ("plain", "plain\n"),
        ("<p>one</p><p>two</p>", "one\n\ntwo\n"),
        ("<p>a\n  b <b>c</b>\td</p>", "a b c d\n"),
        ("<title>T</title><body>x<br>y", "T\n\nx\ny\n"),
        ("a<script>if (a < b) '</p>'</script>b<style>p { }</style>c", "abc\n"),
        ("a<SCRIPT src='x>y'>no</Script >b", "ab\n"),
        ("a<!-- <p>no</p> -->b<!-- never closed", "ab\n"),
        ("&lt;&amp;&gt; &#233;&#xE9; &nope; & &#0; &auml;&nbsp;x", "<&> éé &nope; & &#0; ä x\n"),
        ("<pre>  a\n    b\n</pre> c", "  a\n    b\n\nc\n"),
        ("<ul><li>a<li>b</ul>c", "a\nb\n\nc\n"),
        ("1 < 2 and <3", "1 < 2 and <3\n"),
        ("<a href=\"x>y\">z</a>", "z\n"),
        ("<a title=it's href=x>link</a><p>text</p>", "link\n\ntext\n"),
        ("<a x'y=1 'z' title = 'a>b' c=\"d>e\"f g>1</a>2", "12\n"),
        ("<a b=/'>1<a b= >2<a =\"'>3<a/b='>'/>4<br/>5", "1234\n5\n"),
        ("<!DOCTYPE html SYSTEM \"about:it's\"><p>a</p><?x it's?>b</ it's>c", "a\n\nbc\n"),
        ("<pre-view>a  b</pre-view> <script-x>c</script-x>", "a b c\n"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb\n"),
        ("<p>ü 漢字</p>", "ü 漢字\n"),
        ("<p", ""),
        ("<script>never closed", ""),
    ])
    func `the text of a page is what is seen of it`(page: String, text: String) {
        #expect(HTMLText.text(of: page) == text)
    }
}

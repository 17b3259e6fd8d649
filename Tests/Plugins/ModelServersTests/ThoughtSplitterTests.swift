import ModelServers
import Testing

@Suite struct ThoughtSplitterTests {
    @Test(arguments: [
        ("<think>Hm.</think>\n\nHello", "Hello", "Hm."),
        (" \n<think>Hm.</think>Hello", "Hello", "Hm."),
        ("<THINK>Ä < 😀</Think> Grüße", "Grüße", "Ä < 😀"),
        ("<thinking>a</think>b</thinking>c", "c", "a</think>b"), ("</think>\nHello", "Hello", ""),
        ("<think></think>Hello", "Hello", ""), ("<think>Hm. </thi", "", "Hm. </thi"),
        ("<thi", "<thi", ""), ("<", "<", ""), ("", "", ""), ("  Hello", "  Hello", ""),
        ("<thinker>x", "<thinker>x", ""), ("a <think>b</think>", "a <think>b</think>", ""),
        ("<think>a</think>b <think>c</think>", "b <think>c</think>", "a"),
    ])
    func `finds thoughts wherever the text is cut`(text: String, answer: String, thoughts: String) {
        let letters = Array(text)
        for cut in 0...letters.count {
            for size in [1, letters.count + 1] {
                var splitter = ThoughtSplitter()
                var parts: [ThoughtSplitter.Parts] = []
                for piece in [letters[..<cut], letters[cut...]] {
                    for start in stride(from: piece.startIndex, to: piece.endIndex, by: size) {
                        let end = min(start + size, piece.endIndex)
                        parts.append(splitter.receive(String(piece[start..<end])))
                    }
                }
                parts.append(splitter.finish())
                #expect(parts.map(\.text).joined() == answer)
                #expect(parts.map(\.thoughts).joined() == thoughts)
            }
        }
    }

    @Test func `text is handed on as soon as it is known to be text`() {
        var splitter = ThoughtSplitter()
        #expect(splitter.receive("<thi").text == "")
        #expect(splitter.receive("s").text == "<this")
        #expect(splitter.receive(" <think>").text == " <think>")
    }
}

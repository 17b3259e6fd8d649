import Testing
import Unix

@Suite struct LastLinesTests {
    @Test func `the last ten lines are kept, none of them long`() {
        var words = LastLines(longest: 300)
        #expect(words.quoted == "")
        for number in 1...12 {
            #expect(words.add("line \(number) \r") == (number < 11 ? nil : "line \(number - 10)"))
            #expect(words.add(" ") == nil)
        }
        words.add(String(repeating: "x", count: 1000))
        let lines = words.quoted.split(separator: "\n")
        #expect(lines.first == "; its last words:")
        #expect(lines[1] == "    line 4")
        #expect(lines.count == 11)
        #expect(lines.last?.count == 4 + 301)
        #expect(words.following("first").lines.count == 11)
    }
}

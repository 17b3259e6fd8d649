import Foundation
import Testing

@testable import YAML

@Suite(.serialized) struct LimitTests {
    @Test func `a billion laughs are cut short`() throws {
        var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...30 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(try problem(of: text) == "the aliases up to here stand for too much")
    }

    @Test func `a billion merged keys are cut short`() throws {
        var text = "m: &m {\((0..<1000).map { "k\($0): v" }.joined(separator: ", "))}\n"
        for number in 0..<2000 { text += "n\(number): {<<: *m}\n" }
        #expect(try problem(of: text) == "the aliases up to here stand for too much")
    }

    @Test func `one long text may not be repeated without end`() throws {
        let text =
            "a: &a \(String(repeating: "x", count: 100_000))\nb:\n"
            + String(repeating: "- *a\n", count: 1000)
        #expect(try problem(of: text) == "the aliases up to here stand for too much")
    }

    @Test func `a large text without aliases is read`() throws {
        let long = String(repeating: "x", count: Composer.largestExpansion)
        #expect(try document("- \(long)\n- \(long)").size > 2 * Composer.largestExpansion)
    }

    @Test(arguments: [("[", 101), ("{a: ", 398), ("- ", 201)])
    func `depth is limited`(opening: String, column: Int) throws {
        let text = String(repeating: opening, count: 10_000)
        let error = try #require(throws: YAMLError.self) {
            try Source(text, file: "f").documents()
        }
        #expect(error.problem == "nested more than 100 deep")
        #expect(error.mark == Mark(line: 1, column: column))
    }

    @Test func `depth counts what aliases stand for`() throws {
        var text = "- &a0 [x]\n"
        for level in 1...1000 { text += "- &a\(level) [*a\(level - 1)]\n" }
        #expect(try problem(of: text) == "nested more than 100 deep")
    }

    @Test func `parsing gives back all its memory`() throws {
        let long = "- &x \(String(repeating: "x", count: 1 << 20))\n- [*x]\n"
        let good = try Source(long, file: "f")
        let bad = try Source(long + "]", file: "f")
        func parse() {
            _ = try? good.documents()
            _ = try? bad.documents()
        }
        parse()
        let before = try residentMegabytes()
        for _ in 0..<60 { parse() }
        // If a text, an event or a node were lost each time, this would be 120.
        #expect(try residentMegabytes() - before < 60)
    }

    private func problem(of text: String) throws -> String {
        let error = try #require(throws: YAMLError.self) {
            try Source(text, file: "f").documents()
        }
        return error.problem
    }

    private func residentMegabytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let pages = try #require(Int(text.split(separator: " ")[1]))
        return (pages * sysconf(Int32(_SC_PAGESIZE))) >> 20
    }
}

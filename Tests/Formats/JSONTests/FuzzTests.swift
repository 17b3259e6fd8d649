import TestSupport
import Testing

@testable import JSON

/// Random texts. In debug builds the scanner's buffers check their bounds, so these tests would
/// crash if the scanner ever looked past its text.
@Suite struct FuzzTests {
    static let documents = [
        #"{"id":"a", "content":"x\u00e9\n\ud83d\ude00 and €", "n":1.50, "big":123456789012345678901}"#,
        #"{"vector":[0.014076918,-0.04131517,1e-7,-3.4028235e38,0,16777216.5],"e":[],"o":{ }}"#,
        #" { "a" : [ { "b" : [ true , false , null ] } , "\"\\\/\b\f\n\r\t" ] , "" : -0.0e+10 } "#,
        #"[[[["0123456789abcdef0123456789abcdef",""]]],{"a":{"b":{"c":"ñandú ñandú ñandú"}}}]"#,
        #""just a string, with an escape \t and more than sixteen bytes""#,
    ].map { [UInt8]($0) }

    @Test(arguments: documents)
    func `no prefix is read past its end`(document: [UInt8]) {
        for count in 0..<document.count {
            let prefix = Array(document[..<count])
            #expect(((try? Value(parsing: prefix)) != nil) == Grammar.accepts(prefix))
            _ = try? Record(prefix)
        }
    }

    @Test(arguments: documents)
    func `mutations are accepted exactly if the grammar does`(document: [UInt8]) {
        let interesting =
            [UInt8]("\"\\{}[]:,0123456789-+.eEtfnu aF\t\n\r/") + [
                0, 0x1F, 0x7F, 0x80, 0xBF, 0xC3, 0xE2, 0xED, 0xF0, 0xFF,
            ]
        var generator = SplitMix64(seed: UInt64(document.count))
        var accepted = 0
        for _ in 0..<4000 {
            var text = document
            for _ in 0..<Int.random(in: 1...3, using: &generator) where !text.isEmpty {
                let index = Int.random(in: 0..<text.count, using: &generator)
                let byte = interesting.randomElement(using: &generator)!
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: text[index] = byte
                case 1: text.insert(byte, at: index)
                case 2: text.remove(at: index)
                default:
                    let end = Int.random(in: index...min(index + 20, text.count), using: &generator)
                    text.removeSubrange(index..<end)
                }
            }
            let value = try? Value(parsing: text)
            if (value != nil) != Grammar.accepts(text) {
                Issue.record("scanner and grammar disagree on \(text.text)")
            }
            guard let value else { continue }
            accepted += 1
            #expect((try? Value(parsing: [UInt8](value.description))) == value)
            exercise(text)
        }
        #expect(accepted > 100)
    }

    /// Reads and changes a record in every way.
    private func exercise(_ line: [UInt8]) {
        guard var record = try? Record(line) else { return }
        for key in ["id", "content", "vector", "a", "", "o"] {
            _ = try? record.string(key)
            _ = try? record.utf8(key)
            _ = try? record.floats(key)
            _ = record.value(key)
            try? record.append([UInt8]("[1,2]"), toArray: key)
            record.set(key, json: [UInt8](#""new""#))
            #expect((try? record.string(key)) == "new")
        }
        #expect(Grammar.accepts(record.bytes))
    }
}

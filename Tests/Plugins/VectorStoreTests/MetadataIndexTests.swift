import Roaring
import TestSupport
import Testing

@testable import VectorStore

@Suite struct MetadataIndexTests {
    // MARK: The same answers as the filter gives for each record

    @Test(arguments: 0..<16 as Range<UInt64>)
    func `answers as the records do`(seed: UInt64) throws {
        var random = SampleMetadata(seed: seed)
        let records = (0..<[0, 1, 17, 64, 300, 800].randomElement(using: &random.random)!)
            .map { _ in random.record() }
        let index = try index(of: records)
        for _ in 0..<100 {
            let json = random.filter()
            try expect(index, answers: json, as: records)
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `merged indexes answer as the records do`(seed: UInt64) throws {
        var random = SampleMetadata(seed: 1000 + seed)
        var kept: [[String: String]] = []
        var parts: [(index: MetadataIndex, slots: [UInt32])] = []
        for _ in 0..<Int.random(in: 1...4, using: &random.random) {
            let records = (0..<Int.random(in: 0...400, using: &random.random))
                .map { _ in random.record() }
            var slots: [UInt32] = []
            for record in records {
                let isDead = Int.random(in: 0..<3, using: &random.random) == 0
                slots.append(isDead ? .max : UInt32(kept.count))
                if !isDead { kept.append(record) }
            }
            parts.append((try index(of: records), slots))
        }
        var sink = MemorySink()
        try MetadataIndex.merge(parts, to: &sink)
        let merged = try MetadataIndex(Section(sink.bytes))
        for _ in 0..<100 { try expect(merged, answers: random.filter(), as: kept) }
        // A merge writes what the builder would have written.
        var built = MemorySink()
        try builder(of: kept).write(to: &built)
        #expect(built.bytes == sink.bytes)
    }

    @Test func `slots may be reordered by a merge`() throws {
        let records = (0..<1000).map { ["n": String($0 / 7), "all": "x"] }
        let slots = (0..<1000).map { UInt32(999 - $0) }
        var sink = MemorySink()
        try MetadataIndex.merge([(try index(of: records), slots)], to: &sink)
        let merged = try MetadataIndex(Section(sink.bytes))
        try expect(merged, answers: #"{"n": {"$lt": 20}}"#, as: records.reversed())
    }

    private func expect(
        _ index: MetadataIndex, answers json: String, as records: [[String: String]]
    ) throws {
        let filter = try Filter(json: json)
        let slots = try index.slots(passing: filter, of: records.count)
        for (slot, record) in records.enumerated() {
            let passes = accepts(filter, record)
            let (certain, possible) = (
                slots.certain.contains(UInt32(slot)), slots.possible.contains(UInt32(slot))
            )
            #expect(possible || !certain)
            if passes ? !possible : certain {
                Issue.record("\(json) of \(record) is \(passes), not \(certain)...\(possible)")
                return
            }
            let isLong = record.contains { $0.key == "content" || $0.value.utf8.count > 512 }
            if !isLong, certain != possible {
                Issue.record("\(json) of \(record) is unsure")
                return
            }
        }
    }

    private func accepts(_ filter: Filter, _ record: [String: String]) -> Bool {
        let bytes = StoredRecord.encode(
            Record(id: "a", vector: [1], metadata: record), length: 1)
        return BorrowedBytes.with(bytes) { filter.accepts(StoredRecord($0)!) }
    }

    // MARK: Large sets

    @Test func `finds each of many values`() throws {
        let records = (0..<20_000).map { number in
            [
                "id": "document-\(number * 7919 % 20_000)", "n": String(number),
                "price": "\(number).50", "group": String(number % 100), "all": "same",
                "half": number < 10_000 ? "first" : "second",
            ]
        }
        let index = try index(of: records)
        func count(_ json: String) throws -> Int {
            let slots = try index.slots(passing: Filter(json: json), of: records.count)
            #expect(slots.isExact)
            return slots.certain.count
        }
        try #expect(count(#"{"id": "document-77"}"#) == 1)
        try #expect(count(#"{"id": {"$prefix": "document-1"}}"#) == 11_111)
        try #expect(count(#"{"id": {"$gte": "document-19999"}}"#) == 8_889)
        try #expect(count(#"{"n": {"$gte": 500, "$lt": 1000}}"#) == 500)
        try #expect(count(#"{"price": {"$gt": 19998.5}}"#) == 1)
        try #expect(count(#"{"price": 77.5}"#) == 1)
        try #expect(count(#"{"price": "77.50"}"#) == 1)
        try #expect(count(#"{"price": "77.5"}"#) == 0)
        try #expect(count(#"{"group": 7}"#) == 200)
        try #expect(count(#"{"group": {"$nin": [7, 8]}}"#) == 19_600)
        try #expect(count(#"{"all": "same", "half": "second"}"#) == 10_000)
        let wanted = (0..<10_000).map { #""document-\#($0 * 2)""# }.joined(separator: ",")
        try #expect(count(#"{"id": {"$in": [\#(wanted)]}}"#) == 10_000)
        let numbers = (0..<10_000).map { String($0 * 3) }.joined(separator: ",")
        try #expect(count(#"{"n": {"$in": [\#(numbers)]}}"#) == 6_667)
    }

    @Test func `values that are long are kept short`() throws {
        let records = (0..<1000).map { number in
            ["summary": String(repeating: "word ", count: 1000) + String(number), "content": "x"]
        }
        var sink = MemorySink()
        try builder(of: records).write(to: &sink)
        #expect(sink.count < 1000 * 60)
        let index = try MetadataIndex(Section(sink.bytes))
        let filter = Filter.value(
            key: Array("summary".utf8), .equals(.string(Array(records[7]["summary"]!.utf8))))
        let slots = try index.slots(passing: filter, of: records.count)
        #expect(slots.certain.isEmpty && Array(slots.possible) == [7])
    }

    @Test func `large integers are equal however they are spelled`() throws {
        let records = [
            ["n": "9223372036854775807"], ["n": "[9223372036854775807.0]"],
            ["n": "922337203685477580.7e1"],
        ]
        let index = try index(of: records)
        try expect(index, answers: #"{"n": 9223372036854775807}"#, as: records)
        let filter = try Filter(json: #"{"n": 9223372036854775807}"#)
        #expect(records.allSatisfy { accepts(filter, $0) })
    }

    // MARK: Damage

    @Test func `damage is an error or an answer, never a trap`() throws {
        var random = SampleMetadata(seed: 5)
        let records = (0..<200).map { _ in random.record() }
        var sink = MemorySink()
        try builder(of: records).write(to: &sink)
        for _ in 0..<1000 {
            var bytes = sink.bytes
            for _ in 0..<Int.random(in: 1...3, using: &random.random) {
                let place = Int.random(in: 0..<bytes.count, using: &random.random)
                bytes[place] = UInt8.random(in: 0...255, using: &random.random)
            }
            if Bool.random(using: &random.random) {
                bytes.removeLast(Int.random(in: 0..<min(30, bytes.count), using: &random.random))
            }
            // A StoreError is the only one that these throw.
            do {
                let index = try MetadataIndex(Section(bytes))
                _ = try index.slots(passing: Filter(json: random.filter()), of: 200)
                var merged = MemorySink()
                try MetadataIndex.merge([(index, Array(0..<200))], to: &merged)
            } catch {}
        }
        for count in 0..<sink.bytes.count where count % 37 == 0 {
            #expect(throws: StoreError.self) {
                try MetadataIndex(Section(Array(sink.bytes[..<count])))
            }
        }
    }

    // MARK: The cache

    @Test func `queries with the same filter share its evaluation`() throws {
        let records = (0..<100).map { ["n": String($0)] }
        let index = try index(of: records)
        let cache = FilterCache()
        let filter = try cache.filter(json: #"{"n": {"$lt": 3}}"#)
        try #expect(Array(filter.slots(of: 1, index, count: 100).certain) == [0, 1, 2])
        let again = try cache.filter(json: #"{"n": {"$lt": 3}}"#)
        #expect(again === filter && again.size > 0)
        // Known, so that the index is not asked.
        let empty = try self.index(of: [])
        try #expect(again.slots(of: 1, empty, count: 100).certain.count == 3)
        // Of many segments the first are forgotten.
        for segment in 2...256 { _ = try again.slots(of: UInt64(segment), empty, count: 100) }
        try #expect(again.slots(of: 257, empty, count: 100).certain.isEmpty)
        try #expect(again.slots(of: 1, empty, count: 100).certain.isEmpty)
        #expect(throws: StoreError.self) { try cache.filter(json: "[") }
    }

    @Test func `the cache keeps the filters used last`() throws {
        let index = try index(of: [["n": "1"]])
        let cache = FilterCache(limit: 100_000)
        let first = try cache.filter(json: #"{"n": 0}"#)
        for number in 1..<50 {
            let filter = try cache.filter(json: #"{"n": \#(number)}"#)
            _ = try filter.slots(of: 1, index, count: 100_000)
        }
        try #expect(cache.filter(json: #"{"n": 0}"#) !== first)
    }

    // MARK: Making an index

    private func builder(of records: [[String: String]]) -> MetadataIndexBuilder {
        var builder = MetadataIndexBuilder()
        for (slot, record) in records.enumerated() {
            builder.add(
                slot: UInt32(slot), record.map { (Array($0.key.utf8), Array($0.value.utf8)) })
        }
        return builder
    }

    private func index(of records: [[String: String]]) throws -> MetadataIndex {
        var sink = MemorySink()
        try builder(of: records).write(to: &sink)
        return try MetadataIndex(Section(sink.bytes))
    }
}

@Suite struct SlotSetTests {
    @Test(arguments: [0, 1, 16, 63, 64, 65, 1000])
    func `holds slots`(universe: Int) {
        var random = SplitMix64(seed: UInt64(universe))
        let members = (0..<universe).filter { _ in Bool.random(using: &random) }.map(UInt32.init)
        var set = SlotSet(universe: universe)
        for slot in members { set.insert(slot) }
        #expect(Array(set) == members && set.count == members.count)
        #expect(SlotSet(Bitmap(members + [5000]), universe: universe) == set)
        var rest = SlotSet.all(universe)
        #expect(rest.count == universe)
        rest.subtract(set)
        var inverse = set
        inverse.invert()
        #expect(inverse == rest)
        for slot in 0..<UInt32(universe) { #expect(set.contains(slot) == members.contains(slot)) }
        #expect(SlotSet(words: set.words, universe: universe) == set)
        let full = [UInt64](repeating: .max, count: (universe + 63) / 64)
        #expect(SlotSet(words: full, universe: universe) == .all(universe))
    }

    @Test func `takes ranges`() {
        for (start, end) in [(0, 0), (3, 60), (60, 64), (0, 63), (64, 127), (5, 199), (199, 199)] {
            var set = SlotSet(universe: 200)
            set.insert(UInt32(start)...UInt32(end))
            #expect(Array(set) == Array(UInt32(start)...UInt32(end)))
        }
    }
}

/// Random metadata and random filters on it, both with texts that are easily mistaken.
private struct SampleMetadata {
    var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    private static let texts = [
        "", "a", "b", "ab", "abc", "ä", "日本", "\u{10FFFF}", "\u{7F}", "5", "5.0", "5.00", "50e-1",
        "0.5e1", "5 ", " 5", "-5", "-0", "0", "0.0", "1e1", "10", "10.0", "007", "+5", "5a", "-",
        "NaN", "1e400", "10e399", "-1e400", "1e-400", "2e-400", "9007199254740993",
        "9007199254740992", "9007199254740993.0", "18446744073709551617",
        "1.8446744073709551617e19",
        "-9223372036854775808", "9223372036854775807", "9223372036854775807.0",
        "-9223372036854775809", "0.1", "0.10000000000000000001", "2024-05-01", "2024", "null",
        "true", "false", "[", "{", "[1", "{\"", "\"", "\"5", "a\u{0}b", "a.b", "[]", "{}",
    ]
    private static let written = [
        #""5""#, #""\u0035""#, #""null""#, #""""#, #""[1]""#, #""a b""#, #""5" "#, "[1,2,\"a\"]",
        "[5.0]", "[\"5\"]", "[null]", "[true,false]", "[[5]]", "[{\"b\":5},{\"b\":[1,\"a\"]},3]",
        "[5,5,\"5\"]", "{\"b\":5}", "{\"b\":\"5\"}", "{\"b\":null}",
        "{\"b\":{\"c\":7,\"d.e\":\"x\"}}",
        "{\"b.c\":1}", "{\"b\":[1,{\"c\":2}]}", "{\"b\":\"\\u0061\"}", "[18446744073709551617,0.5]",
        "[\"\"]", "{\"b\":{}}", "[{\"b\":{\"c\":[7]}}]",
    ]
    private static let keys = ["a", "k", "n", "a.b", "a.b.c", "content", "", "ä", "."]
    private static let paths =
        keys + ["k.b", "k.b.c", "k.b.d.e", "none", "content.b", "n.b", "a..b"]

    mutating func record() -> [String: String] {
        var record: [String: String] = [:]
        for key in Self.keys where Int.random(in: 0..<3, using: &random) > 0 {
            record[key] = text()
        }
        return record
    }

    private mutating func text() -> String {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<8: Self.texts.randomElement(using: &random)!
        case 8..<13: Self.written.randomElement(using: &random)!
        case 13..<16: String(Int.random(in: -30...300, using: &random))
        case 16: "\(Double(Int.random(in: -30...30, using: &random)) / 4)"
        case 17: long()
        case 18: "[\"\(long())\",\(Int.random(in: 0...9, using: &random))]"
        default: "x\(Int.random(in: 0...500, using: &random))"
        }
    }

    /// Returns a text of about the length from which on texts are shortened.
    private mutating func long() -> String {
        let count = [255, 256, 257, 511, 512, 513, 700].randomElement(using: &random)!
        let unit = ["x", "1", "-2", "{\"b\":5,"].randomElement(using: &random)!
        let rest = String(repeating: unit, count: count / unit.utf8.count)
        return rest + ["", "a", "1"].randomElement(using: &random)!
    }

    mutating func filter(depth: Int = 0) -> String {
        let members = (0..<Int.random(in: 1...(depth == 0 ? 2 : 1), using: &random)).map { _ in
            member(depth)
        }
        return "{\(members.joined(separator: ","))}"
    }

    private mutating func member(_ depth: Int) -> String {
        let kind = depth > 2 ? 9 : Int.random(in: 0..<10, using: &random)
        func list() -> String {
            (0..<Int.random(in: 1...3, using: &random)).map { _ in filter(depth: depth + 1) }
                .joined(separator: ",")
        }
        switch kind {
        case 0: return #""$and":[\#(list())]"#
        case 1: return #""$or":[\#(list())]"#
        case 2: return #""$nor":[\#(list())]"#
        case 3: return #""$not":\#(filter(depth: depth + 1))"#
        default:
            return "\(quoted(Self.paths.randomElement(using: &random)!)):\(condition())"
        }
    }

    private mutating func condition() -> String {
        switch Int.random(in: 0..<14, using: &random) {
        case 0: return constant()
        case 1: return #"{"$eq":\#(constant())}"#
        case 2: return #"{"$ne":\#(constant())}"#
        case 3, 4: return #"{"$in":[\#(constants())]}"#
        case 5: return #"{"$nin":[\#(constants())]}"#
        case 6: return #"{"$exists":\#(Bool.random(using: &random))}"#
        case 7: return #"{"$prefix":\#(prefix())}"#
        case 8: return #"{"$not":\#(#"{"$gt":\#(bound())}"#)}"#
        default:
            let operation = ["$lt", "$lte", "$gt", "$gte"].randomElement(using: &random)!
            return #"{"\#(operation)":\#(bound())}"#
        }
    }

    private mutating func constants() -> String {
        (0..<Int.random(in: 0...6, using: &random)).map { _ in constant() }.joined(separator: ",")
    }

    private mutating func constant() -> String {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: ["null", "true", "false"].randomElement(using: &random)!
        default: bound()
        }
    }

    private mutating func bound() -> String {
        let text = text()
        if Bool.random(using: &random), isNumber(text) { return text }
        if Int.random(in: 0..<5, using: &random) == 0 {
            return String(Int.random(in: -30...300, using: &random))
        }
        return quoted(text)
    }

    private func isNumber(_ text: String) -> Bool {
        BorrowedBytes.with(Array(text.utf8)) { Filter.ExactNumber($0) != nil }
    }

    private mutating func prefix() -> String {
        let text = text()
        return quoted(String(text.prefix(Int.random(in: 0...text.count, using: &random))))
    }

    private func quoted(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }
}

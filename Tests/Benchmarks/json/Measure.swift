import Glibc
import JSON
import TestSupport

/// The nanoseconds per record in the fastest of many rounds, because other processes share the
/// machine.
func measure(_ lines: [[UInt8]]) throws {
    var read = Duration.seconds(1000)
    var written = read
    var total = read
    var checksum: Float = 0
    let clock = ContinuousClock()
    for _ in 0..<50 {
        let start = clock.now
        let records = try lines.map { line in
            let record = try Record(line)
            return (record, try record.floats("vector")!)
        }
        let middle = clock.now
        for case (var record, let floats) in records {
            var json: [UInt8] = []
            json.appendJSON(floats: floats)
            record.set("vector", json: json)
            checksum += Float(record.bytes.count) + floats[0]
        }
        let end = clock.now
        read = min(read, start.duration(to: middle))
        written = min(written, middle.duration(to: end))
        total = min(total, start.duration(to: end))
    }
    func nanoseconds(_ duration: Duration) -> Int {
        Int(duration / .nanoseconds(1)) / lines.count
    }
    guard checksum.isFinite else { fail("a float went wrong") }
    print(
        #"{"peer":"hector","records":\#(lines.count),"ns_per_record":\#(nanoseconds(total)),"#
            + #""read_ns":\#(nanoseconds(read)),"write_ns":\#(nanoseconds(written))}"#)
}

/// Records like those that hector-embed writes.
func sampleLines() -> [[UInt8]] {
    var generator = SplitMix64(seed: 1)
    return (0..<200).map { number in
        let floats = (0..<384).map { _ in Float.random(in: -0.2...0.2, using: &generator) }
        var record = Record(
            content: "Passage \(number) is about as long as a paragraph, and has “quotes”, "
                + "a \"few\" escapes\nand nothing else that is hard. "
                + String(repeating: "The rest is plain text. ", count: 20))
        var vector: [UInt8] = []
        vector.appendJSON(floats: floats)
        record.set("id", json: Array("\"passage-\(number)\"".utf8))
        record.set("vector", json: vector)
        return record.bytes
    }
}

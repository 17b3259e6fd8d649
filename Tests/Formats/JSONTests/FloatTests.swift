import TestSupport
import Testing

@testable import JSON

@Suite struct FloatTests {
    func spell(_ float: Float) -> String {
        var json: [UInt8] = []
        json.appendJSON(float: float)
        return json.text
    }

    func read(_ spellings: String...) throws -> [Float] {
        let line = #"{"v":["# + spellings.joined(separator: ",") + "]}"
        return try #require(try Record([UInt8](line)).floats("v"))
    }

    @Test(
        arguments: [
            (0, "0"), (-0.0, "-0.0"), (1, "1"), (-1, "-1"), (10, "10"), (123, "123"), (0.1, "0.1"),
            (0.5, "0.5"), (-0.25, "-0.25"), (1.0 / 3, "0.33333334"), (123456.78, "123456.78"),
            (1e-6, "0.000001"), (1.2345678e-6, "0.0000012345678"), (1e-7, "1e-7"),
            (-1.234e-7, "-1.234e-7"), (1e20, "100000000000000000000"), (1e21, "1e21"),
            (1.5e21, "1.5e21"), (16777216, "16777216"), (8388607.5, "8388607.5"),
            (.greatestFiniteMagnitude, "3.4028235e38"),
            (-.greatestFiniteMagnitude, "-3.4028235e38"),
            (.leastNormalMagnitude, "1.1754944e-38"), (.leastNonzeroMagnitude, "1e-45"),
            (.infinity, "null"), (-.infinity, "null"), (.nan, "null"), (-.nan, "null"),
        ] as [(Float, String)])
    func `is spelt`(float: Float, spelling: String) {
        #expect(spell(float) == spelling)
    }

    @Test func `arrays of any length are spelt`() throws {
        for count in [0, 1, 2, 255, 256, 257, 1000] {
            let floats = (0..<count).map { -Float.greatestFiniteMagnitude / Float($0 + 1) }
            var json = [UInt8](#"{"v":"#)
            json.appendJSON(floats: floats)
            json += [UInt8]("}")
            #expect(Grammar.accepts(json))
            #expect(try Record(json).floats("v") == floats)
        }
    }

    @Test func `the longest spellings fit`() {
        for float in [-9.999999e20, -1.2345678e-6, -1.1754944e-38] as [Float] {
            #expect(spell(float).utf8.count <= FloatSpelling.longest)
        }
    }

    /// Checks the shortest spelling of a float: it reads back, by the standard library too, and has
    /// no more digits than the standard library needs.
    func check(_ float: Float) {
        let spelling = spell(float)
        guard let back = try? read(spelling).first, back.bitPattern == float.bitPattern,
            Float(spelling)?.bitPattern == float.bitPattern,
            digits(spelling) == digits(float.description)
        else {
            Issue.record("\(float) is spelt \(spelling)")
            return
        }
    }

    func digits(_ spelling: String) -> Substring {
        let digits = spelling.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }
        return digits.prefix(digits.count - digits.reversed().prefix { $0 == "0" }.count)
    }

    @Test func `powers of two and of ten, and their neighbours, come back`() {
        for exponent in -149...127 {
            let power = Float(sign: .plus, exponent: exponent, significand: 1)
            for float in [power, power.nextUp, power.nextDown, -power] where float != 0 {
                check(float)
            }
        }
        for exponent in -45...38 {
            let power = Float("1e\(exponent)")!
            for float in [power, power.nextUp, power.nextDown] where float != 0 { check(float) }
        }
    }

    @Test func `random floats come back`() {
        var generator = SplitMix64(seed: 5)
        for _ in 0..<40_000 {
            let float = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
            if float.isFinite { check(float) }
            check(Float.random(in: -1...1, using: &generator))
        }
    }

    /// Checks against the standard library, whose reading is exact.
    func checkReading(_ spellings: [String]) throws {
        let line = #"{"v":["# + spellings.joined(separator: ",") + "]}"
        let floats = try #require(try Record([UInt8](line)).floats("v"))
        for (spelling, float) in zip(spellings, floats)
        where float.bitPattern != Float(spelling)!.bitPattern {
            Issue.record("\(spelling) is read as \(float)")
        }
    }

    @Test func `doubles, and digits without end, are rounded once`() throws {
        var generator = SplitMix64(seed: 6)
        var spellings: [String] = []
        for _ in 0..<20_000 {
            spellings.append(Double.random(in: -1...1, using: &generator).description)
            let digits = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
                String(Int.random(in: 0...9, using: &generator))
            }.joined()
            let exponent = Int.random(in: -60...(-digits.count + 38), using: &generator)
            spellings.append("1" + digits + "e\(exponent)")
            spellings.append("\(Int.random(in: 1...9_999_999, using: &generator)).\(digits)")
            spellings.append("0.\(digits)e\(Int.random(in: -60...37, using: &generator))")
        }
        try checkReading(spellings)
    }

    @Test func `halfway between two floats the even one is read`() throws {
        var generator = SplitMix64(seed: 7)
        var spellings: [String] = []
        for _ in 0..<5000 {
            // The exact decimals of midpoints, and values slightly beside them.
            let float = Float.random(in: 0.001...100_000_000, using: &generator)
            let midpoint = (Double(float) + Double(float.nextUp)) / 2
            spellings += [midpoint, midpoint.nextUp, midpoint.nextDown].map(\.description)
            spellings.append("16777217.\(String(repeating: "0", count: 30))1")
        }
        try checkReading(spellings)
        #expect(try read("16777217", "16777219") == [16777216, 16777220])
        #expect(try read("16777217.0000000000000000000000001") == [16777218])
    }

    @Test func `the ends of the range are right`() throws {
        try checkReading([
            "0", "-0", "0.0", "-0.0e5", "0e999999999999999999999", "1e-45", "7.006492e-46",
            "7.0064923216240853546186479164495806564013097093825788587853e-46",
            "7.0064923216240853546186479164495806564013097093825788587854e-46",
            "1e-46", "1e-99999999999999999999", "1.1754943e-38", "1.17549435e-38", "3.4028235e38",
            "3.40282356e38", "340282356779733661637539395458142568447", "5.877471754111438e-39",
            "0." + String(repeating: "0", count: 400) + "1e401",
            "1" + String(repeating: "0", count: 400) + "e-400",
        ])
    }

    @Test(arguments: [
        "1e39", "3.4028236e38", "-1e400", "1e99999999999999999999",
        "340282356779733661637539395458142568448", "1" + String(repeating: "0", count: 50),
    ])
    func `what is too large is refused`(spelling: String) {
        #expect(throws: JSONError.self) { try read(spelling) }
    }

    @Test func `the powers of ten are right`() {
        // 10^0 to 10^27 fit in 64 bits except for zeros at the end.
        var power: UInt64 = 1
        for exponent in 0...19 {
            #expect(
                ShortestDecimal.powers[31 + exponent] == power << UInt64(power.leadingZeroBitCount))
            if exponent < 19 { power *= 10 }
        }
        // Each is ten times the one before it, except for the rounding of both.
        for index in 1..<ShortestDecimal.powers.count {
            let (before, after) = (ShortestDecimal.powers[index - 1], ShortestDecimal.powers[index])
            let product = before.multipliedFullWidth(by: 10)
            let shift = UInt64(64 - product.high.leadingZeroBitCount)
            let top = product.high << (64 - shift) | product.low >> shift
            #expect(after <= top + 1 && after + 6 >= top)
        }
    }
}

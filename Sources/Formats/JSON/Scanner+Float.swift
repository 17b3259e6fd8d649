extension Scanner {
    /// Reads an array that has been scanned before, and starts at the next byte.
    ///
    /// - Parameter key: The key of the array, for errors.
    mutating func readFloats(into floats: inout [Float], of key: String) throws(JSONError) {
        offset += 1
        skipWhitespace()
        while let byte = next, byte != UInt8(ascii: "]") {
            let start = offset
            guard byte == UInt8(ascii: "-") || byte &- 0x30 < 10 else {
                throw JSONError(
                    offset: start, problem: "'\(key)' has \(kind(of: byte)) among its numbers")
            }
            let float = float()
            guard float.isFinite else {
                let spelling = String(decoding: text[start..<offset].prefix(40), as: UTF8.self)
                throw JSONError(
                    offset: start,
                    problem: "\(spelling) in '\(key)' is too large for a 32-bit float")
            }
            floats.append(float)
            skipWhitespace()
            if next == UInt8(ascii: ",") { offset += 1 }
            skipWhitespace()
        }
    }

    /// Reads a number that has been scanned before, and starts at the next byte.
    ///
    /// - Returns: The nearest float, ties to even, or an infinity if the number is too large.
    @inline(__always)
    mutating func float() -> Float {
        let isNegative = text[offset] == UInt8(ascii: "-")
        offset &+= isNegative ? 1 : 0
        let start = offset
        var decimal = Decimal()
        readDigits(into: &decimal)
        if next == UInt8(ascii: ".") {
            offset += 1
            let point = offset
            readFraction(into: &decimal)
            decimal.exponent &-= offset &- point
        }
        if let byte = next, byte | 0x20 == UInt8(ascii: "e") {
            offset += 1
            decimal.exponent += readExponent()
        }
        let magnitude = decimal.float ?? standardFloat(start..<offset)
        return Float(bitPattern: magnitude.bitPattern | (isNegative ? 1 << 31 : 0))
    }

    /// Adds digits to a decimal, or to its exponent after the nineteenth significant digit.
    @inline(__always)
    private mutating func readDigits(into decimal: inout Decimal) {
        while let byte = next, byte &- 0x30 < 10 {
            if decimal.significand < 1_000_000_000_000_000_000 {
                decimal.significand = decimal.significand &* 10 &+ UInt64(byte &- 0x30)
            } else {
                decimal.exponent += 1
            }
            offset += 1
        }
    }

    /// Adds digits to a decimal as `readDigits(into:)` does, the first sixteen without a branch.
    @inline(__always)
    private mutating func readFraction(into decimal: inout Decimal) {
        if offset + 16 <= count, decimal.significand < 1000 {
            let (first, second) = digitCounts
            decimal.significand =
                decimal.significand &* Self.powers[first]
                &+ Lanes(text, at: offset).number(ofDigits: first)
            decimal.significand =
                decimal.significand &* Self.powers[second]
                &+ Lanes(text, at: offset &+ 8).number(ofDigits: second)
            offset &+= first &+ second
            if second < 8 { return }
        }
        readDigits(into: &decimal)
    }

    private mutating func readExponent() -> Int {
        let isNegative = next == UInt8(ascii: "-")
        if isNegative || next == UInt8(ascii: "+") { offset += 1 }
        var exponent = 0
        while let byte = next, byte &- 0x30 < 10 {
            // This is far beyond what the digits of any text could compensate.
            if exponent < 1 << 48 { exponent = exponent * 10 + Int(byte - 0x30) }
            offset += 1
        }
        return isNegative ? -exponent : exponent
    }

    /// Reads a number with the standard library, which is slower, and right for every number.
    @inline(never)
    private func standardFloat(_ range: Range<Int>) -> Float {
        Float(String(decoding: text[range], as: UTF8.self))!
    }

    private static let powers: [UInt64] = [
        1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
    ]
}

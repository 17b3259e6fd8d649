/// A decimal number of any size, exact.
package struct Number: Sendable, Equatable {
    package let isNegative: Bool

    /// The digits without zeros at either end; empty for zero.
    package let digits: [UInt8]

    /// The power of ten that the digits, read as an integer, are multiplied by.
    package let exponent: Int

    /// - Parameter spelling: A number as JSON writes it.
    package init(_ spelling: String) {
        var text = Array(spelling.utf8)[...]
        let isMinus = text.first == UInt8(ascii: "-")
        if isMinus { text = text.dropFirst() }
        var digits: [UInt8] = []
        var exponent = 0
        var isFraction = false
        while let byte = text.popFirst() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits.append(byte - UInt8(ascii: "0"))
                if isFraction { exponent -= 1 }
            case UInt8(ascii: "."): isFraction = true
            default:
                let written = String(decoding: text, as: UTF8.self)
                // This is far beyond what the digits of any text could compensate.
                let limit = 1 << 48
                exponent +=
                    Int(written).map { min(max($0, -limit), limit) }
                    ?? (written.hasPrefix("-") ? -limit : limit)
                text = []
            }
        }
        while digits.last == 0 {
            digits.removeLast()
            exponent += 1
        }
        self.digits = Array(digits.drop { $0 == 0 })
        self.exponent = self.digits.isEmpty ? 0 : exponent
        isNegative = isMinus && !self.digits.isEmpty
    }

    package var isInteger: Bool { exponent >= 0 }

    /// The integer value, if the number is an integer that fits.
    package var integer: Int? {
        guard digits.count <= 19, (0...19).contains(exponent) else { return nil }
        var integer = 0
        for digit in digits + Array(repeating: 0, count: exponent) {
            let (tenfold, isTooLarge) = integer.multipliedReportingOverflow(by: 10)
            let (sum, isTooLargeNow) = tenfold.subtractingReportingOverflow(Int(digit))
            if isTooLarge || isTooLargeNow { return nil }
            integer = sum
        }
        // Counted downwards, as the least integer does not have a positive counterpart.
        if isNegative { return integer }
        return integer == .min ? nil : -integer
    }

    /// Returns true if this is an integer times the other, which must not be zero.
    package func isMultiple(of other: Number) -> Bool {
        if digits.isEmpty { return true }
        // The last digit of this is not a zero, so a power of ten does not divide it.
        guard exponent >= other.exponent else { return false }
        var divisor: UInt64 = 0
        for digit in other.digits {
            let (product, tooLarge) = divisor.multipliedReportingOverflow(by: 10)
            if tooLarge || product > .max - 9 {
                return double.remainder(dividingBy: other.double) == 0
            }
            divisor = product + UInt64(digit)
        }
        func shift(_ remainder: UInt64, _ factor: UInt64, adding digit: UInt8 = 0) -> UInt64 {
            let (high, low) = remainder.multipliedFullWidth(by: factor)
            let product = divisor.dividingFullWidth((high, low)).remainder
            return (product % divisor + UInt64(digit) % divisor) % divisor
        }
        var remainder = digits.reduce(into: 0) { $0 = shift($0, 10 % divisor, adding: $1) }
        // The zeros after the digits are multiplied in by squaring.
        var zeros = exponent - other.exponent
        var power = 10 % divisor
        while zeros > 0 {
            if zeros & 1 == 1 { remainder = shift(remainder, power) }
            power = shift(power, power)
            zeros >>= 1
        }
        return remainder == 0
    }

    private var double: Double {
        let text = String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
        return Double("\(isNegative ? "-" : "")\(text.isEmpty ? "0" : text)e\(exponent)")
            ?? .infinity
    }
}

extension Number: Comparable {
    package static func < (left: Number, right: Number) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.isNegative
            ? right.hasLessMagnitude(than: left) : left.hasLessMagnitude(than: right)
    }

    private func hasLessMagnitude(than other: Number) -> Bool {
        if digits.isEmpty || other.digits.isEmpty { return digits.isEmpty && !other.digits.isEmpty }
        let (size, otherSize) = (digits.count + exponent, other.digits.count + other.exponent)
        return size == otherSize ? digits.lexicographicallyPrecedes(other.digits) : size < otherSize
    }
}

extension Number: CustomStringConvertible {
    /// The number as text, without an exponent unless that would be long.
    package var description: String {
        let sign = isNegative ? "-" : ""
        let text = digits.map { "\($0)" }.joined()
        if digits.isEmpty { return "0" }
        if (0...20).contains(exponent) {
            return sign + text + String(repeating: "0", count: exponent)
        }
        if exponent < 0, exponent > -20 {
            let padded = String(repeating: "0", count: max(0, 1 - exponent - digits.count)) + text
            return "\(sign)\(padded.dropLast(-exponent)).\(padded.suffix(-exponent))"
        }
        return "\(sign)\(text)e\(exponent)"
    }
}

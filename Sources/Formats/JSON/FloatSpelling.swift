/// The shortest spelling that reads back to the same float, before it is written to memory.
///
/// As in ECMAScript, `0.000001` and `100000000000000000000` are written out and numbers beyond them
/// have an exponent. Only `-0.0` keeps a fraction, because some readers would take `-0` for an
/// integer and lose the sign. A number that is not finite becomes `null`, as JSON cannot spell it.
struct FloatSpelling {
    /// The most bytes of one spelling.
    static let longest = 22

    /// The number of bytes that `write(to:)` may overwrite, though fewer are used.
    static let room = 32

    /// The first of nine digits, which end in zeros.
    private let first: UInt8
    /// The other eight, the second digit in the lowest byte.
    private let rest: UInt64
    /// The digits before the zeros; none if the float is not finite.
    private let count: Int
    /// The number is 0.DDDDDDDDD × 10^point.
    private let point: Int
    private let sign: Int

    @inline(__always)
    init(_ float: Float) {
        sign = float.sign == .minus ? 1 : 0
        guard float.isFinite, float != 0 else {
            (first, rest, count, point) = (0, 0, float == 0 ? 1 : 0, 1)
            return
        }
        let decimal = ShortestDecimal(float)
        let width = digitCount(decimal.digits)
        point = decimal.exponent &+ width
        // These are nine digits with leading zeros, and the first digit is 0 or 1.
        let hasNine = decimal.digits >= 100_000_000
        let lanes = digitLanes(decimal.digits &- (hasNine ? 100_000_000 : 0))
        // Here the zeros are at the end.
        let shifted = lanes &>> UInt64(truncatingIfNeeded: 64 &- 8 &* width)
        first = hasNine ? 1 : UInt8(truncatingIfNeeded: shifted)
        rest = hasNine ? lanes : shifted &>> 8
        count = 9 &- rest.leadingZeroBitCount &>> 3
    }

    /// - Returns: The length of the spelling.
    @inline(__always)
    func write(to output: UnsafeMutableRawPointer) -> Int {
        output.storeBytes(of: UInt8(ascii: "-"), as: UInt8.self)
        let length = writeMagnitude(to: output + sign)
        return count == 0 ? write(0x6C6C_756E, to: output, count: 4) : length + sign  // "null"
    }

    @inline(__always)
    private func writeMagnitude(to output: UnsafeMutableRawPointer) -> Int {
        switch point {
        case -5...0:
            _ = write(zeroPointZeros, to: output, count: 8)
            writeDigits(to: output + (2 &- point))
            return 2 &- point &+ count
        case 1...21 where count <= point:
            writeDigits(to: output)
            _ = write(zeros, to: output + 9, count: 8)
            _ = write(zeros, to: output + 17, count: 8)
            guard first == 0, sign == 1 else { return point }
            return write(zeroPointZeros, to: output, count: 3)
        case 1...21:
            writeDigits(to: output)
            let fraction = (output + point).loadUnaligned(as: UInt64.self)
            (output + point).storeBytes(of: UInt8(ascii: "."), as: UInt8.self)
            (output + point + 1).storeBytes(of: fraction, as: UInt64.self)
            return count &+ 1
        default:
            return writeScientific(to: output)
        }
    }

    @inline(__always)
    private func writeDigits(to output: UnsafeMutableRawPointer) {
        output.storeBytes(of: first &+ 0x30, as: UInt8.self)
        _ = write(rest | zeros, to: output + 1, count: 8)
    }

    /// Writes one digit, a fraction if there is one, `e` and the exponent.
    private func writeScientific(to output: UnsafeMutableRawPointer) -> Int {
        writeDigits(to: output + 1)
        output.storeBytes(of: first &+ 0x30, as: UInt8.self)
        output.storeBytes(of: UInt8(ascii: "."), toByteOffset: 1, as: UInt8.self)
        var length = count == 1 ? 1 : count + 1
        func write(_ byte: UInt8) {
            output.storeBytes(of: byte, toByteOffset: length, as: UInt8.self)
            length += 1
        }
        let exponent = point - 1
        let size = UInt8(abs(exponent))
        write(UInt8(ascii: "e"))
        if exponent < 0 { write(UInt8(ascii: "-")) }
        if size >= 10 { write(size / 10 + 0x30) }
        write(size % 10 + 0x30)
        return length
    }

    /// Writes eight characters, the first in the lowest byte, of which only `count` are used.
    @inline(__always)
    private func write(_ word: UInt64, to output: UnsafeMutableRawPointer, count: Int) -> Int {
        output.storeBytes(of: word.littleEndian, as: UInt64.self)
        return count
    }
}

/// The characters "00000000".
private let zeros: UInt64 = 0x3030_3030_3030_3030

/// The characters "0.000000".
private let zeroPointZeros: UInt64 = 0x3030_3030_3030_2E30

/// Returns the number of decimal digits of a number, from 1 to 9.
@inline(__always)
private func digitCount(_ number: UInt32) -> Int {
    func claim(_ condition: Bool) -> Int { condition ? 1 : 0 }
    // Most floats have six or more digits, and these comparisons run in parallel.
    let large =
        6 &+ claim(number >= 1_000_000) &+ claim(number >= 10_000_000)
        &+ claim(number >= 100_000_000)
    if number >= 100_000 { return large }
    return 1 &+ claim(number >= 10) &+ claim(number >= 100) &+ claim(number >= 1000)
        &+ claim(number >= 10_000)
}

/// Returns the eight decimal digits of a number below 10^8, the first in the lowest byte.
///
/// The number is split into fours, pairs and digits in parallel lanes, as Paul Khuong's "How to
/// print integers really fast" (2017) does; the divisions are multiplications that are exact for
/// numbers this small. Each step keeps a quotient and puts the remainder a lane above: `(x - q * d)
/// << n + q` is `x << n - q * (d << n - 1)`.
@inline(__always)
private func digitLanes(_ number: UInt32) -> UInt64 {
    let number = UInt64(number)
    let upper = (number &* 109_951_163) &>> 40
    let fours = number &<< 32 &- upper &* (10_000 << 32 - 1)
    let hundreds = ((fours &* 10_486) &>> 20) & 0x0000_007F_0000_007F
    let pairs = fours &<< 16 &- hundreds &* (100 << 16 - 1)
    let tens = ((pairs &* 103) &>> 10) & 0x000F_000F_000F_000F
    return pairs &<< 8 &- tens &* (10 << 8 - 1)
}

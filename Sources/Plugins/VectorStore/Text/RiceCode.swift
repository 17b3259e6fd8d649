/// Small numbers as bits: the upper part of a number as so many zeros and a one, the lower part as
/// it is (Rice, "Some practical universal noiseless coding techniques", 1979).
enum RiceCode {
    /// The most zeros; more stand for a number that follows in 32 bits.
    static let longest: UInt32 = 20

    /// The number of bits of a number whose lower part has `lower` bits.
    static func size(_ number: UInt32, lower: Int) -> Int {
        let upper = number >> UInt32(lower)
        return upper < longest ? Int(upper) + 1 + lower : Int(longest) + 1 + 32
    }

    /// Returns the number of lower bits that makes numbers shortest.
    static func bestLower(_ numbers: [UInt32]) -> Int {
        let mean = numbers.reduce(0) { $0 + UInt64($1) } / UInt64(max(1, numbers.count))
        let width = 64 - mean.leadingZeroBitCount
        let choices = max(0, width - 3)...min(31, width + 1)
        return choices.min { one, other in
            numbers.reduce(0) { $0 + size($1, lower: one) }
                < numbers.reduce(0) { $0 + size($1, lower: other) }
        }!
    }
}

/// Bits that are appended to bytes, the lowest first.
struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var bits: UInt64 = 0
    private var count = 0

    /// - Parameter width: At most 32.
    private mutating func append(_ number: UInt64, width: Int) {
        bits |= number << UInt64(count)
        count += width
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: bits))
            bits >>= 8
            count -= 8
        }
    }

    mutating func append(_ number: UInt32, lower: Int) {
        let upper = number >> UInt32(lower)
        if upper < RiceCode.longest {
            append(1 << UInt64(upper), width: Int(upper) + 1)
            append(UInt64(number) & (1 << UInt64(lower) - 1), width: lower)
        } else {
            append(1 << UInt64(RiceCode.longest), width: Int(RiceCode.longest) + 1)
            append(UInt64(number), width: 32)
        }
    }

    /// Fills the last byte.
    mutating func finish() {
        if count > 0 { bytes.append(UInt8(truncatingIfNeeded: bits)) }
        bits = 0
        count = 0
    }
}

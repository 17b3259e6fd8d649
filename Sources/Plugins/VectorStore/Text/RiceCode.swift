/// Small numbers as bits: the upper part of a number as so many zeros and a one, the lower part as
/// it is (Rice, "Some practical universal noiseless coding techniques", 1979).
enum RiceCode {
    /// The most zeros; more stand for a number that follows in 32 bits.
    static let longest: UInt32 = 20

    /// The most bits of a number.
    static let most = Int(longest) + 1 + 32

    /// Returns the number of lower bits that makes numbers shortest.
    static func bestLower(_ numbers: UnsafePointer<UInt32>, count: Int) -> Int {
        var total: UInt64 = 0
        for place in 0..<count { unsafe total += UInt64(numbers[place]) }
        let width = 64 - (total / UInt64(max(1, count))).leadingZeroBitCount
        var best = 0
        var bestSize = UInt32.max
        for lower in max(0, width - 3)...min(31, width + 1) {
            var size: UInt32 = 0
            for place in 0..<count {
                let upper = unsafe numbers[place] >> UInt32(lower)
                size &+= upper < longest ? upper &+ UInt32(lower) : UInt32(most - 1)
            }
            if size < bestSize {
                best = lower
                bestSize = size
            }
        }
        return best
    }
}

/// Bits that are appended to bytes, the lowest first.
struct BitWriter {
    private var bits: UInt64 = 0
    private var filled: UInt64 = 0

    /// - Parameter bytes: They must have room for the number.
    @inline(__always)
    mutating func append(_ number: UInt32, lower: Int, to bytes: inout ByteBuffer) {
        let upper = number >> UInt32(lower)
        if upper < RiceCode.longest {
            let low = UInt64(number) & (1 &<< UInt64(lower) &- 1)
            bits |= (1 | low &<< 1) &<< (UInt64(upper) &+ filled)
            filled &+= UInt64(upper) &+ 1 &+ UInt64(lower)
        } else {
            bits |= (1 | UInt64(number) &<< 1) &<< (UInt64(RiceCode.longest) &+ filled)
            filled &+= UInt64(RiceCode.most)
        }
        bytes.append(bits, bytes: Int(filled &>> 3))
        bits &>>= filled & ~7
        filled &= 7
    }

    /// Fills the last byte.
    mutating func finish(_ bytes: inout ByteBuffer) {
        if filled > 0 { bytes.append(UInt8(truncatingIfNeeded: bits)) }
        self = BitWriter()
    }
}

/// A reading of bits.
struct BitReader {
    private let bytes: BorrowedBytes
    private var bit: Int

    /// - Parameter place: The byte to begin with.
    init(_ bytes: BorrowedBytes, from place: Int) {
        self.bytes = bytes
        bit = place * 8
    }

    /// The next bits, at least 57 of them; those behind the end are 0.
    @inline(__always)
    private var next: UInt64 {
        let place = bit &>> 3
        let shift = UInt64(bit & 7)
        if place &+ 8 <= bytes.count {
            return unsafe bytes.unchecked(at: place) &>> shift
        }
        return nextAtEnd
    }

    private var nextAtEnd: UInt64 {
        let place = bit >> 3
        var word: UInt64 = 0
        for byte in place..<max(place, bytes.count) {
            word |= UInt64(bytes[byte]) << UInt64(8 * (byte - place))
        }
        return word >> UInt64(bit & 7)
    }

    /// Returns the next number, or nil if the bytes cannot have one.
    ///
    /// - Parameter lower: At most 31.
    @inline(__always)
    mutating func read(lower: Int) -> UInt32? {
        let bits = next
        let upper = bits.trailingZeroBitCount
        let number: UInt64
        if upper < RiceCode.longest {
            let rest = bits &>> UInt64(upper &+ 1)
            number = UInt64(upper) &<< UInt64(lower) | rest & (1 &<< UInt64(lower) &- 1)
            bit &+= upper &+ 1 &+ lower
        } else {
            guard upper == RiceCode.longest else { return nil }
            number = bits &>> UInt64(upper &+ 1) & 0xFFFF_FFFF
            bit &+= RiceCode.most
        }
        guard bit <= bytes.count &* 8 else { return nil }
        return UInt32(truncatingIfNeeded: number)
    }
}

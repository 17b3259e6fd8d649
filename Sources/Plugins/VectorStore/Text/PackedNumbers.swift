internal import VectorKernels

/// 128 numbers of 32 bits, packed with as many bits each as makes them shortest together; the rest
/// of larger ones follows (PFOR: Zukowski et al., "Super-scalar RAM-CPU cache compression", 2006).
///
/// The form is a byte for the number of bits, one for the number of exceptions, the packed numbers,
/// and for each exception its place. With the highest bit of the place, the upper bits follow less 2
/// as a varint; without, they are 1, as they mostly are.
enum PackedNumbers {
    static let count = 128
    private static let manyBit: UInt8 = 0x80

    static func append(_ numbers: some RandomAccessCollection<UInt32>, to bytes: inout [UInt8]) {
        let bits = bestBits(numbers)
        let mask = UInt64(1) << UInt64(bits) - 1
        let header = bytes.count
        bytes.append(UInt8(bits))
        bytes.append(0)
        var packed: UInt64 = 0
        var filled: UInt64 = 0
        for number in numbers {
            packed |= (UInt64(number) & mask) << filled
            filled += UInt64(bits)
            while filled >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: packed))
                packed >>= 8
                filled -= 8
            }
        }
        for (place, number) in numbers.enumerated() where UInt64(number) > mask {
            let upper = UInt64(number) >> UInt64(bits)
            bytes.append(UInt8(place) | (upper > 1 ? manyBit : 0))
            if upper > 1 { Varint.append(upper - 2, to: &bytes) }
            bytes[header + 1] += 1
        }
    }

    /// Returns the number of bits that makes the form shortest.
    private static func bestBits(_ numbers: some RandomAccessCollection<UInt32>) -> Int {
        // The number of numbers of each width in bits.
        var widths = [Int](repeating: 0, count: 33)
        for number in numbers { widths[32 - number.leadingZeroBitCount] += 1 }
        var best = 32
        var bestSize = Int.max
        for bits in (0...32).reversed() {
            var size = count / 8 * bits
            for width in bits + 1..<max(bits + 1, 33) {
                let rest = width - bits
                size += widths[width] * (rest == 1 ? 1 : 1 + (rest + 6) / 7)
            }
            if size <= bestSize {
                best = bits
                bestSize = size
            }
        }
        return best
    }

    /// Unpacks 128 numbers.
    ///
    /// - Parameter place: Their place, which goes behind them.
    /// - Returns: False if the bytes cannot be such numbers.
    static func read(
        _ bytes: BorrowedBytes, _ place: inout Int, into numbers: UnsafeMutablePointer<UInt32>
    ) -> Bool {
        let size = unsafe bytes.slice(place..<bytes.count).withRaw { rest in
            guard let start = rest.baseAddress else { return 0 }
            return unsafe hector_read_packed(
                start.assumingMemoryBound(to: UInt8.self), rest.count, numbers)
        }
        place += size
        return size > 0
    }
}

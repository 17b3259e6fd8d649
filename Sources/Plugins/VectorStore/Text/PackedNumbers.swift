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

    /// - Parameter numbers: 128 of them.
    static func append(_ numbers: UnsafePointer<UInt32>, to bytes: inout ByteBuffer) {
        let bits = unsafe bestBits(numbers)
        let mask = UInt64(1) << UInt64(bits) - 1
        // Each number is at worst an exception of seven bytes.
        bytes.reserve(2 + count / 8 * bits + count * 7)
        let header = bytes.count
        bytes.append(UInt8(bits))
        bytes.append(0)
        var packed: UInt64 = 0
        var filled = 0
        for place in 0..<count {
            packed |= unsafe (UInt64(numbers[place]) & mask) << UInt64(filled)
            filled += bits
            if filled >= 32 {
                bytes.append(packed, bytes: 4)
                packed >>= 32
                filled -= 32
            }
        }
        bytes.append(packed, bytes: filled / 8)
        var exceptions = 0
        for place in 0..<count {
            let number = unsafe UInt64(numbers[place])
            if number <= mask { continue }
            let upper = number >> UInt64(bits)
            bytes.append(UInt8(place) | (upper > 1 ? manyBit : 0))
            if upper > 1 { bytes.append(varint: upper - 2) }
            exceptions += 1
        }
        bytes.set(UInt8(exceptions), at: header + 1)
    }

    /// Returns the number of bits that makes the form shortest.
    private static func bestBits(_ numbers: UnsafePointer<UInt32>) -> Int {
        var all: UInt32 = 0
        for place in 0..<count { unsafe all |= numbers[place] }
        // Most frequencies less 1 are 0.
        if all == 0 { return 0 }
        // For each width the number of numbers that are wider; none is wider than 32 bits. Two
        // counts are kept, as neighbours have the same width more often than not.
        var wider = InlineArray<64, Int32>(repeating: 0)
        var others = InlineArray<64, Int32>(repeating: 0)
        for place in 0..<count / 2 {
            unsafe wider[32 - numbers[2 * place].leadingZeroBitCount] &+= 1
            unsafe others[32 - numbers[2 * place + 1].leadingZeroBitCount] &+= 1
        }
        for width in 0...32 { wider[width] &+= others[width] }
        var above: Int32 = 0
        var most = 0
        for width in (0...32).reversed() {
            let own = wider[width]
            wider[width] = above
            above += own
            if most == 0, own > 0 { most = width }
        }
        var best = most
        var bestSize = Int32.max
        for bits in (0...most).reversed() {
            // An exception has its place, and a byte for each seven bits begun if there is more than
            // one.
            let size =
                Int32(count / 8 * bits) + wider[bits] + wider[bits + 1] + wider[bits + 7]
                + wider[bits + 14] + wider[bits + 21] + wider[bits + 28]
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

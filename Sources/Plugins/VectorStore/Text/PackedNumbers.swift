/// 128 numbers of 32 bits, packed with as many bits each as makes them shortest together; the rest
/// of larger ones follows (PFOR: Zukowski et al., "Super-scalar RAM-CPU cache compression", 2006).
///
/// The form is a byte for the number of bits, one for the number of exceptions, the packed numbers,
/// and for each exception its place and, as a varint, its upper bits.
enum PackedNumbers {
    static let count = 128

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
            bytes.append(UInt8(place))
            Varint.append(UInt64(number) >> UInt64(bits), to: &bytes)
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
            var width = bits + 1
            while width <= 32 {
                size += widths[width] * (1 + (width - bits + 6) / 7)
                width += 1
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
        guard bytes.count - place >= 2 else { return false }
        let bits = Int(bytes[place])
        let exceptions = Int(bytes[place + 1])
        place += 2
        let size = count / 8 * bits
        guard bits <= 32, bytes.count - place >= size else { return false }
        unsafe unpack(bytes.slice(place..<place + size), bits, into: numbers)
        place += size
        for _ in 0..<exceptions {
            guard place < bytes.count else { return false }
            let number = Int(bytes[place])
            place += 1
            guard number < count, let upper = Varint.read(bytes, &place) else { return false }
            unsafe numbers[number] |= UInt32(truncatingIfNeeded: upper << UInt64(bits))
        }
        return true
    }

    private static func unpack(
        _ bytes: BorrowedBytes, _ bits: Int, into numbers: UnsafeMutablePointer<UInt32>
    ) {
        if bits == 0 {
            unsafe numbers.update(repeating: 0, count: count)
            return
        }
        let mask = UInt64(1) << UInt64(bits) - 1
        unsafe bytes.withRaw { raw in
            // Eight bytes are read for a number as long as that many are left.
            let safe = min(count, max(0, ((raw.count - 8) * 8) / bits + 1))
            var bit = 0
            for place in 0..<safe {
                let word = unsafe raw.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self)
                unsafe numbers[place] = UInt32(
                    truncatingIfNeeded: UInt64(littleEndian: word) >> UInt64(bit & 7) & mask)
                bit += bits
            }
            for place in safe..<count {
                var word: UInt64 = 0
                let first = bit >> 3
                for byte in first..<min(first + 5, raw.count) {
                    word |= unsafe UInt64(raw[byte]) << UInt64(8 * (byte - first))
                }
                unsafe numbers[place] = UInt32(
                    truncatingIfNeeded: word >> UInt64(bit & 7) & mask)
                bit += bits
            }
        }
    }
}

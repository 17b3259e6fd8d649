/// The UTF-8 of a range of scalars that all have the same length and differ in whole bytes.
struct ByteSequence: Equatable {
    let ranges: [ClosedRange<UInt8>]

    /// The sequences that together are the UTF-8 of a range of scalars, surrogates left out.
    static func all(of scalars: ClosedRange<UInt32>) -> [ByteSequence] {
        var sequences: [ByteSequence] = []
        // The last scalar of each length, and before and after the surrogates.
        var low = scalars.lowerBound
        for last: UInt32 in [0x7F, 0x7FF, 0xD7FF, 0xDFFF, 0xFFFF, 0x10FFFF] where low <= last {
            let high = min(last, scalars.upperBound)
            if low <= high, last != 0xDFFF { add(low, high, to: &sequences) }
            low = last + 1
        }
        return sequences
    }

    private static func add(_ low: UInt32, _ high: UInt32, to sequences: inout [ByteSequence]) {
        let (first, last) = (bytes(low), bytes(high))
        // Whatever byte differs, those after it have to be free.
        for place in 1..<max(first.count, 1) {
            let rest = UInt32(1) << (6 * UInt32(place)) - 1
            guard low & ~rest != high & ~rest else { continue }
            if low & rest != 0 {
                add(low, low | rest, to: &sequences)
                add((low | rest) + 1, high, to: &sequences)
                return
            }
            if high & rest != rest {
                add(low, (high & ~rest) - 1, to: &sequences)
                add(high & ~rest, high, to: &sequences)
                return
            }
        }
        sequences.append(ByteSequence(ranges: zip(first, last).map { $0...$1 }))
    }

    private static func bytes(_ scalar: UInt32) -> [UInt8] {
        // Neither end of a range is a surrogate.
        Unicode.Scalar(scalar).map { Array(String($0).utf8) } ?? []
    }
}

/// The length of a document in words as a byte, with a relative error of at most 1/32.
///
/// 0 is the code of a slot without text. Codes below 32 are lengths; above, the upper bits are an
/// exponent and the lower four a part of the length.
enum DocumentLength {
    static func code(_ length: UInt32) -> UInt8 {
        if length < 32 { return UInt8(length) }
        var exponent = UInt32(27 - length.leadingZeroBitCount)
        // Half of what is cut off is added, so that the nearest code is taken.
        let rounded = UInt64(length) + (1 << UInt64(exponent)) / 2
        if rounded >> UInt64(exponent) >= 32 { exponent += 1 }
        let code = 16 * UInt64(exponent) + rounded >> UInt64(exponent)
        return code > 255 ? 255 : UInt8(code)
    }

    static func length(_ code: UInt8) -> UInt32 {
        if code < 32 { return UInt32(code) }
        return (16 + UInt32(code) % 16) << (UInt32(code) / 16 - 1)
    }

    /// The lengths of all codes.
    static let lengths: [UInt32] = (0...255).map { length(UInt8($0)) }
}

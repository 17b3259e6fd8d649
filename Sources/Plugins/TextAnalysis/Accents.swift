/// Letters in lower case that keep their accents: the spelling that stemmers expect.
enum Accents {
    /// The small letters of the scalars below U+0600.
    private static let small: [UInt16] = (0..<0x600).map { number in
        guard let scalar = Unicode.Scalar(UInt32(number)) else { return UInt16(number) }
        let mapping = scalar.properties.lowercaseMapping.unicodeScalars
        guard mapping.count == 1, let first = mapping.first else { return UInt16(number) }
        return UInt16(exactly: first.value) ?? UInt16(number)
    }

    static func lowercase(_ scalar: UInt32) -> UInt32 {
        if scalar < 0x600 { return UInt32(small[Int(scalar)]) }
        // Vietnamese and other accented Latin comes in pairs of a capital and a small letter.
        return 0x1E00...0x1EFF ~= scalar ? scalar | 1 : scalar
    }

    /// Removes the accents from letters in lower case.
    static func fold(_ letters: Span<UInt8>) -> [UInt8] {
        var folded: [UInt8] = []
        var position = 0
        while position < letters.count {
            let (scalar, length) = letters.scalar(at: position)
            position += length
            switch scalar < 0x80 ? .letter(scalar) : Fold.role(scalar) {
            case .letter(let letter): folded.append(scalar: letter)
            case .pair(let first, let second):
                folded.append(first)
                folded.append(second)
            case .unspaced: folded.append(scalar: scalar)
            case .mark, .separator: break
            }
        }
        return folded
    }
}

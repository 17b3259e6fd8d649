/// The folding of letters before they are hashed: lower case, without accents.
///
/// Only the letters below are folded. This table does not change when Unicode does, so vectors and
/// indexes do not either.
package enum Fold {
    /// For each ASCII byte, itself in lower case, or 0 if it separates words.
    package static let ascii: [UInt8] = (0..<128).map { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(byte) | 0x20
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            UInt8(byte)
        default: 0
        }
    }

    /// The role of a scalar beyond ASCII in a word.
    package enum Role: Equatable {
        /// A part of a word, folded to the given scalar.
        case letter(UInt32)
        /// A part of a word, folded to these two bytes.
        case pair(UInt8, UInt8)
        /// A character of a script without spaces between words.
        case unspaced
        /// A part of a word that leaves no trace: an accent or a soft hyphen.
        case mark
        case separator
    }

    package static func role(_ scalar: UInt32) -> Role {
        switch scalar {
        case 0x00AA: .letter(0x61)
        case 0x00BA: .letter(0x6F)
        case 0x00B5: .letter(0x03BC)
        case 0x00AD, 0x0300...0x036F, 0x200C, 0x200D, 0xFE00...0xFE0F: .mark
        case 0x0080...0x00BF, 0x00D7, 0x00F7: .separator
        case 0x00C0...0x017F: latin(scalar)
        case 0x0386...0x03CE: .letter(greek(scalar))
        case 0x0400...0x040F: .letter(cyrillic(scalar + 0x50))
        case 0x0410...0x042F: .letter(cyrillic(scalar + 0x20))
        case 0x0430...0x045F: .letter(cyrillic(scalar))
        case 0x0460...0x0481, 0x048A...0x04BF, 0x04D0...0x052F: .letter(scalar | 1)
        case 0x0531...0x0556: .letter(scalar + 0x30)
        // These are vowel points and harakat, which most texts leave out.
        case 0x0591...0x05BD, 0x05BF, 0x05C1...0x05C2, 0x064B...0x0652, 0x0670: .mark
        case 0x055A...0x055F, 0x0589...0x058A, 0x05BE, 0x05C0, 0x05C3, 0x05F3...0x05F4,
            0x060C...0x060D, 0x061B...0x061F, 0x066A...0x066D, 0x06D4, 0x0964...0x0965,
            0x10FB, 0x1360...0x1368, 0x166E, 0x2000...0x206F, 0x20A0...0x20CF,
            0x2190...0x2BFF, 0x2E00...0x2E7F, 0x3000...0x3004, 0x3008...0x3020, 0x3030,
            0x30FB, 0xD800...0xF8FF, 0xFE10...0xFE6F, 0xFF00...0xFF0F, 0xFF1A...0xFF20,
            0xFF3B...0xFF40, 0xFF5B...0xFF65, 0xFFE0...0xFFFF, 0x1F000...0x1FAFF:
            .separator
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3005...0x3007,
            0x3040...0x30FF, 0x31F0...0x31FF, 0x3400...0x9FFF, 0xF900...0xFAFF,
            0xFF66...0xFF9F, 0x20000...0x3FFFF:
            .unspaced
        // Vietnamese and other accented Latin comes in pairs of a capital and a small letter.
        case 0x1E00...0x1EFF: .letter(scalar | 1)
        case 0xFF10...0xFF19: .letter(scalar - 0xFEE0)
        case 0xFF21...0xFF3A: .letter(scalar - 0xFEC0)
        case 0xFF41...0xFF5A: .letter(scalar - 0xFEE0)
        default: .letter(scalar)
        }
    }

    /// U+00C0 to U+017F without accents; a capital letter here stands for two letters.
    private static let plainLatin = Array(
        ("aaaaaaAceeeeiiiidnooooo ouuuuyTSaaaaaaAceeeeiiiidnooooo ouuuuyTy"
            + "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiIIjjkkkllllllllllnnnnnnnnn"
            + "ooooooOOrrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs").utf8)

    private static func latin(_ scalar: UInt32) -> Role {
        let plain = plainLatin[Int(scalar - 0x00C0)]
        return switch plain {
        case UInt8(ascii: "A"): .pair(0x61, 0x65)
        case UInt8(ascii: "I"): .pair(0x69, 0x6A)
        case UInt8(ascii: "O"): .pair(0x6F, 0x65)
        case UInt8(ascii: "S"): .pair(0x73, 0x73)
        case UInt8(ascii: "T"): .pair(0x74, 0x68)
        default: .letter(UInt32(plain))
        }
    }

    private static func greek(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0x0386, 0x03AC: 0x03B1
        case 0x0388, 0x03AD: 0x03B5
        case 0x0389, 0x03AE: 0x03B7
        case 0x038A, 0x03AF, 0x03AA, 0x03CA, 0x0390: 0x03B9
        case 0x038C, 0x03CC: 0x03BF
        case 0x038E, 0x03CD, 0x03AB, 0x03CB, 0x03B0: 0x03C5
        case 0x038F, 0x03CE: 0x03C9
        case 0x03C2: 0x03C3
        case 0x0391...0x03A9: scalar + 0x20
        default: scalar
        }
    }

    /// - Parameter small: A small letter, whose marked forms are those that marks are dropped from.
    private static func cyrillic(_ small: UInt32) -> UInt32 {
        switch small {
        case 0x0450, 0x0451: 0x0435
        case 0x0439, 0x045D: 0x0438
        case 0x0453: 0x0433
        case 0x0457: 0x0456
        case 0x045C: 0x043A
        case 0x045E: 0x0443
        default: small
        }
    }
}

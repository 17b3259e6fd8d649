/// Eight bytes of text in one register, the first in the lowest lane.
///
/// Each mask has the top bit set in the lanes it is about. A borrow or a carry can set bits above
/// the first such lane but never below it, so only the first lane is reliable. After "Bit Twiddling
/// Hacks" by Sean Eron Anderson and "Parsing gigabytes of JSON per second" by Langdale and Lemire
/// (2019).
struct Lanes {
    let bits: UInt64

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    init(_ text: UnsafeRawBufferPointer, at offset: Int) {
        bits = UInt64(littleEndian: text.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// A mask of the bytes that cannot simply be skipped inside a string: quotation marks,
    /// backslashes, control characters, and everything that is not ASCII.
    var special: UInt64 {
        let quotes = (bits ^ Self.ones &* 0x22) &- Self.ones
        let backslashes = (bits ^ Self.ones &* 0x5C) &- Self.ones
        let controls = bits &- Self.ones &* 0x20
        return (quotes | backslashes | controls | bits) & Self.tops
    }

    var isASCII: Bool { bits & Self.tops == 0 }

    /// A mask of the bytes that must be escaped inside a string: quotation marks, backslashes and
    /// control characters.
    var escaped: UInt64 { special & ~bits }

    /// A mask of the backslashes.
    var backslashes: UInt64 {
        let distance = bits ^ Self.ones &* 0x5C
        return (distance &- Self.ones) & ~distance & Self.tops
    }

    /// The values of the ASCII digits in the lanes.
    private var digits: UInt64 { bits ^ Self.ones &* 0x30 }

    /// A mask of the bytes that are not ASCII digits.
    var nonDigits: UInt64 {
        let digits = digits
        return ((digits &+ Self.ones &* 0x76) | digits) & Self.tops
    }

    /// Returns the number that the first `count` lanes, 0 to 8 ASCII digits, spell.
    @inline(__always)
    func number(ofDigits count: Int) -> UInt64 {
        // Leading zeros take the place of the lanes that are shifted out. Then neighbours are
        // joined: digits to pairs, pairs to fours, fours to eight.
        let digits = digits << UInt64(truncatingIfNeeded: 64 &- 8 &* count)
        let pairs = (digits &* 10 &+ digits &>> 8) & 0x00FF_00FF_00FF_00FF
        let fours = (pairs &* 100 &+ pairs &>> 16) & 0x0000_FFFF_0000_FFFF
        return (fours &* 10_000 &+ fours &>> 32) & 0xFFFF_FFFF
    }

    /// Returns the first lane in a mask, or 8 if there is none.
    static func first(_ mask: UInt64) -> Int { mask.trailingZeroBitCount &>> 3 }
}

/// The shortest decimal that reads back to a float. Of several, it is the one nearest to the float.
///
/// Raffaello Giulietti, "The Schubfach way to render doubles" (2020), here for 32 bits:
/// <https://drive.google.com/file/d/1IEeATSVnEE6TkrHlCYNY2GjaraBjOT4f>. The names are the paper's.
struct ShortestDecimal {
    /// The digits, at least 1 and less than 2 × 10^8.
    let digits: UInt32
    let exponent: Int

    /// - Parameter float: A number that is finite and not zero; its sign is ignored.
    init(_ float: Float) {
        let fraction = float.significandBitPattern
        let biased = Int(float.exponentBitPattern)
        // The float is c × 2^q.
        let c = biased == 0 ? fraction : fraction | 1 << 23
        let q = max(biased, 1) - 150
        // Below a power of two the floats are twice as dense.
        let isUneven = fraction == 0 && biased > 1

        // k is floor(log10) of the distance between the neighbouring midpoints.
        let k = (q * 1_262_611 - (isUneven ? 524_031 : 0)) >> 22
        let h = UInt32(truncatingIfNeeded: q + (-k * 1_741_647) >> 19 + 1)
        let g = Self.powers[-k + 31]

        // Four times the float and its midpoints, in units of 10^k, rounded to odd. A midpoint
        // itself reads back to the float with the even significand.
        let odd = c & 1
        let middle = Self.multiply(g, (4 &* c) &<< h)
        let low = Self.multiply(g, (4 &* c &- (isUneven ? 1 : 2)) &<< h) &+ odd
        let high = Self.multiply(g, (4 &* c &+ 2) &<< h) &- odd

        // The case of a float cannot be predicted, so there are no branches: each claim below is 1
        // or 0.
        let s = middle / 4
        let floor = Self.claim(low <= 4 &* s)
        let ceiling = Self.claim(4 &* s &+ 4 <= high)
        let nearest = (middle & 3 &+ s & 1 &+ 1) / 4  // Ties to even.
        let isOneInside = floor ^ ceiling
        let unit = s &+ (isOneInside & ceiling | (1 ^ isOneInside) & nearest)

        let tens = s / 10
        let lower = Self.claim(low <= 40 &* tens)
        let upper = Self.claim(40 &* tens &+ 40 <= high)
        let isShorter = (lower ^ upper) & Self.claim(s >= 10)
        digits = isShorter == 1 ? tens &+ upper : unit
        exponent = k &+ Int(isShorter)
    }

    @inline(__always)
    private static func claim(_ condition: Bool) -> UInt32 { condition ? 1 : 0 }

    /// Returns the upper 32 bits of a 96-bit product, the lowest of them set if any lower bit is
    /// set.
    @inline(__always)
    private static func multiply(_ g: UInt64, _ factor: UInt32) -> UInt32 {
        let (high, low) = g.multipliedFullWidth(by: UInt64(factor))
        return UInt32(truncatingIfNeeded: high) | claim(low >> 32 > 1)
    }

    /// The powers from 10^-31 to 10^45, each times the power of two that makes it a 64-bit number,
    /// rounded up.
    static let powers: [UInt64] = [
        0x81CEB32C4B43FCF5, 0xA2425FF75E14FC32, 0xCAD2F7F5359A3B3F, 0xFD87B5F28300CA0E,
        0x9E74D1B791E07E49, 0xC612062576589DDB, 0xF79687AED3EEC552, 0x9ABE14CD44753B53,
        0xC16D9A0095928A28, 0xF1C90080BAF72CB2, 0x971DA05074DA7BEF, 0xBCE5086492111AEB,
        0xEC1E4A7DB69561A6, 0x9392EE8E921D5D08, 0xB877AA3236A4B44A, 0xE69594BEC44DE15C,
        0x901D7CF73AB0ACDA, 0xB424DC35095CD810, 0xE12E13424BB40E14, 0x8CBCCC096F5088CC,
        0xAFEBFF0BCB24AAFF, 0xDBE6FECEBDEDD5BF, 0x89705F4136B4A598, 0xABCC77118461CEFD,
        0xD6BF94D5E57A42BD, 0x8637BD05AF6C69B6, 0xA7C5AC471B478424, 0xD1B71758E219652C,
        0x83126E978D4FDF3C, 0xA3D70A3D70A3D70B, 0xCCCCCCCCCCCCCCCD, 0x8000000000000000,
        0xA000000000000000, 0xC800000000000000, 0xFA00000000000000, 0x9C40000000000000,
        0xC350000000000000, 0xF424000000000000, 0x9896800000000000, 0xBEBC200000000000,
        0xEE6B280000000000, 0x9502F90000000000, 0xBA43B74000000000, 0xE8D4A51000000000,
        0x9184E72A00000000, 0xB5E620F480000000, 0xE35FA931A0000000, 0x8E1BC9BF04000000,
        0xB1A2BC2EC5000000, 0xDE0B6B3A76400000, 0x8AC7230489E80000, 0xAD78EBC5AC620000,
        0xD8D726B7177A8000, 0x878678326EAC9000, 0xA968163F0A57B400, 0xD3C21BCECCEDA100,
        0x84595161401484A0, 0xA56FA5B99019A5C8, 0xCECB8F27F4200F3A, 0x813F3978F8940985,
        0xA18F07D736B90BE6, 0xC9F2C9CD04674EDF, 0xFC6F7C4045812297, 0x9DC5ADA82B70B59E,
        0xC5371912364CE306, 0xF684DF56C3E01BC7, 0x9A130B963A6C115D, 0xC097CE7BC90715B4,
        0xF0BDC21ABB48DB21, 0x96769950B50D88F5, 0xBC143FA4E250EB32, 0xEB194F8E1AE525FE,
        0x92EFD1B8D0CF37BF, 0xB7ABC627050305AE, 0xE596B7B0C643C71A, 0x8F7E32CE7BEA5C70,
        0xB35DBF821AE4F38C,
    ]
}

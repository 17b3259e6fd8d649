/// A number as its digits and a power of ten, as read from text.
struct Decimal {
    /// At most nineteen digits; any that followed were cut off.
    var significand: UInt64 = 0
    var exponent = 0

    /// The nearest float, ties to even, or nil if that takes more precision than a double has.
    ///
    /// Each step below is done in doubles and is off by at most half a unit in the last place: the
    /// conversion of the significand, the power of ten, and the multiplication or division. Digits
    /// that were cut off matter far less. So the number is within `slack` units of `product`.
    /// Rounding never reorders numbers, so if both ends of that range round to the same float, so
    /// does the number. After Clinger, "How to read floating point numbers accurately" (1990).
    @inline(__always)
    var float: Float? {
        if significand == 0 { return 0 }
        // Below this the number is less than half the least float, above it more than the greatest.
        if exponent < -65 { return 0 }
        if exponent > 38 { return .infinity }
        let product =
            exponent < 0
            ? Double(significand) / Self.powers[-exponent]
            : Double(significand) * Self.powers[exponent]
        let slack: UInt64 = 8
        let low = Float(Double(bitPattern: product.bitPattern - slack))
        let high = Float(Double(bitPattern: product.bitPattern + slack))
        return low == high ? low : nil
    }

    /// The doubles nearest to the powers of ten, exact up to the 22nd.
    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
        1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22, 1e23, 1e24, 1e25, 1e26, 1e27, 1e28, 1e29, 1e30,
        1e31, 1e32, 1e33, 1e34, 1e35, 1e36, 1e37, 1e38, 1e39, 1e40, 1e41, 1e42, 1e43, 1e44, 1e45,
        1e46, 1e47, 1e48, 1e49, 1e50, 1e51, 1e52, 1e53, 1e54, 1e55, 1e56, 1e57, 1e58, 1e59, 1e60,
        1e61, 1e62, 1e63, 1e64, 1e65,
    ]
}

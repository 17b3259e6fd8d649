/// The hash behind every feature: FNV-1a of 64 bits over bytes, then the finalizer of SplitMix64.
///
/// FNV-1a (Fowler, Noll and Vo) can be continued byte by byte. Its low bits mix badly, so the
/// finalizer (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014) comes
/// before any use of them. Both are the same on every machine; neither may ever change, because
/// vectors in databases depend on them.
package struct FeatureHash {
    /// The kind is hashed before a feature's bytes, which may be the same for features of two
    /// kinds.
    package enum Kind: UInt8 {
        case word = 1
        case stem = 2
        /// A group of letters of a word.
        case group = 3
        /// One or two characters of a script without spaces.
        case unspaced = 4
        /// The feature of a text without words.
        case nothing = 5
    }

    @usableFromInline
    var state: UInt64

    @inlinable
    package init(kind: Kind) {
        state = 0xCBF2_9CE4_8422_2325
        append(kind.rawValue)
    }

    @inlinable
    package mutating func append(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    @inlinable
    package var value: UInt64 {
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

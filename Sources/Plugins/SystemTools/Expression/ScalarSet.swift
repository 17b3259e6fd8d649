/// A set of Unicode scalars.
struct ScalarSet: Equatable, Sendable {
    /// In order, with gaps between them.
    private(set) var ranges: [ClosedRange<UInt32>] = []

    private static let last: UInt32 = 0x10FFFF

    init(_ ranges: [ClosedRange<UInt32>]) {
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = self.ranges.last, range.lowerBound <= last.upperBound + 1 {
                self.ranges[self.ranges.count - 1] =
                    last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                self.ranges.append(range)
            }
        }
    }

    init(_ scalar: Unicode.Scalar) { ranges = [scalar.value...scalar.value] }

    /// Of characters that are ASCII.
    private init(_ pairs: String) {
        let bounds = pairs.unicodeScalars.map(\.value)
        self.init(stride(from: 0, to: bounds.count, by: 2).map { bounds[$0]...bounds[$0 + 1] })
    }

    static let digit = ScalarSet("09")
    static let word = ScalarSet("09AZaz__")
    static let space = ScalarSet("  \t\r")
    /// Everything but the end of a line.
    static let any = ScalarSet("\n\n").inverted

    /// The sets that POSIX names, for ASCII.
    static let named: [String: ScalarSet] = [
        "alnum": ScalarSet("09AZaz"), "alpha": ScalarSet("AZaz"), "blank": ScalarSet("  \t\t"),
        "cntrl": ScalarSet("\0\u{1F}\u{7F}\u{7F}"), "digit": digit, "graph": ScalarSet("!~"),
        "lower": ScalarSet("az"), "print": ScalarSet(" ~"), "punct": ScalarSet("!/:@[`{~"),
        "space": space, "upper": ScalarSet("AZ"), "word": word, "xdigit": ScalarSet("09AFaf"),
    ]

    var inverted: ScalarSet {
        var gaps: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { gaps.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= Self.last { gaps.append(next...Self.last) }
        return ScalarSet(gaps)
    }

    func union(_ other: ScalarSet) -> ScalarSet { ScalarSet(ranges + other.ranges) }

    /// With what differs only in case.
    var foldingCase: ScalarSet {
        var folded = ranges
        // Large ranges have both cases, and take long to go through.
        for range in ranges where range.count <= 0x2000 {
            for scalar in range.lazy.compactMap(Unicode.Scalar.init) {
                let properties = scalar.properties
                for mapping in [properties.lowercaseMapping, properties.uppercaseMapping] {
                    let scalars = mapping.unicodeScalars
                    if scalars.count == 1, let other = scalars.first, other != scalar {
                        folded.append(other.value...other.value)
                    }
                }
            }
        }
        return ScalarSet(folded)
    }
}

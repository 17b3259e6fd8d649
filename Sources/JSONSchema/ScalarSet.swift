/// A set of Unicode scalars, as a class of a regular expression names it.
struct ScalarSet: Sendable {
    private var ranges: [ClosedRange<UInt32>] = []
    private var categories: [Category] = []
    private var isInverted = false

    private struct Category {
        /// The names of general categories, or how they begin: `L` for all letters.
        let name: String
        let isInverted: Bool
    }

    init(_ ranges: ClosedRange<UInt32>...) { self.ranges = ranges }

    static let digit = ScalarSet(0x30...0x39)
    static let word = ScalarSet(0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A)
    static let space = ScalarSet(
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A,
        0x2028...0x2029, 0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF)
    static let lineEnd = ScalarSet(0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029)

    static func one(_ scalar: Unicode.Scalar) -> ScalarSet {
        ScalarSet(scalar.value...scalar.value)
    }

    /// - Parameter category: A general category's short name, such as `Lu`, or its first letter.
    static func category(_ category: String, isInverted: Bool) -> ScalarSet? {
        guard names.contains(category) || names.contains(where: { $0.prefix(1) == category })
        else { return nil }
        var set = ScalarSet()
        set.categories = [Category(name: category, isInverted: isInverted)]
        return set
    }

    var inverted: ScalarSet {
        var set = self
        set.isInverted.toggle()
        return set
    }

    mutating func insert(_ range: ClosedRange<UInt32>) { ranges.append(range) }

    /// - Parameter other: Is not inverted, or is a class of a few ranges.
    mutating func formUnion(_ other: ScalarSet) {
        guard other.isInverted else {
            ranges += other.ranges
            categories += other.categories
            return
        }
        var start: UInt32 = 0
        for range in other.ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > start { ranges.append(start...(range.lowerBound - 1)) }
            start = range.upperBound + 1
        }
        ranges.append(start...0x10FFFF)
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        if ranges.contains(where: { $0.contains(scalar.value) }) { return !isInverted }
        guard !categories.isEmpty else { return isInverted }
        let name = scalar.properties.generalCategory.name
        let isIn = categories.contains { name.hasPrefix($0.name) != $0.isInverted }
        return isIn != isInverted
    }

    private static let names: Set<String> = [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe",
        "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
    ]
}

extension Unicode.GeneralCategory {
    /// As UAX #44 abbreviates it.
    fileprivate var name: String {
        switch self {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .openPunctuation: "Ps"
        case .closePunctuation: "Pe"
        case .initialPunctuation: "Pi"
        case .finalPunctuation: "Pf"
        case .otherPunctuation: "Po"
        case .mathSymbol: "Sm"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .otherSymbol: "So"
        case .spaceSeparator: "Zs"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        case .control: "Cc"
        case .format: "Cf"
        case .surrogate: "Cs"
        case .privateUse: "Co"
        case .unassigned: "Cn"
        @unknown default: "Cn"
        }
    }
}

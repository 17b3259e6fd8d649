/// A set of Unicode scalars, as in a class of a regular expression.
struct ScalarSet: Sendable {
    private var ranges: [ClosedRange<UInt32>] = []
    private var properties: [Property] = []
    private var isInverted = false

    private struct Property {
        let test: Test
        let isInverted: Bool

        enum Test {
            /// The short name of a general category, or a prefix of several: `L` for all letters.
            case category(String)
            case binary(any KeyPath<Unicode.Scalar.Properties, Bool> & Sendable)
        }

        func contains(_ scalar: Unicode.Scalar) -> Bool {
            switch test {
            case .category(let name):
                scalar.properties.generalCategory.name.hasPrefix(name) != isInverted
            case .binary(let path): scalar.properties[keyPath: path] != isInverted
            }
        }
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

    /// Makes the set of scalars that have a property, or with `isInverted` of those that do not.
    ///
    /// - Parameter property: The text in the braces of `\\p{}`: the short or long name of a general
    ///   category, or a binary property.
    init?(property: String, isInverted: Bool) {
        var name = property
        for prefix in ["General_Category=", "gc="] where name.hasPrefix(prefix) {
            name.removeFirst(prefix.count)
        }
        name = Self.longNames[name] ?? name
        if Self.names.contains(name) || Self.names.contains(where: { $0.prefix(1) == name }) {
            properties = [Property(test: .category(name), isInverted: isInverted)]
        } else if name == "LC" {
            properties = [Property(test: .binary(\.isCasedLetter), isInverted: isInverted)]
        } else if let path = Self.binaries[property] {
            properties = [Property(test: .binary(path), isInverted: isInverted)]
        } else if property == "Any" || property == "ASCII" {
            self = ScalarSet(0...(property == "Any" ? 0x10FFFF : 0x7F))
            self.isInverted = isInverted
        } else {
            return nil
        }
    }

    var inverted: ScalarSet {
        var set = self
        set.isInverted.toggle()
        return set
    }

    mutating func insert(_ range: ClosedRange<UInt32>) { ranges.append(range) }

    /// - Parameter other: A set that is not inverted, or a class of a few ranges.
    mutating func formUnion(_ other: ScalarSet) {
        guard other.isInverted else {
            ranges += other.ranges
            properties += other.properties
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
        guard !properties.isEmpty else { return isInverted }
        return properties.contains { $0.contains(scalar) } != isInverted
    }

    /// The set in RE2's syntax, or nil if it has a property that RE2 does not know.
    var inRE2: String? {
        var text = ""
        for range in ranges {
            let bounds = [range.lowerBound, range.upperBound].map { String($0, radix: 16) }
            text += "\\x{\(bounds[0])}-\\x{\(bounds[1])}"
        }
        for property in properties {
            // RE2 has no category for what is not assigned.
            guard case .category(let name) = property.test, name != "C", name != "Cn" else {
                return nil
            }
            text += "\\\(property.isInverted ? "P" : "p"){\(name)}"
        }
        if text.isEmpty { return isInverted ? "[\\x{0}-\\x{10ffff}]" : "[^\\x{0}-\\x{10ffff}]" }
        return "[\(isInverted ? "^" : "")\(text)]"
    }

    private static let names: Set<String> = [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe",
        "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
    ]

    private static let longNames = [
        "Letter": "L", "Cased_Letter": "LC", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll",
        "Titlecase_Letter": "Lt", "Modifier_Letter": "Lm", "Other_Letter": "Lo", "Mark": "M",
        "Combining_Mark": "M", "Nonspacing_Mark": "Mn", "Spacing_Mark": "Mc",
        "Enclosing_Mark": "Me", "Number": "N", "Decimal_Number": "Nd", "digit": "Nd",
        "Letter_Number": "Nl", "Other_Number": "No", "Punctuation": "P", "punct": "P",
        "Connector_Punctuation": "Pc", "Dash_Punctuation": "Pd", "Open_Punctuation": "Ps",
        "Close_Punctuation": "Pe", "Initial_Punctuation": "Pi", "Final_Punctuation": "Pf",
        "Other_Punctuation": "Po", "Symbol": "S", "Math_Symbol": "Sm", "Currency_Symbol": "Sc",
        "Modifier_Symbol": "Sk", "Other_Symbol": "So", "Separator": "Z", "Space_Separator": "Zs",
        "Line_Separator": "Zl", "Paragraph_Separator": "Zp", "Other": "C", "Control": "Cc",
        "cntrl": "Cc", "Format": "Cf", "Surrogate": "Cs", "Private_Use": "Co", "Unassigned": "Cn",
    ]

    private static let binaries: [String: any KeyPath<Unicode.Scalar.Properties, Bool> & Sendable] =
        [
            "Alphabetic": \.isAlphabetic, "Alpha": \.isAlphabetic, "Uppercase": \.isUppercase,
            "Upper": \.isUppercase, "Lowercase": \.isLowercase, "Lower": \.isLowercase,
            "White_Space": \.isWhitespace, "space": \.isWhitespace, "Emoji": \.isEmoji,
            "Emoji_Presentation": \.isEmojiPresentation, "Emoji_Modifier": \.isEmojiModifier,
            "Ideographic": \.isIdeographic, "ID_Start": \.isIDStart, "IDS": \.isIDStart,
            "ID_Continue": \.isIDContinue, "IDC": \.isIDContinue, "XID_Start": \.isXIDStart,
            "XID_Continue": \.isXIDContinue, "ASCII_Hex_Digit": \.isASCIIHexDigit,
            "AHex": \.isASCIIHexDigit, "Hex_Digit": \.isHexDigit, "Hex": \.isHexDigit,
            "Cased": \.isCased, "Math": \.isMath, "Dash": \.isDash,
        ]
}

extension Unicode.Scalar.Properties {
    fileprivate var isCasedLetter: Bool {
        [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter].contains(generalCategory)
    }
}

extension Unicode.GeneralCategory {
    /// The abbreviation in UAX #44.
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

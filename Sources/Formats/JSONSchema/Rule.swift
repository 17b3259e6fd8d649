import JSON

/// All that a schema demands.
struct Rules: Sendable {
    let root: Rule

    /// The targets of references, by number.
    let references: [Rule]

    /// Where these are, each in its document.
    let pointers: [Pointer]

    /// For each name that a `$dynamicRef` has, the numbers of the anchors of that name, by
    /// resource.
    let dynamicAnchors: [[Int: Int]]

    /// True if some demand is about the parts that no other has looked at.
    let isAboutUnseen: Bool
}

/// What one schema demands, keyword by keyword.
struct Rule: Sendable {
    var demands: [Assertion] = []

    /// The resource that checking this rule enters, if it may be another than before.
    var resource: Int?

    /// The schema `true`, which everything fits.
    static let anything = Rule()

    /// The schema `false`.
    static let nothing = Rule(demands: [.nothing])
}

/// One demand of a schema. Demands on other kinds of values do not concern a value.
indirect enum Assertion: Sendable {
    case nothing
    case kind([Kind])
    case oneOf(Values, isConstant: Bool)
    case number(NumberAssertion)
    case string(StringAssertion)
    case array(ArrayAssertion)
    case object(ObjectAssertion)
    case reference(Int)
    /// - Parameters:
    ///   - name: The number of the anchors' name.
    ///   - otherwise: The reference to follow where no resource on the way has such an anchor.
    case dynamicReference(name: Int, otherwise: Int)
    case all([Rule])
    case any([Rule])
    case exactlyOne([Rule])
    case not(Rule)
    case condition(if: Rule, then: Rule, else: Rule)
    /// Of the items and members that no other keyword of the schema has looked at.
    case otherItems(Rule)
    case otherMembers(Rule)

    /// Values to be equal to one of.
    struct Values: Sendable {
        let values: [Value]
        private let canonical: Set<[UInt8]>

        init(_ values: [Value]) {
            self.values = values
            canonical = Set(values.map(\.canonical))
        }

        func contains(_ value: Value) -> Bool { canonical.contains(value.canonical) }
    }
}

enum NumberAssertion: Sendable {
    case minimum(Number, isExclusive: Bool)
    case maximum(Number, isExclusive: Bool)
    case multiple(of: Number)
}

enum StringAssertion: Sendable {
    /// In Unicode scalars.
    case minimum(Int)
    case maximum(Int)
    /// A regular expression that may match anywhere.
    case pattern(Pattern)
}

enum ArrayAssertion: Sendable {
    case minimum(Int)
    case maximum(Int)
    case unique
    case items(first: [Rule], rest: Rule?)
    case contains(Rule, minimum: Int, maximum: Int?)
}

enum ObjectAssertion: Sendable {
    case minimum(Int)
    case maximum(Int)
    case required([String])
    /// Where the first member is, the others must be.
    case together(String, [String])
    /// Where the member is, the object must fit.
    case dependent(String, Rule)
    case names(Rule)
    case members(named: [Name: Rule], matching: [Matching], rest: Rule?)

    /// What members must fit whose names match.
    struct Matching: Sendable {
        let pattern: Pattern
        let rule: Rule
    }
}

/// A member's name. Two that differ in their bytes are two, even if they are equal as texts.
struct Name: Hashable, Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: Name, right: Name) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

/// The kinds of values that `type` knows.
enum Kind: String, Sendable {
    case null, boolean, integer, number, string, array, object

    /// With its article: "an object".
    var phrase: String {
        switch self {
        case .null: "null"
        case .integer, .array, .object: "an \(rawValue)"
        default: "a \(rawValue)"
        }
    }

    func includes(_ value: Value) -> Bool {
        switch (self, value) {
        case (.null, .null), (.boolean, .bool), (.number, .number), (.string, .string),
            (.array, .array), (.object, .object):
            true
        case (.integer, .number(let spelling)): Number(spelling).isInteger
        default: false
        }
    }
}

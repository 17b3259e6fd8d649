import JSON

/// All the demands of a schema.
struct Rules: Sendable {
    let root: Rule

    /// The targets of references, by number.
    let references: [Rule]

    /// The places of these targets, each in its document.
    let pointers: [Pointer]

    /// The numbers of the anchors by resource, for each name in a `$dynamicRef`.
    let dynamicAnchors: [[Int: Int]]

    /// True if some demand is about the parts that other keywords have not evaluated.
    let isAboutUnseen: Bool
}

/// The demands of one schema, keyword by keyword.
struct Rule: Sendable {
    var demands: [Assertion] = []

    /// The resource that is entered for checking this rule, if it may be different from the current
    /// one.
    var resource: Int?

    /// The schema `true`, which every value fits.
    static let anything = Rule()

    /// The schema `false`, which no value fits.
    static let nothing = Rule(demands: [.nothing])
}

/// One demand of a schema. A demand on another kind of value does not apply to a value.
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
    ///   - fallback: The reference to follow if none of the entered resources has such an anchor.
    case dynamicReference(name: Int, fallback: Int)
    case all([Rule])
    case any([Rule])
    case exactlyOne([Rule])
    case not(Rule)
    case condition(if: Rule, then: Rule, else: Rule)
    /// The rule for the items, or for the members, that no other keyword of the schema has
    /// evaluated.
    case otherItems(Rule)
    case otherMembers(Rule)

    /// The allowed values of which one has to be equal.
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
    /// The length in Unicode scalars.
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
    /// The other members must be there if the first one is.
    case together(String, [String])
    /// The object must fit the rule if the member is there.
    case dependent(String, Rule)
    case names(Rule)
    case members(named: [Name: Rule], matching: [Matching], rest: Rule?)

    /// A rule for the members whose names match a pattern.
    struct Matching: Sendable {
        let pattern: Pattern
        let rule: Rule
    }
}

/// The name of a member. Names that differ in their bytes are different, even if they are equal as
/// text.
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

    /// The kind with its article: "an object".
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

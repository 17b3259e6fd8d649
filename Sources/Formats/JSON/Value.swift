/// A JSON value whose numbers keep their spelling and whose objects keep their order.
package indirect enum Value: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([Value])
    case object(Members)

    package var string: String? {
        if case .string(let string) = self { string } else { nil }
    }

    package var bool: Bool? {
        if case .bool(let bool) = self { bool } else { nil }
    }

    /// The integer, if the number is written as an integer that fits.
    package var int: Int? {
        if case .number(let spelling) = self { Int(spelling) } else { nil }
    }

    /// The double nearest to the number; an infinity if it is too large.
    package var double: Double? {
        if case .number(let spelling) = self { Double(spelling) } else { nil }
    }

    package var array: [Value]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    package var object: Members? {
        if case .object(let members) = self { members } else { nil }
    }

    /// The member of an object, or nil if this does not have it or is not an object.
    package subscript(key: String) -> Value? { object?[key] }

    /// The kind of value with its article, for messages: "an object", "null".
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int) { self = .number(String(value)) }
    package init(arrayLiteral elements: Value...) { self = .array(elements) }

    package init(dictionaryLiteral elements: (String, Value)...) {
        self = .object(Members(elements))
    }
}

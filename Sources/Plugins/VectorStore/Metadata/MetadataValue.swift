internal import Glibc
internal import JSON

/// A value of the metadata as an index keeps it: a text with the ways in which it may be found.
///
/// Each text under a key is one value, and each element of a list that is not a list or an object
/// itself is another one, so that conditions on elements need not read the list.
struct MetadataValue: Hashable {
    /// The string that the value stands for or, of any other value, its JSON text.
    var text: [UInt8]
    var kind: Kind

    enum Kind: UInt8 {
        /// A text that stands for itself, and for the JSON value that it may spell.
        case plain
        /// A string, which was written as a JSON string.
        case string
        /// A string in a list.
        case elementString
        /// A number, true, false or null in a list.
        case element

        var isElement: Bool { self == .elementString || self == .element }

        /// True if the value may be a number, true, false or null.
        var maySpellJSON: Bool { self == .plain || self == .element }
    }

    /// The longest text that is kept in full. Of a longer one the beginning is kept, with a
    /// fingerprint, and conditions that need more look at the record.
    static let longest = 512
    static let prefix = 256

    /// Returns the values of a text in the metadata.
    static func values(of text: [UInt8]) -> [MetadataValue] {
        switch text.first {
        case UInt8(ascii: "\""):
            guard case .string(let string)? = try? Value(parsing: text) else { break }
            return [MetadataValue(text: Array(string.utf8), kind: .string)]
        case UInt8(ascii: "["):
            guard let elements = (try? Value(parsing: text))?.array else { break }
            var values = Set(elements.compactMap(element))
            values.insert(MetadataValue(text: text, kind: .plain))
            return Array(values)
        default: break
        }
        return [MetadataValue(text: text, kind: .plain)]
    }

    private static func element(_ value: Value) -> MetadataValue? {
        switch value {
        case .string(let string): MetadataValue(text: Array(string.utf8), kind: .elementString)
        case .null, .bool, .number: MetadataValue(text: Array("\(value)".utf8), kind: .element)
        case .array, .object: nil
        }
    }

    /// The number that the value is, if it is one.
    var number: ExactNumber? {
        kind.maySpellJSON ? BorrowedBytes.with(text) { ExactNumber($0) } : nil
    }

    typealias ExactNumber = Filter.ExactNumber
}

/// A text as it is kept, in full or shortened.
struct KeptText: Hashable {
    let bytes: [UInt8]
    let isShortened: Bool

    init(_ text: [UInt8]) {
        isShortened = text.count > MetadataValue.longest
        guard isShortened else {
            bytes = text
            return
        }
        var kept = Array(text[..<MetadataValue.prefix])
        kept.append(number: Self.fingerprint(text))
        bytes = kept
    }

    /// Texts of different fingerprints differ. Those of equal ones may.
    private static func fingerprint(_ text: [UInt8]) -> UInt64 {
        BorrowedBytes.with(text) { text in
            let whole = text.count & ~7
            var hash = UInt64(text.count)
            for offset in stride(from: 0, to: whole, by: 8) {
                hash = (hash ^ text.number(at: offset, as: UInt64.self)) &* 0x9E37_79B9_7F4A_7C15
                hash ^= hash >> 29
            }
            for offset in whole..<text.count {
                hash = (hash ^ UInt64(text[offset])) &* 0x9E37_79B9_7F4A_7C15
                hash ^= hash >> 29
            }
            return hash
        }
    }
}

/// Returns a negative number if the first bytes sort before the others, 0 if they are equal.
func byteOrder(_ one: [UInt8], _ other: [UInt8]) -> Int {
    let common = min(one.count, other.count)
    let order = unsafe common == 0 ? 0 : memcmp(one, other, common)
    return order == 0 ? one.count - other.count : Int(order)
}

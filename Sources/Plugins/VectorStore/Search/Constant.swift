package import JSON

extension Filter {
    /// A constant that metadata are compared with.
    package enum Constant: Sendable, Equatable {
        /// Equals null and missing values.
        case null
        case bool(Bool)
        /// A number, exact whatever its size.
        case number(ExactNumber)
        case string([UInt8])

        init?(_ value: Value) {
            switch value {
            case .null: self = .null
            case .bool(let bool): self = .bool(bool)
            case .number(let spelling): self = .number(ExactNumber(spelling))
            case .string(let string): self = .string(Array(string.utf8))
            case .array, .object: return nil
            }
        }

        /// Returns true if the text equals this; a list equals any value that one of its elements
        /// equals.
        func equals(_ text: BorrowedBytes?) -> Bool {
            guard let text else { return self == .null }
            if equalsWhole(text) { return true }
            guard text.first == UInt8(ascii: "["), let list = try? Value(parsing: text.array).array
            else {
                return false
            }
            return list.contains { Constant($0) == self }
        }

        private func equalsWhole(_ text: BorrowedBytes) -> Bool {
            switch self {
            case .null: text.elementsEqual("null".utf8)
            case .bool(let bool): text.elementsEqual((bool ? "true" : "false").utf8)
            case .string, .number: order(of: text) == 0
            }
        }

        func isPassed(by text: BorrowedBytes, _ comparison: Comparison) -> Bool {
            guard let order = order(of: text) else { return false }
            return switch comparison {
            case .less: order < 0
            case .atMost: order <= 0
            case .greater: order > 0
            case .atLeast: order >= 0
            }
        }

        /// Returns a negative number if `text` sorts before this, 0 if both are equal, nil if they
        /// cannot be compared. Strings sort as their UTF-8, which is the order of their Unicode
        /// scalars.
        private func order(of text: BorrowedBytes) -> Int? {
            switch self {
            case .null, .bool: return nil
            case .string(let string):
                return withString(text) { text in
                    if text.elementsEqual(string) { return 0 }
                    return text.lexicographicallyPrecedes(string) ? -1 : 1
                }
            case .number(let own): return Self.number(text)?.order(to: own)
            }
        }

        private static func number(_ text: BorrowedBytes) -> ExactNumber? {
            // Most texts are not numbers, as their first byte shows.
            guard let first = text.first, first == UInt8(ascii: "-") || (48...57).contains(first),
                let value = try? Value(parsing: text.array), case .number(let spelling) = value
            else { return nil }
            return ExactNumber(spelling)
        }
    }

    /// A number as JSON writes it, compared by its digits.
    package enum ExactNumber: Sendable, Equatable {
        /// The case of most numbers, which costs less.
        case integer(Int)
        case decimal(Number)

        init(_ spelling: String) {
            if let integer = Int(spelling) {
                self = .integer(integer)
                return
            }
            let number = Number(spelling)
            // Each number has one form, so that equal numbers are equal.
            if number.isInteger, number.digits.count + number.exponent <= 18,
                let integer = Int("\(number)")
            {
                self = .integer(integer)
            } else {
                self = .decimal(number)
            }
        }

        /// Returns a negative number if this is less than the other, 0 if both are equal.
        func order(to other: ExactNumber) -> Int {
            switch (self, other) {
            case (.integer(let left), .integer(let right)):
                return left < right ? -1 : left > right ? 1 : 0
            default:
                let (left, right) = (number, other.number)
                return left < right ? -1 : right < left ? 1 : 0
            }
        }

        private var number: Number {
            switch self {
            case .integer(let integer): Number("\(integer)")
            case .decimal(let number): number
            }
        }
    }
}

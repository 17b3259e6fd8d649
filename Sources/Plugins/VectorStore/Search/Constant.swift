package import JSON

extension Filter {
    /// A constant that metadata are compared with.
    package enum Constant: Sendable, Hashable {
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

        func isPassed(by text: BorrowedBytes, _ comparison: Condition.Comparison) -> Bool {
            order(of: text).map(comparison.isPassed) ?? false
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
            case .number(let own): return ExactNumber(text)?.order(to: own)
            }
        }
    }

    /// A number as JSON writes it, compared by its digits.
    package enum ExactNumber: Sendable, Hashable {
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
            self = number.integer.map { .integer($0) } ?? .decimal(number)
        }

        /// Reads a text in the metadata; nil for one that is not a number.
        init?(_ text: BorrowedBytes) {
            // Most texts are not numbers, as their first byte shows.
            guard let first = text.first, Self.mayBegin(with: first) else { return nil }
            if let integer = shortInteger(text) {
                self = .integer(integer)
                return
            }
            guard let value = try? Value(parsing: text.array), case .number(let spelling) = value
            else { return nil }
            self.init(spelling)
        }

        static func mayBegin(with byte: UInt8) -> Bool {
            byte == UInt8(ascii: "-") || (48...57).contains(byte)
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

        package func hash(into hasher: inout Hasher) {
            switch self {
            case .integer(let integer): hasher.combine(integer)
            case .decimal(let number):
                hasher.combine(number.isNegative)
                hasher.combine(number.digits)
                hasher.combine(number.exponent)
            }
        }

        /// The nearest number of double precision; infinite beyond all of them. It never decreases
        /// as numbers increase.
        var double: Double {
            switch self {
            case .integer(let integer): return Double(integer)
            case .decimal(let number):
                let digits = String(decoding: number.digits.map { $0 + 48 }, as: UTF8.self)
                let sign = number.isNegative ? "-" : ""
                if let double = Double("\(sign)\(digits)e\(number.exponent)") { return double }
                // A number of this size is too large, or too close to zero.
                let magnitude = number.exponent > 0 ? Double.infinity : 0
                return number.isNegative ? -magnitude : magnitude
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

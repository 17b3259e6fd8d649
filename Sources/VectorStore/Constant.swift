internal import JSON

extension Filter {
    /// What metadata are compared with.
    package enum Constant: Sendable, Equatable {
        /// Equals what is null or not there.
        case null
        case bool(Bool)
        case integer(Int)
        case number(Double)
        case string([UInt8])

        init?(_ value: Value) {
            switch value {
            case .null: self = .null
            case .bool(let bool): self = .bool(bool)
            case .number:
                if let int = value.int {
                    self = .integer(int)
                } else if let double = value.double {
                    self = .number(double)
                } else {
                    return nil
                }
            case .string(let string): self = .string(Array(string.utf8))
            case .array, .object: return nil
            }
        }

        /// A list equals whatever one of its elements equals.
        func equals(_ text: UnsafeRawBufferPointer?) -> Bool {
            guard let text else { return self == .null }
            if equalsWhole(text) { return true }
            guard text.first == UInt8(ascii: "["), let list = try? Value(parsing: Array(text)).array
            else {
                return false
            }
            return list.contains { element in
                switch (self, Constant(element)) {
                case (.integer(let own), .number(let other)): Double(own) == other
                case (.number(let own), .integer(let other)): own == Double(other)
                case (_, let other): self == other
                }
            }
        }

        private func equalsWhole(_ text: UnsafeRawBufferPointer) -> Bool {
            switch self {
            case .null: text.elementsEqual("null".utf8)
            case .bool(let bool): text.elementsEqual((bool ? "true" : "false").utf8)
            case .string, .integer, .number: order(of: text) == 0
            }
        }

        func isPassed(by text: UnsafeRawBufferPointer, _ comparison: Comparison) -> Bool {
            guard let order = order(of: text) else { return false }
            return switch comparison {
            case .less: order < 0
            case .atMost: order <= 0
            case .greater: order > 0
            case .atLeast: order >= 0
            }
        }

        /// Negative if `text` sorts before this, 0 if both are equal, nil if they do not compare.
        /// Strings sort as their UTF-8, which is the order of their Unicode scalars.
        private func order(of text: UnsafeRawBufferPointer) -> Int? {
            switch self {
            case .null, .bool: return nil
            case .string(let string):
                return withString(text) { text in
                    if text.elementsEqual(string) { return 0 }
                    return text.lexicographicallyPrecedes(string) ? -1 : 1
                }
            case .integer(let own):
                guard let value = Self.number(text) else { return nil }
                if let other = value.int { return other < own ? -1 : other > own ? 1 : 0 }
                return Self.order(value.double, Double(own))
            case .number(let own):
                return Self.order(Self.number(text)?.double, own)
            }
        }

        private static func order(_ left: Double?, _ right: Double) -> Int? {
            guard let left else { return nil }
            return left < right ? -1 : left > right ? 1 : 0
        }

        private static func number(_ text: UnsafeRawBufferPointer) -> Value? {
            // Most texts are not numbers, which their first byte tells.
            guard let first = text.first, first == UInt8(ascii: "-") || (48...57).contains(first),
                let value = try? Value(parsing: Array(text)), case .number = value
            else { return nil }
            return value
        }
    }
}

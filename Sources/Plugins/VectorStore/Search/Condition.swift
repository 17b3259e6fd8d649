internal import JSON

extension Filter {
    /// A condition on the text under a key, or on there being none.
    package enum Condition: Sendable, Equatable {
        case exists
        case equals(Constant)
        /// Equals any of the constants.
        case isOne(of: Set<Constant>)
        /// Is a string that begins so.
        case hasPrefix([UInt8])
        case compares(Comparison, Constant)

        package enum Comparison: Sendable, Equatable {
            case less, atMost, greater, atLeast

            /// - Parameter order: Of a value to the constant that it is compared with.
            func isPassed(by order: Int) -> Bool {
                switch self {
                case .less: order < 0
                case .atMost: order <= 0
                case .greater: order > 0
                case .atLeast: order >= 0
                }
            }
        }

        /// - Parameter text: Nil if there is no value.
        func accepts(_ text: BorrowedBytes?) -> Bool {
            guard let text else { return acceptsMissing }
            return switch self {
            case .exists: true
            case .equals(let constant):
                Self.isOne({ $0 == constant }, text)
            case .isOne(let constants): Self.isOne(constants.contains, text)
            case .hasPrefix(let prefix): withString(text) { $0.hasPrefix(prefix) }
            case .compares(let comparison, let constant): constant.isPassed(by: text, comparison)
            }
        }

        /// True if a record without a value passes.
        var acceptsMissing: Bool {
            switch self {
            case .equals(let constant): constant == .null
            case .isOne(let constants): constants.contains(.null)
            case .exists, .hasPrefix, .compares: false
            }
        }

        /// Returns true if one of the constants that a text stands for is wanted. A list equals
        /// any value that one of its elements equals.
        private static func isOne(
            _ isWanted: (Constant) -> Bool, _ text: BorrowedBytes
        ) -> Bool {
            if text.elementsEqual("null".utf8), isWanted(.null) { return true }
            if text.elementsEqual("true".utf8), isWanted(.bool(true)) { return true }
            if text.elementsEqual("false".utf8), isWanted(.bool(false)) { return true }
            if withString(text, { isWanted(.string($0.array)) }) { return true }
            if let number = ExactNumber(text), isWanted(.number(number)) { return true }
            guard text.first == UInt8(ascii: "["), let list = try? Value(parsing: text.array).array
            else { return false }
            return list.contains { Constant($0).map(isWanted) ?? false }
        }
    }
}

/// Runs `body` with the string that a text in the metadata stands for.
func withString<R>(
    _ text: BorrowedBytes, _ body: (BorrowedBytes) -> R
) -> R {
    guard text.first == UInt8(ascii: "\""),
        let string = (try? Value(parsing: text.array))?.string
    else { return body(text) }
    return BorrowedBytes.with(Array(string.utf8), body)
}

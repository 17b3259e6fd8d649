internal import JSON

extension Filter {
    /// Reads a filter as users of MongoDB, Chroma and Pinecone write it.
    package init(json: String) throws(StoreError) {
        let value: Value
        do {
            value = try Value(parsing: Array(json.utf8))
        } catch {
            throw StoreError("the filter is not JSON: \(error)")
        }
        try self.init(value)
    }

    private init(_ value: Value) throws(StoreError) {
        guard let members = value.object else {
            throw StoreError("a filter must be an object, not \(value.kind)")
        }
        var parts: [Filter] = []
        for (key, value) in members {
            switch key {
            case "$and": parts.append(.all(try Self.list(value, of: key)))
            case "$or": parts.append(.any(try Self.list(value, of: key)))
            case "$nor": parts.append(.not(.any(try Self.list(value, of: key))))
            case "$not": parts.append(.not(try Filter(value)))
            case _ where key.hasPrefix("$"):
                throw StoreError(
                    "the filter has an unknown operator '\(key)': "
                        + "expected $and, $or, $nor, $not or a key of the metadata")
            default: parts.append(try Self.condition(key, value))
            }
        }
        self = parts.count == 1 ? parts[0] : .all(parts)
    }

    private static func list(_ value: Value, of name: String) throws(StoreError) -> [Filter] {
        guard let elements = value.array, !elements.isEmpty else {
            throw StoreError("'\(name)' in the filter needs a list of filters")
        }
        var filters: [Filter] = []
        for element in elements { filters.append(try Filter(element)) }
        return filters
    }

    /// Reads a condition on one key: a value it must equal, or an object of operators.
    private static func condition(_ key: String, _ value: Value) throws(StoreError) -> Filter {
        guard let operators = value.object else {
            return .value(key: Array(key.utf8), .equals(try constant(value, "'\(key)'")))
        }
        guard !operators.isEmpty else {
            throw StoreError("'\(key)' in the filter needs a value or an operator such as $gt")
        }
        var parts: [Filter] = []
        for (name, operand) in operators {
            parts.append(try condition(key, name, operand))
        }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private static func condition(
        _ name: String, _ operation: String, _ operand: Value
    ) throws(StoreError) -> Filter {
        let key = Array(name.utf8)
        let subject = "'\(operation)' of '\(name)'"
        switch operation {
        case "$eq": return .value(key: key, .equals(try constant(operand, subject)))
        case "$ne": return .not(.value(key: key, .equals(try constant(operand, subject))))
        case "$in": return .value(key: key, try isOne(of: operand, subject))
        case "$nin": return .not(.value(key: key, try isOne(of: operand, subject)))
        case "$not": return .not(try condition(name, operand))
        case "$lt": return .value(key: key, .compares(.less, try bound(operand, subject)))
        case "$lte": return .value(key: key, .compares(.atMost, try bound(operand, subject)))
        case "$gt": return .value(key: key, .compares(.greater, try bound(operand, subject)))
        case "$gte": return .value(key: key, .compares(.atLeast, try bound(operand, subject)))
        case "$exists":
            guard let bool = operand.bool else {
                throw StoreError("\(subject) in the filter needs true or false")
            }
            let exists = Filter.value(key: key, .exists)
            return bool ? exists : .not(exists)
        case "$prefix":
            guard let prefix = operand.string else {
                throw StoreError("\(subject) in the filter needs a string, not \(operand.kind)")
            }
            return .value(key: key, .hasPrefix(Array(prefix.utf8)))
        default:
            throw StoreError(
                "the filter has an unknown operator '\(operation)' for '\(name)': expected $eq, $ne, "
                    + "$in, $nin, $lt, $lte, $gt, $gte, $prefix, $exists or $not")
        }
    }

    private static func isOne(
        of operand: Value, _ subject: String
    ) throws(StoreError) -> Condition {
        guard let elements = operand.array else {
            throw StoreError("\(subject) in the filter needs a list, not \(operand.kind)")
        }
        var constants: Set<Constant> = []
        for element in elements { constants.insert(try constant(element, subject)) }
        return .isOne(of: constants)
    }

    private static func constant(
        _ value: Value, _ subject: String
    ) throws(StoreError) -> Constant {
        guard let constant = Constant(value) else {
            throw StoreError(
                "\(subject) in the filter needs a string, a number, true, false or null, "
                    + "not \(value.kind)")
        }
        return constant
    }

    private static func bound(_ value: Value, _ subject: String) throws(StoreError) -> Constant {
        let constant = try constant(value, subject)
        switch constant {
        case .number, .string: return constant
        case .null, .bool:
            throw StoreError("\(subject) in the filter needs a number or a string")
        }
    }
}

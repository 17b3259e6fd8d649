import JSON

/// The arguments of a call. Hosts should check them against the schema, but some do not.
struct Arguments: Sendable {
    private let members: Members

    /// - Parameter json: An object, or an empty text for none.
    init(json: String) throws(ToolError) {
        let value: Value
        do throws(JSONError) {
            value = try Value(parsing: Array((json.isEmpty ? "{}" : json).utf8))
        } catch {
            throw ToolError("the arguments are not JSON: \(error)")
        }
        guard let members = value.object else {
            throw ToolError("the arguments are \(value.kind): expected an object")
        }
        self.members = members
    }

    func refuseUnknown(besides known: [String]) throws(ToolError) {
        for (name, _) in members where !known.contains(name) {
            let names = known.map { "'\($0)'" }.joined(separator: ", ")
            throw ToolError("unknown argument '\(name)': expected \(names)")
        }
    }

    /// - Returns: Nil if it is missing or null.
    func value(_ name: String) -> Value? {
        let value = members[name]
        return value == .null ? nil : value
    }

    func string(_ name: String) throws(ToolError) -> String {
        guard let string = try optionalString(name) else {
            throw ToolError("argument '\(name)' is missing: expected a string")
        }
        return string
    }

    func optionalString(_ name: String) throws(ToolError) -> String? {
        try read(name, "a string", \.string)
    }

    func bool(_ name: String, default standard: Bool) throws(ToolError) -> Bool {
        try read(name, "true or false", \.bool) ?? standard
    }

    func int(_ name: String, in range: ClosedRange<Int>) throws(ToolError) -> Int? {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return try read(name, expected) { value in
            // In JSON Schema, 2.0 is an integer.
            let number = value.int ?? value.double.flatMap { Int(exactly: $0) }
            return number.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func strings(_ name: String) throws(ToolError) -> [String] {
        let strings = try read(name, "an array of strings") { value -> [String]? in
            guard let array = value.array else { return nil }
            let strings = array.compactMap(\.string)
            return strings.count == array.count ? strings : nil
        }
        guard let strings else {
            throw ToolError("argument '\(name)' is missing: expected an array of strings")
        }
        return strings
    }

    private func read<T>(
        _ name: String, _ expected: String, _ read: (Value) -> T?
    ) throws(ToolError) -> T? {
        guard let value = value(name) else { return nil }
        guard let result = read(value) else {
            throw ToolError("argument '\(name)' is \(value.kind): expected \(expected)")
        }
        return result
    }
}

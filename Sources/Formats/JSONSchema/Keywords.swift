import JSON

/// The keywords of one schema, read with their expected types.
struct Keywords {
    private let members: Members
    private let place: Pointer

    /// The resource that the schema belongs to.
    let resource: Int

    init(_ members: Members, at place: Pointer, in resource: Int) {
        self.members = members
        self.place = place
        self.resource = resource
    }

    subscript(name: String) -> Value? { members[name] }

    func pointer(_ name: String) -> Pointer { place.appending(name) }

    func pointer(_ name: String, _ step: String) -> Pointer {
        place.appending(name).appending(step)
    }

    func string(_ name: String) throws(SchemaError) -> String? {
        try read(name, "a string") { $0.string }
    }

    func array(_ name: String) throws(SchemaError) -> [Value]? {
        try read(name, "an array") { $0.array }
    }

    func object(_ name: String) throws(SchemaError) -> Members? {
        try read(name, "an object") { $0.object }
    }

    func strings(_ name: String) throws(SchemaError) -> [String]? {
        // The boolean `required` of draft 3 still occurs, and has no meaning now.
        if case .bool? = members[name] { return nil }
        return try read(name, "an array of strings") { value in
            guard let strings = value.array?.map(\.string), !strings.contains(nil) else {
                return nil
            }
            return strings.compactMap(\.self)
        }
    }

    func number(_ name: String) throws(SchemaError) -> Number? {
        try read(name, "a number") { value in
            if case .number(let spelling) = value { Number(spelling) } else { nil }
        }
    }

    func count(_ name: String) throws(SchemaError) -> Int? {
        try read(name, "an integer of 0 or more") { value in
            guard case .number(let spelling) = value else { return nil }
            let number = Number(spelling)
            guard number.isInteger, !number.isNegative else { return nil }
            // A length that does not fit is longer than any value.
            return number.integer ?? .max
        }
    }

    /// Reads a limit and its exclusive form, which in draft 4 was a boolean beside it.
    func limit(
        _ name: String, _ exclusive: String
    ) throws(SchemaError) -> [(number: Number, isExclusive: Bool)] {
        let number = try number(name)
        if case .bool(let isExclusive)? = members[exclusive] {
            return number.map { [($0, isExclusive)] } ?? []
        }
        let strict = try self.number(exclusive)
        return (number.map { [($0, false)] } ?? []) + (strict.map { [($0, true)] } ?? [])
    }

    private func read<R>(
        _ name: String, _ expected: String, _ body: (Value) -> R?
    ) throws(SchemaError) -> R? {
        guard let value = members[name] else { return nil }
        guard let result = body(value) else {
            throw SchemaError(
                pointer: pointer(name), problem: "expected \(expected), not \(value.kind)")
        }
        return result
    }
}

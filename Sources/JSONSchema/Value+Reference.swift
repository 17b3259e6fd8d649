import JSON

extension Value {
    /// The schema within this one that a `$ref` means, and where it is.
    ///
    /// Understood are `#`, `#/a/pointer`, `#anchor`, and each of these after an `$id`.
    func target(ofReference text: String) -> (Value, pointer: String)? {
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        var base: (Value, pointer: String) = (self, "")
        if let name = parts.first, !name.isEmpty {
            guard
                let found = find(
                    "", where: { $0["$id"]?.string.map(Self.plain) == Self.plain(String(name)) })
            else { return nil }
            base = found
        }
        guard parts.count == 2, let fragment = Self.unescape(parts[1]), !fragment.isEmpty else {
            return parts.count == 2 && !parts[1].isEmpty ? nil : base
        }
        if fragment.hasPrefix("/") {
            return base.0.part(at: fragment).map { ($0, base.pointer + fragment) }
        }
        return base.0.find(base.pointer) {
            $0["$anchor"]?.string == fragment || $0["$dynamicAnchor"]?.string == fragment
        }
    }

    private static func plain(_ id: String) -> String {
        id.hasSuffix("#") ? String(id.dropLast()) : id
    }

    /// The part that an RFC 6901 pointer names.
    private func part(at pointer: String) -> Value? {
        var part = self
        for step in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let name = String(step.replacing("~1", with: "/").replacing("~0", with: "~"))
            switch part {
            case .object(let members):
                guard let member = members[name] else { return nil }
                part = member
            case .array(let elements):
                guard let index = Int(name), elements.indices.contains(index) else { return nil }
                part = elements[index]
            default: return nil
            }
        }
        return part
    }

    /// The first object in this value, from the outside in, that is what is wanted.
    private func find(_ pointer: String, where isWanted: (Value) -> Bool) -> (
        Value, pointer: String
    )? {
        var open = [(self, pointer)]
        while let (value, pointer) = open.popLast() {
            switch value {
            case .object(let members):
                if isWanted(value) { return (value, pointer) }
                for (key, member) in members where key != "enum" && key != "const" {
                    open.append((member, "\(pointer)/\(key)"))
                }
            case .array(let elements):
                for (index, element) in elements.enumerated() {
                    open.append((element, "\(pointer)/\(index)"))
                }
            default: break
            }
        }
        return nil
    }

    /// The text that a URI's fragment stands for, or nil if it is none.
    private static func unescape(_ fragment: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(fragment.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                guard digits.utf8.count == 2, let code = UInt8(digits, radix: 16) else {
                    return nil
                }
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

import JSON

/// The names that a schema gives to parts of itself.
struct ReferenceNames {
    private var ids: [String: (Value, pointer: String)] = [:]

    /// By the pointer of the schema with an `$id` that they are in, or of the whole.
    private var anchors: [String: [String: (Value, pointer: String)]] = [:]

    /// The members of objects that have many, by the objects' pointers.
    private var members: [String: [Name: Value]] = [:]

    private static let many = 32

    /// Finds the names in a schema.
    mutating func find(in root: Value) {
        guard anchors.isEmpty, ids.isEmpty else { return }
        var open: [(value: Value, pointer: String, base: [String])] = [(root, "", [""])]
        while let next = open.popLast() {
            let (value, pointer) = (next.value, next.pointer)
            var base = next.base
            switch value {
            case .object(let members):
                if let id = members["$id"]?.string {
                    let id = Self.plain(id)
                    if ids[id] == nil { ids[id] = (value, pointer) }
                    if !pointer.isEmpty { base.append(pointer) }
                }
                for keyword in ["$anchor", "$dynamicAnchor"] {
                    guard let name = members[keyword]?.string else { continue }
                    for base in base where anchors[base]?[name] == nil {
                        anchors[base, default: [:]][name] = (value, pointer)
                    }
                }
                for (key, member) in members.reversed() where key != "enum" && key != "const" {
                    let step = key.replacing("~", with: "~0").replacing("/", with: "~1")
                    open.append((member, "\(pointer)/\(step)", base))
                }
            case .array(let elements):
                for (index, element) in elements.enumerated().reversed() {
                    open.append((element, "\(pointer)/\(index)", base))
                }
            default: break
            }
        }
    }

    /// - Parameter pointer: Where the object with these members is.
    mutating func member(_ name: String, of members: Members, at pointer: String) -> Value? {
        guard members.count > Self.many else { return members[name] }
        if let known = self.members[pointer] { return known[Name(name)] }
        let known = Dictionary(members.map { (Name($0.key), $0.value) }) { $1 }
        self.members[pointer] = known
        return known[Name(name)]
    }

    func schema(withID id: String) -> (Value, pointer: String)? { ids[Self.plain(id)] }

    func anchor(_ name: String, under pointer: String) -> (Value, pointer: String)? {
        anchors[pointer]?[name]
    }

    private static func plain(_ id: String) -> String {
        id.hasSuffix("#") ? String(id.dropLast()) : id
    }
}

extension Value {
    /// The schema within this one that a `$ref` means, and where it is.
    ///
    /// Understood are `#`, `#/a/pointer`, `#anchor`, and each of these after an `$id`.
    func target(
        ofReference text: String, _ names: inout ReferenceNames
    ) -> (Value, pointer: String)? {
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        var base: (Value, pointer: String) = (self, "")
        if let name = parts.first, !name.isEmpty {
            guard let found = names.schema(withID: String(name)) else { return nil }
            base = found
        }
        guard parts.count == 2, let fragment = Self.unescape(parts[1]), !fragment.isEmpty else {
            return parts.count == 2 && !parts[1].isEmpty ? nil : base
        }
        if fragment.hasPrefix("/") {
            // From the root, so that a place has one name only.
            let pointer = base.pointer + fragment
            return part(at: pointer, &names).map { ($0, pointer) }
        }
        return names.anchor(fragment, under: base.pointer)
    }

    /// The part that an RFC 6901 pointer names.
    private func part(at pointer: String, _ names: inout ReferenceNames) -> Value? {
        var part = self
        var place = ""
        for step in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let name = String(step.replacing("~1", with: "/").replacing("~0", with: "~"))
            switch part {
            case .object(let members):
                guard let member = names.member(name, of: members, at: place) else { return nil }
                part = member
                place += "/\(step)"
            case .array(let elements):
                guard let index = Int(name), elements.indices.contains(index) else { return nil }
                part = elements[index]
                place += "/\(step)"
            default: return nil
            }
        }
        return part
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

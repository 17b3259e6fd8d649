import JSON

/// The schemas that have their own URI: documents, and parts of them with an `$id`.
///
/// The names in a document are collected when the first reference needs one.
struct Resources {
    /// A schema, its place, and the resource that it belongs to.
    struct Place {
        let value: Value
        let document: Int
        /// The path from the root of the document.
        let pointer: Pointer
        let resource: Int
    }

    struct Resource {
        let value: Value
        let document: Int
        let pointer: Pointer
        let uri: URIReference
        let dialect: Dialect
        fileprivate(set) var anchors: [String: Place] = [:]
        /// The anchors to which a `$dynamicRef` may lead.
        fileprivate(set) var dynamicAnchors: Set<String> = []
    }

    private(set) var list: [Resource] = []
    private var documents: [Value] = []
    private var byURI: [String: Int] = [:]
    /// The resources' numbers by document and pointer.
    private var byPointer: [[Pointer: Int]] = []
    private var searched: Set<Int> = []

    /// The documents that a reference may name, by their URIs.
    private let given: [String: Value]

    /// The members of objects with many members, by document and the objects' pointers.
    private var members: [[Pointer: [Name: Value]]] = []

    private static let many = 32

    init(_ root: Value, given: [String: Value]) {
        self.given = given
        add(document: root, uri: URIReference(""))
    }

    var root: Place { place(of: 0) }

    private func place(of number: Int) -> Place {
        let resource = list[number]
        return Place(
            value: resource.value, document: resource.document, pointer: resource.pointer,
            resource: number)
    }

    @discardableResult
    private mutating func add(document: Value, uri: URIReference) -> Int {
        documents.append(document)
        byPointer.append([:])
        members.append([:])
        let dialect = dialect(of: document, default: .latest)
        let id = dialect.id(of: document).map { $0.resolved(against: uri) } ?? uri
        return add(
            Resource(
                value: document, document: documents.count - 1, pointer: .root, uri: id,
                dialect: dialect))
    }

    @discardableResult
    private mutating func add(_ resource: Resource) -> Int {
        list.append(resource)
        let number = list.count - 1
        byPointer[resource.document][resource.pointer] = number
        // Of two resources with the same URI the first counts.
        if byURI[resource.uri.document] == nil { byURI[resource.uri.document] = number }
        return number
    }

    private func dialect(of schema: Value, default inherited: Dialect) -> Dialect {
        guard let uri = schema["$schema"]?.string else { return inherited }
        return Dialect(uri: uri, metaschema: given[URIReference(uri).document])
    }

    /// Returns the resource that begins with this schema, or the one around it.
    ///
    /// - Parameter resource: The resource around it.
    mutating func resource(
        of schema: Value, at pointer: Pointer, in resource: Int
    ) -> Int {
        guard list[resource].dialect.id(of: schema) != nil, pointer != list[resource].pointer else {
            return resource
        }
        let document = list[resource].document
        search(document)
        return byPointer[document][pointer] ?? resource
    }

    /// Returns the schema that a reference means, or nil if there is none.
    ///
    /// - Parameter resource: The resource that contains the reference.
    mutating func target(of reference: String, in resource: Int) -> Place? {
        let reference = URIReference(reference)
        var base = resource
        if !reference.isLocal {
            let uri = reference.resolved(against: list[resource].uri).document
            guard let found = self.resource(withURI: uri) else { return nil }
            base = found
        }
        guard let encoded = reference.fragment, !encoded.isEmpty else { return place(of: base) }
        guard let fragment = encoded.withoutPercentEncoding else { return nil }
        if fragment.hasPrefix("/") { return part(at: fragment, of: base) }
        search(list[base].document)
        return list[base].anchors[fragment]
    }

    private mutating func resource(withURI uri: String) -> Int? {
        if let known = byURI[uri] { return known }
        for document in documents.indices { search(document) }
        if let known = byURI[uri] { return known }
        guard let document = given[uri] ?? Metaschema.document(uri) else { return nil }
        let number = add(document: document, uri: URIReference(uri))
        byURI[uri] = number
        return number
    }

    /// Finds the names in all documents that have been used so far.
    mutating func searchAll() {
        for document in documents.indices { search(document) }
    }

    /// Returns the part of a resource that an RFC 6901 pointer names.
    private mutating func part(at fragment: String, of base: Int) -> Place? {
        let document = list[base].document
        var part = list[base].value
        var pointer = list[base].pointer
        var resource = base
        for step in fragment.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let name = String(step.replacing("~1", with: "/").replacing("~0", with: "~"))
            switch part {
            case .object(let members):
                guard let member = member(name, of: members, at: pointer, in: document) else {
                    return nil
                }
                part = member
            case .array(let elements):
                guard let index = Int(name), elements.indices.contains(index) else { return nil }
                part = elements[index]
            default: return nil
            }
            pointer = pointer.appending(name)
            resource = self.resource(of: part, at: pointer, in: resource)
        }
        return Place(value: part, document: document, pointer: pointer, resource: resource)
    }

    private mutating func member(
        _ name: String, of members: Members, at pointer: Pointer, in document: Int
    ) -> Value? {
        guard members.count > Self.many else { return members[name] }
        if let known = self.members[document][pointer] { return known[Name(name)] }
        let known = Dictionary(members.map { (Name($0.key), $0.value) }) { $1 }
        self.members[document][pointer] = known
        return known[Name(name)]
    }

    /// Finds the names in a document.
    private mutating func search(_ document: Int) {
        guard searched.insert(document).inserted else { return }
        var open: [(value: Value, pointer: Pointer, resource: Int)] = [
            (documents[document], .root, byPointer[document][.root] ?? 0)
        ]
        while let (value, pointer, outer) = open.popLast() {
            guard case .object(let members) = value else { continue }
            var resource = outer
            if let id = list[outer].dialect.id(of: value), pointer != list[outer].pointer {
                let dialect = dialect(of: value, default: list[outer].dialect)
                resource = add(
                    Resource(
                        value: value, document: document, pointer: pointer,
                        uri: id.resolved(against: list[outer].uri), dialect: dialect))
            }
            let place = Place(
                value: value, document: document, pointer: pointer, resource: resource)
            for anchor in list[resource].dialect.anchors(of: value)
            where list[resource].anchors[anchor.name] == nil {
                list[resource].anchors[anchor.name] = place
                if anchor.isDynamic { list[resource].dynamicAnchors.insert(anchor.name) }
            }
            var inside: [(value: Value, pointer: Pointer, resource: Int)] = []
            for (key, member) in members {
                let way = pointer.appending(key)
                switch (Dialect.shape(of: key), member) {
                case (.schemas, .object): inside.append((member, way, resource))
                case (.schemas, .array(let elements)):
                    for (index, element) in elements.enumerated() {
                        inside.append((element, way.appending("\(index)"), resource))
                    }
                case (.named, .object(let elements)):
                    for (name, element) in elements {
                        inside.append((element, way.appending(name), resource))
                    }
                default: continue
                }
            }
            open += inside.reversed()
        }
    }
}

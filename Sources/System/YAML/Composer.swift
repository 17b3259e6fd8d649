/// A composer that builds the nodes of a text from its events.
struct Composer: ~Copyable {
    /// The deepest nesting of collections, with aliases expanded.
    static let deepest = 100

    /// The most nodes and bytes that all aliases of a text may stand for. Code that walks a
    /// document walks at most the size of its text plus this.
    static let largestExpansion = 4 * 1024 * 1024

    private let source: Source
    private var parser: Parser
    private var anchors: [String: Anchor] = [:]
    private var expansion = 0

    /// The mistakes that leave the rest of the text readable.
    private(set) var problems: [YAMLError] = []

    private enum Anchor {
        /// The anchor belongs to a collection that begins at this mark and has not ended.
        case open(Mark)
        case closed(Node)
    }

    init(_ source: Source) {
        self.source = source
        parser = Parser(source)
    }

    mutating func documents() throws(YAMLError) -> [Node] {
        var documents: [Node] = []
        while true {
            switch try parser.next().kind {
            case .streamEnd: return documents
            case .documentStart:
                anchors = [:]
                documents.append(try node(parser.next(), depth: 1))
            default: break
            }
        }
    }

    private mutating func node(_ event: Event, depth: Int) throws(YAMLError) -> Node {
        if depth > Self.deepest {
            throw source.error("nested more than \(Self.deepest) deep", at: event.mark)
        }
        if case .alias(let name) = event.kind {
            return try target(of: name, at: event.mark, depth: depth)
        }
        if let anchor = event.anchor { anchors[anchor] = .open(event.mark) }
        let node = Node(try content(event, depth: depth), at: event.mark)
        // A node inside may have been given the same anchor by now.
        if let anchor = event.anchor, case .open(event.mark) = anchors[anchor] {
            anchors[anchor] = .closed(node)
        }
        return node
    }

    private mutating func target(
        of alias: String, at mark: Mark, depth: Int
    ) throws(YAMLError) -> Node {
        switch anchors[alias] {
        case nil: throw source.error("no anchor '&\(alias)' before this alias", at: mark)
        case .open: throw source.error("'*\(alias)' is inside what it stands for", at: mark)
        case .closed(let node):
            expansion += node.size
            guard expansion <= Self.largestExpansion else {
                throw source.error("the aliases up to here stand for too much", at: mark)
            }
            guard depth + node.depth - 1 <= Self.deepest else {
                throw source.error("nested more than \(Self.deepest) deep", at: mark)
            }
            return node
        }
    }

    private mutating func content(_ event: Event, depth: Int) throws(YAMLError) -> Node.Content {
        switch event.kind {
        case .sequenceStart:
            check(event, allows: "seq")
            var nodes: [Node] = []
            while true {
                let next = try parser.next()
                if case .collectionEnd = next.kind { return .sequence(nodes) }
                nodes.append(try node(next, depth: depth + 1))
            }
        case .mappingStart:
            check(event, allows: "map")
            return .mapping(try entries(depth: depth + 1))
        case .scalar(let text, let style):
            return .scalar(scalar(text, style, event))
        default:
            preconditionFailure("libyaml gave \(event.kind) for a node")
        }
    }

    private mutating func entries(depth: Int) throws(YAMLError) -> [Node.Entry] {
        var mapping = MappingBuilder()
        while true {
            let event = try parser.next()
            if case .collectionEnd = event.kind { break }
            let key = try node(event, depth: depth)
            let value = try node(parser.next(), depth: depth)
            guard let scalar = key.scalar else {
                problems.append(
                    source.error("a key is \(key.description), expected a scalar", at: event.mark))
                continue
            }
            if scalar.text == "<<", scalar.style == .plain {
                if let problem = mapping.merge(value) {
                    problems.append(source.error(problem, at: value.mark))
                }
            } else if let first = mapping.add(scalar.text, at: event.mark, value) {
                let problem = "duplicate key '\(scalar.text)', first on line \(first.line)"
                problems.append(source.error(problem, at: event.mark))
            }
        }
        return mapping.entries
    }

    /// Makes a scalar according to its tag, or without a tag according to its text.
    private mutating func scalar(
        _ text: String, _ style: Scalar.Style, _ event: Event
    ) -> Scalar {
        guard let tag = event.tag else { return Scalar(text, style: style) }
        let asString = Scalar(text: text, style: style, kind: .string)
        let kind = Scalar.Kind(core: text)
        let fits: Bool
        switch tag.hasPrefix(coreTag) ? String(tag.dropFirst(coreTag.count)) : tag {
        case "!", "str": return asString
        case "null": fits = kind == .null
        case "bool": fits = kind == .bool(true) || kind == .bool(false)
        case "int": fits = kind == .integer
        case "float": fits = kind == .float || kind == .integer
        default:
            problems.append(source.error("unknown tag '\(tag)' for a scalar", at: event.mark))
            return asString
        }
        if fits { return Scalar(text: text, style: style, kind: kind) }
        problems.append(source.error("'\(text)' is not what its tag '\(tag)' says", at: event.mark))
        return asString
    }

    private mutating func check(_ event: Event, allows name: String) {
        guard let tag = event.tag, tag != "!", tag != coreTag + name else { return }
        let what = name == "seq" ? "list" : "mapping"
        problems.append(source.error("unknown tag '\(tag)' for a \(what)", at: event.mark))
    }
}

private let coreTag = "tag:yaml.org,2002:"

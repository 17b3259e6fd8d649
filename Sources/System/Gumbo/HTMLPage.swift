internal import CGumbo

/// A page of HTML, parsed by the rules of the WHATWG as browsers do.
package struct HTMLPage: ~Copyable {
    private let output: UnsafeMutablePointer<GumboOutput>

    // The tree points into the text.
    private let text: UnsafeMutableBufferPointer<CChar>

    /// - Parameter page: UTF-8.
    package init(parsing page: Span<UInt8>) {
        text = .allocate(capacity: page.count + 1)
        for index in 0..<page.count { text[index] = CChar(bitPattern: page[index]) }
        text[page.count] = 0
        var options = kGumboDefaultOptions
        options.max_errors = 0
        output = gumbo_parse_with_options(&options, text.baseAddress, page.count)
    }

    deinit {
        withUnsafePointer(to: kGumboDefaultOptions) { gumbo_destroy_output($0, output) }
        text.deallocate()
    }

    /// Goes through the tree in the order of the text, without recursion.
    package func walk(_ visitor: inout some HTMLVisitor) {
        guard let root = output.pointee.root else { return }
        var stack: [(node: UnsafeMutablePointer<GumboNode>, next: Int)] = []
        enter(root, &stack, &visitor)
        while let (node, next) = stack.last {
            let children = node.pointee.v.element.children
            if next == Int(children.length) {
                visitor.end(Self.name(node))
                stack.removeLast()
                continue
            }
            stack[stack.count - 1].next += 1
            enter(
                children.data[next]!.assumingMemoryBound(to: GumboNode.self), &stack, &visitor)
        }
    }

    private func enter(
        _ node: UnsafeMutablePointer<GumboNode>,
        _ stack: inout [(node: UnsafeMutablePointer<GumboNode>, next: Int)],
        _ visitor: inout some HTMLVisitor
    ) {
        switch node.pointee.type {
        case GUMBO_NODE_TEXT, GUMBO_NODE_WHITESPACE, GUMBO_NODE_CDATA:
            guard let text = node.pointee.v.text.text else { return }
            var length = 0
            while text[length] != 0 { length += 1 }
            text.withMemoryRebound(to: UInt8.self, capacity: length) {
                visitor.text(UnsafeBufferPointer(start: $0, count: length).span)
            }
        case GUMBO_NODE_ELEMENT, GUMBO_NODE_TEMPLATE:
            let element = HTMLElement(name: Self.name(node), node)
            if visitor.begin(element) { stack.append((node, 0)) }
        default: break
        }
    }

    fileprivate static func name(_ node: UnsafeMutablePointer<GumboNode>) -> String {
        let element = node.pointee.v.element
        if element.tag != GUMBO_TAG_UNKNOWN {
            return String(cString: gumbo_normalized_tagname(element.tag))
        }
        var piece = element.original_tag
        gumbo_tag_from_original_text(&piece)
        guard let data = piece.data else { return "" }
        let bytes = UnsafeRawBufferPointer(start: data, count: piece.length)
        return String(decoding: bytes, as: UTF8.self).lowercased()
    }
}

/// The part of a program that sees a page's elements and texts.
package protocol HTMLVisitor {
    /// - Returns: False to leave out the element and everything in it; `end` is not called then.
    mutating func begin(_ element: borrowing HTMLElement) -> Bool
    mutating func end(_ name: String)
    mutating func text(_ text: Span<UInt8>)
}

/// An element of a page, which is valid only during the visit.
package struct HTMLElement: ~Copyable {
    /// In lower case.
    package let name: String
    private let node: UnsafeMutablePointer<GumboNode>

    fileprivate init(name: String, _ node: UnsafeMutablePointer<GumboNode>) {
        self.name = name
        self.node = node
    }

    /// The value of an attribute; nil if the element does not have it.
    package func attribute(_ name: String) -> String? {
        if node.pointee.v.element.attributes.length == 0 { return nil }
        return withUnsafePointer(to: node.pointee.v.element.attributes) { attributes in
            gumbo_get_attribute(attributes, name).map { String(cString: $0.pointee.value) }
        }
    }

    /// True if one of these elements is inside this one.
    package func contains(_ names: Set<String>) -> Bool {
        var stack: [(node: UnsafeMutablePointer<GumboNode>, next: Int)] = [(node, 0)]
        while let (node, next) = stack.last {
            let children = node.pointee.v.element.children
            if next == Int(children.length) {
                stack.removeLast()
                continue
            }
            stack[stack.count - 1].next += 1
            let child = children.data[next]!.assumingMemoryBound(to: GumboNode.self)
            guard child.pointee.type == GUMBO_NODE_ELEMENT else { continue }
            if names.contains(HTMLPage.name(child)) { return true }
            stack.append((child, 0))
        }
        return false
    }
}

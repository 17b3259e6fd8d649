internal import CCMark

/// A block of a Markdown text: a heading, a paragraph, a list item, …
package struct MarkdownBlock: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// The text is without markup.
        case heading(level: Int, text: String)
        /// A code block between fences, and one that is indented.
        case fence, code
        case list, item, table, row
        case other
    }

    package let kind: Kind

    /// The number of blocks that it is in.
    package let depth: Int

    /// Lines are counted from 0.
    package let lines: Range<Int>
}

/// Returns the blocks of a Markdown text (CommonMark with tables) in their order, each before those
/// in it.
package func markdownBlocks(of text: Span<UInt8>) -> [MarkdownBlock] {
    _ = extensions
    let parser = cmark_parser_new(CMARK_OPT_DEFAULT)
    defer { cmark_parser_free(parser) }
    // Tables have no inline marks. Those of other extensions are kept in a variable that all threads
    // share.
    cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension("table"))
    feed(text, to: parser)
    guard let document = cmark_parser_finish(parser) else { return [] }
    defer { cmark_node_free(document) }
    return blocks(in: document)
}

/// Registers the extensions, once in a process.
private let extensions: Void = cmark_gfm_core_extensions_ensure_registered()

/// A byte that stands for `!` before `[`. An image is parsed as a link: the library takes quadratic
/// time for many nested images (CVE-2023-22484), and neither is a block.
private let imageMark: UInt8 = 0x01

private func feed(_ text: Span<UInt8>, to parser: OpaquePointer?) {
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    var position = 0
    while position < text.count {
        let count = min(buffer.count, text.count - position)
        for index in 0..<count {
            let byte = text[position + index]
            let isImage =
                byte == UInt8(ascii: "!") && position + index + 1 < text.count
                && text[position + index + 1] == UInt8(ascii: "[")
            buffer[index] = isImage ? imageMark : byte
        }
        buffer.withUnsafeBytes {
            cmark_parser_feed(parser, $0.baseAddress!.assumingMemoryBound(to: CChar.self), count)
        }
        position += count
    }
}

private func blocks(in document: OpaquePointer) -> [MarkdownBlock] {
    let iterator = cmark_iter_new(document)
    defer { cmark_iter_free(iterator) }
    var blocks: [MarkdownBlock] = []
    var depth = 0
    var heading: (level: Int, lines: Range<Int>, text: [UInt8])?
    while true {
        let event = cmark_iter_next(iterator)
        guard event != CMARK_EVENT_DONE, let node = cmark_iter_get_node(iterator) else {
            return blocks
        }
        let type = cmark_node_get_type(node)
        let isEntered = event == CMARK_EVENT_ENTER
        if hector_cmark_is_block(type) == 0 {
            if isEntered, heading != nil { heading!.text += inlineText(node, type) }
            continue
        }
        let lines = lines(of: node)
        if type == CMARK_NODE_HEADING {
            if isEntered {
                heading = (Int(cmark_node_get_heading_level(node)), lines, [])
            } else if let (level, lines, text) = heading.take() {
                let words = String(decoding: text.filter { $0 != imageMark }, as: UTF8.self)
                    .split(whereSeparator: \.isWhitespace).joined(separator: " ")
                blocks.append(
                    MarkdownBlock(
                        kind: .heading(level: level, text: words), depth: depth, lines: lines))
            }
            continue
        }
        let isLeaf =
            type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_HTML_BLOCK
            || type == CMARK_NODE_THEMATIC_BREAK
        if isEntered {
            if type != CMARK_NODE_DOCUMENT {
                let kind = kind(of: node, type)
                if let kind {
                    blocks.append(MarkdownBlock(kind: kind, depth: depth, lines: lines))
                }
                if !isLeaf { depth += 1 }
            }
        } else if type != CMARK_NODE_DOCUMENT, !isLeaf {
            depth -= 1
        }
    }
}

private func lines(of node: OpaquePointer) -> Range<Int> {
    let first = max(1, Int(cmark_node_get_start_line(node)))
    return first - 1..<max(first, Int(cmark_node_get_end_line(node)))
}

/// - Returns: Nil for a part of a block that needs no mention, such as a cell.
private func kind(
    of node: OpaquePointer, _ type: cmark_node_type
) -> MarkdownBlock.Kind? {
    switch type {
    case CMARK_NODE_LIST: return .list
    case CMARK_NODE_ITEM: return .item
    case CMARK_NODE_CODE_BLOCK:
        var length: Int32 = 0
        var offset: Int32 = 0
        var character: CChar = 0
        return cmark_node_get_fenced(node, &length, &offset, &character) != 0 ? .fence : .code
    case CMARK_NODE_BLOCK_QUOTE, CMARK_NODE_PARAGRAPH, CMARK_NODE_HTML_BLOCK,
        CMARK_NODE_THEMATIC_BREAK, CMARK_NODE_CUSTOM_BLOCK, CMARK_NODE_FOOTNOTE_DEFINITION:
        return .other
    default:
        switch String(cString: cmark_node_get_type_string(node)) {
        case "table": return .table
        case "table_row", "table_header": return .row
        default: return nil
        }
    }
}

private func inlineText(
    _ node: OpaquePointer, _ type: cmark_node_type
) -> [UInt8] {
    switch type {
    case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: return [0x20]
    case CMARK_NODE_TEXT, CMARK_NODE_CODE:
        guard let literal = cmark_node_get_literal(node) else { return [] }
        return Array(String(cString: literal).utf8)
    default: return []
    }
}

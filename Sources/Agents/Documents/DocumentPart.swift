package import JSON
internal import Text

/// A part of a document that is cut by itself: the whole of most documents, or a message of a
/// mailbox.
package struct DocumentPart: Sendable {
    /// UTF-8, of which a few bytes may be broken.
    package var text: [UInt8]
    package var structure: Structure

    /// The place where the text to be cut begins, such as the end of the front matter.
    package var start = 0
    package var title: String?

    /// Further members for the metadata.
    package var properties: Members = Members()

    init(text: [UInt8], structure: Structure, title: String? = nil) {
        self.text = text
        self.structure = structure
        self.title = title
    }

    init(_ page: HTMLText) {
        self.init(text: page.bytes, structure: page.structure, title: page.title)
    }

    /// A text without structure: a plain one.
    init(plain text: [UInt8], title: String? = nil) {
        let nothing: [UInt8] = []
        self.init(
            text: text, structure: StructureBuilder().structure(of: nothing.span), title: title)
    }

    init(markdown text: [UInt8]) {
        let matter = FrontMatter(text)
        let (structure, title) = MarkdownStructure.structure(
            of: text.span, from: matter?.length ?? 0)
        self.init(text: text, structure: structure, title: matter?.title ?? title)
        guard let matter else { return }
        // A file with nothing else is not empty.
        start = text[matter.length...].allSatisfy(\.isASCIIWhitespace) ? 0 : matter.length
        if !matter.tags.isEmpty {
            properties.append("tags", .array(matter.tags.map { .string($0) }))
        }
        if !matter.others.isEmpty { properties.append("front_matter", .object(matter.others)) }
    }
}

extension DocumentPart {
    /// The most bytes of a document that is parsed as a whole, which takes many times its size.
    package static let largest = 16 << 20

    /// Returns the parts of a document that has to be read as a whole.
    ///
    /// - Parameter text: UTF-8.
    /// - Throws: The reason why the document is not read.
    package static func parts(
        of text: [UInt8], _ kind: DocumentKind, name: String
    ) throws(SkipReason) -> [DocumentPart] {
        switch kind {
        case .html:
            let lowercase = name.lowercased()
            let isXML =
                text.starts(with: Array("<?xml".utf8)) || lowercase.hasSuffix(".xhtml")
                || lowercase.hasSuffix(".xht")
            return [DocumentPart(try HTMLText(text, isXML: isXML))]
        case .markdown: return [DocumentPart(markdown: text)]
        case .notebook: return [try Notebook.part(of: text)]
        case .mail: return [try MailMessage.part(of: text)]
        case .manual: return [try manual(text)]
        default: return [DocumentPart(plain: text)]
        }
    }

    /// - Parameter text: The page as mandoc(1) formats it, or its source.
    private static func manual(_ text: [UInt8]) throws(SkipReason) -> DocumentPart {
        guard text.first(where: { $0 > 0x20 }) == UInt8(ascii: "<") else {
            return ManualSource.part(of: text)
        }
        var part = DocumentPart(try HTMLText(text, isManual: true))
        part.title = name(of: part) ?? part.title
        return part
    }

    /// Returns the line of a manual page that says what the page is about.
    private static func name(of part: DocumentPart) -> String? {
        let headings = part.structure.headings
        guard let index = headings.firstIndex(where: { $0.path.first?.uppercased() == "NAME" })
        else { return nil }
        let end = index + 1 < headings.count ? headings[index + 1].offset : part.text.count
        let lines = part.text[headings[index].offset..<end].split(separator: UInt8(ascii: "\n"))
        return lines.dropFirst().first.map { String(decoding: $0.prefix(300), as: UTF8.self) }
    }
}

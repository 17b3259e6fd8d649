internal import Gumbo
internal import Text

/// The text that a reader sees on a page of HTML, with its structure.
package struct HTMLText: Sendable {
    /// UTF-8, with a newline at its end unless it is empty.
    package let bytes: [UInt8]
    package let structure: Structure

    /// The page's title, or else its first heading.
    package let title: String?

    /// The deepest nesting of elements, as an estimate before parsing: the parser's time grows with
    /// the depth of each element.
    private static let deepest = 4000

    /// The most attributes of an element: the parser compares each with all others of it.
    private static let mostAttributes = 500

    /// - Parameters:
    ///   - isXML: True for XHTML, in which an element may be closed where it begins.
    ///   - isManual: True for a page of mandoc(1), without its first and its last line.
    /// - Throws: The reason why the page is not read.
    package init(
        _ page: [UInt8], isXML: Bool = false, isManual: Bool = false
    ) throws(SkipReason) {
        // An attribute has at least two bytes, a tag three.
        if page.count > 2 * Self.mostAttributes {
            let estimate = HTMLDepth.estimate(page)
            if estimate.depth > Self.deepest {
                throw SkipReason(
                    .damaged, "its elements are nested more than \(Self.deepest) deep")
            }
            if estimate.attributes > Self.mostAttributes {
                throw SkipReason(
                    .damaged, "an element has more than \(Self.mostAttributes) attributes")
            }
        }
        let page = isXML ? HTMLDepth.withoutEmptyTexts(page) : page
        let tree = HTMLPage(parsing: page.span)
        var reader = HTMLReader(showsNavigation: false, isManual: isManual)
        tree.walk(&reader)
        if reader.isEmpty {
            // A page of links, such as an index, is more than nothing.
            reader = HTMLReader(showsNavigation: true, isManual: isManual)
            tree.walk(&reader)
        }
        if reader.isEmpty, let other = HTMLDepth.textWithoutFrames(page) {
            self = try HTMLText(other, isXML: isXML, isManual: isManual)
            return
        }
        reader.finish()
        let output = reader.output
        structure = reader.builder.structure(of: output.span)
        bytes = output
        title = reader.title ?? reader.builder.firstHeading
    }
}

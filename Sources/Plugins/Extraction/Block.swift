/// A part of a text that no sentence crosses.
struct Block: Equatable {
    enum Kind: Equatable {
        /// A heading of level 1 to 6.
        case heading(level: Int)
        case paragraph
        case item
        /// A row of a table, as it is written.
        case row
        /// Code between fences, with the word after the opening one, such as `sh`; nil if it is
        /// only indented.
        case code(language: String?)
    }

    var kind: Kind

    /// The text without its Markdown marks; for code, its lines without their common indentation.
    var text: String

    /// The term that the text explains, such as `-n, --lines=NUMBER`; empty if there is none.
    var tag = ""
}

/// The line of a script that is carried out, for messages.
struct ScriptPlace: Equatable, CustomStringConvertible {
    /// The file of the script; nil for standard input.
    let file: String?

    /// Counted from 1; 0 before the first.
    var line = 0

    /// Stands before a message: `FILE: line N: `.
    var description: String { (file.map { "\($0): " } ?? "") + "line \(line): " }
}

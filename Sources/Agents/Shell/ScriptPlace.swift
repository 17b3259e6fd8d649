/// The current line of a script, for messages.
struct ScriptPlace: Equatable, CustomStringConvertible {
    /// The file of the script; nil for standard input.
    let file: String?

    /// The number of the line, counted from 1; 0 before the first.
    var line = 0

    /// The beginning of a message: `FILE: line N: `.
    var description: String { (file.map { "\($0): " } ?? "") + "line \(line): " }
}

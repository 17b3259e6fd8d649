import ArgumentParser
import FilterKit
import Unix

/// The options for the sources that go to the model with a question.
struct ContextOptions: ParsableArguments {
    @Option(
        name: [.customShort("f"), .long],
        help: ArgumentHelp(
            "Send this file as context, or standard input with '-'; repeat for more.",
            valueName: "file"),
        completion: .file())
    var file: [String] = []

    /// Reads the files that the options name, and standard input if the options or the question
    /// name it.
    ///
    /// - Returns: Nil if none is named.
    /// - Throws: `Failure` and `SystemError`, like `InputContext.read`.
    func read(for question: QuestionWords) async throws -> InputContext? {
        let standardInput = InputContext.standardInput
        let paths = file + (question.readsStandardInput ? [standardInput] : [])
        if paths.isEmpty { return nil }
        if paths.filter({ $0 == standardInput }).count > 1 {
            throw Failure(.usage, "'-' is there twice, and standard input can be read only once")
        }
        if question.text == nil, paths.contains(standardInput) {
            throw Failure(
                .usage,
                "no question for which '-' reads standard input as context: give one beside it, or "
                    + "leave out '-' to have each line answered")
        }
        if question.text == nil, isStandardInputTerminal {
            throw Failure(.usage, "no question about the file: give one after the options")
        }
        return try await InputContext.read(paths)
    }
}

/// The words of a command line that are not options.
struct QuestionWords {
    /// The question; nil if there is none.
    let text: String?

    /// True if `-` stands before or behind the question.
    let readsStandardInput: Bool

    init(_ arguments: [String]) throws(Failure) {
        var words = arguments[...]
        let isMark = { (word: String?) in word == InputContext.standardInput }
        let isFirst = isMark(words.first)
        if isFirst { words.removeFirst() }
        let isLast = isMark(words.last)
        if isLast { words.removeLast() }
        if isFirst && isLast {
            throw Failure(.usage, "'-' is there twice, and standard input can be read only once")
        }
        readsStandardInput = isFirst || isLast
        text = words.isEmpty ? nil : words.joined(separator: " ")
        if let text, text.allSatisfy(\.isWhitespace) {
            throw Failure(.usage, "the question is empty")
        }
    }
}

/// A notice, given once, that standard input was left unread, as the user may have meant it to be
/// read.
struct UnreadInputNotice {
    private var isDue: Bool

    /// - Parameter isRead: True if standard input is read.
    init(isRead: Bool) { isDue = !isRead }

    /// Gives the notice if there is input by now. Never waits for it.
    mutating func giveIfNeeded() {
        guard isDue, hasStandardInputToRead else { return }
        isDue = false
        Diagnostics.warn(
            "standard input is not read: put '-' after the question to send it as context, or "
                + "redirect it from /dev/null")
    }
}

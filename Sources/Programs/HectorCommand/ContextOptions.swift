import ArgumentParser
import FilterKit
import Unix

/// The sources of what goes to the model with a question.
struct ContextOptions: ParsableArguments {
    @Option(
        name: [.customShort("f"), .long],
        help: ArgumentHelp(
            "Send this file as context, with '-' standard input; repeat for more.",
            valueName: "file"),
        completion: .file())
    var file: [String] = []

    /// Reads the files that the options name, and standard input if they or the question do.
    ///
    /// - Returns: Nil if none is named.
    /// - Throws: `Failure` and `SystemError`, as `InputContext.read`.
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

/// The words of a command line that are no options.
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

/// Says that something on standard input was left unread, once: for it may have been meant.
struct UnreadInputNotice {
    private var isDue: Bool

    /// - Parameter isRead: Whether standard input is read.
    init(isRead: Bool) { isDue = !isRead }

    /// Says so if something is there by now. Never waits for it.
    mutating func giveIfNeeded() {
        guard isDue, hasStandardInputToRead else { return }
        isDue = false
        Talk.warn(
            "standard input is not read: put '-' after the question to send it as context, or "
                + "redirect it from /dev/null")
    }
}

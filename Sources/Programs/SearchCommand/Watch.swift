import ArgumentParser
import FilterKit

/// A stream of records, of which those come out that answer a question of a collection.
struct Watch: Program {
    static let configuration = CommandConfiguration(
        abstract: "Print the records that answer a question of a collection, with these questions.",
        discussion: """
            The collection has questions as its records. Each record of standard input that one of \
            them fits is printed as soon as that is known, with the questions as its 'results'. Give \
            --min-score a value that fits your embedder.
            """)

    @OptionGroup var options: SearchRecords.Options

    func work() async throws -> ExitStatus { try await options.search([], watches: true) }
}

import ArgumentParser
import FilterKit

/// Runs the program hector-rerank.
package func runRerank() -> Never { Rerank.runToEnd() }

struct Rerank: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hector-rerank",
        abstract: "Put the results of each record into a better order.",
        discussion: """
            Reads JSON lines with 'results', as hector-search adds them, from standard input. A \
            reranker reads the question with each result, and the record is written with its \
            results sorted by the reranker's scores. See hector-rerank(1).
            """,
        version: "hector-rerank \(version)",
        subcommands: [RerankRecords.self, RerankerInfo.self],
        defaultSubcommand: RerankRecords.self)
}

extension Rerank: HasStandardOptions {
    typealias StandardOptions = RerankRecords
}

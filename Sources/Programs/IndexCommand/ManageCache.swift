import ArgumentParser
import FilterKit
import JSON
import Unix
import VectorCache

/// The cache of vectors that all stores share.
struct ManageCache: Program {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Print the size of the cache of vectors, or change it.",
        discussion: "All stores of a user share the vectors of texts that were embedded before.")

    @Flag(help: "Delete all vectors in the cache. Collections keep theirs.")
    var clear = false

    @Option(
        help: ArgumentHelp(
            "Let the cache take this much: bytes, or with a unit such as 500M or 2G.",
            valueName: "size"))
    var limit: String?

    @Flag(help: "Print a line of JSON.")
    var json = false

    func validate() throws {
        if let limit, Self.bytes(limit) == nil {
            throw ValidationError("--limit must be a size such as 500M or 2G, not '\(limit)'")
        }
    }

    func work() throws -> ExitStatus {
        guard let folder = VectorCache.folder(Environment.current) else {
            throw Failure(.configuration, "cannot find a place for a cache: HOME is not set")
        }
        if clear { try VectorCache.clear(folder: folder) }
        let facts: VectorCache.Facts
        do {
            let cache = try VectorCache(folder: folder)
            if let limit { try cache.limit(to: Self.bytes(limit)!) }
            facts = try cache.facts
        } catch {
            throw Failure(
                .ioError, "\(error); 'hector index cache --clear' makes a new cache")
        }
        if clear || limit != nil, !json { return .success }
        let text =
            json
            ? """
            {"vectors":\(facts.vectors),"bytes":\(facts.bytes),"limit":\(facts.limit),\
            "folder":\(Value.string(folder))}

            """
            : """
            vectors  \(facts.vectors)
            size     \(humanSize(facts.bytes))
            limit    \(humanSize(facts.limit))
            folder   \(folder)

            """
        try writeToStandardOutput(text)
        return .success
    }

    /// Returns the number of bytes of a size with a unit of 1024; nil for another text.
    static func bytes(_ text: String) -> Int? {
        let units: [Character: Int] = ["K": 10, "M": 20, "G": 30, "T": 40]
        var digits = Substring(text)
        var shift = 0
        if let last = text.uppercased().last, let unit = units[last] {
            digits = digits.dropLast()
            shift = unit
        }
        guard let number = Int(digits), number >= 0, number < 1 << (62 - shift) else { return nil }
        return number << shift
    }
}

internal import Catalog
package import Configuration
internal import FilterKit
internal import FilterProcesses
internal import JSON
internal import Stores
internal import Synchronization
internal import Unix

/// Questions to filters about the collections of a database and about plugins.
struct FilterFacts: Sendable {
    let environment: [String: String]
    let config: String?

    /// A collection as `hector-search collections` describes it.
    struct Collection: Sendable {
        let name: String
        let dimension: Int
        let embedder, model, source: String
    }

    /// An embedder as `hector-embed info` describes it.
    struct Embedder: Sendable {
        let plugin, model: String
        let dimension: Int
    }

    /// A question that a filter did not answer.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// Returns a collection; nil if there is none.
    ///
    /// - Parameter options: The options that choose the database.
    /// - Throws: `Problem`; also if the database has no catalog.
    func collection(_ name: String, _ options: [String]) async throws -> Collection? {
        let lines = try await lines(
            "search", ["collections", name, "--json"] + options, succeeding: [0, 1])
        return lines.compactMap { line -> Collection? in
            guard let found = line["name"]?.string, found.utf8.elementsEqual(name.utf8) else {
                return nil
            }
            let properties = line["properties"]
            return Collection(
                name: name, dimension: line["dimension"]?.int ?? 0,
                embedder: properties?["embedder"]?.string ?? "",
                model: properties?["model"]?.string ?? "",
                source: properties?["source"]?.string ?? "")
        }.first
    }

    /// - Parameter options: The options that choose the embedder.
    /// - Throws: `Problem`.
    func embedder(_ options: [String]) async throws -> Embedder {
        guard let info = try await lines("embed", ["info"] + options, succeeding: [0]).first else {
            throw Problem(description: "hector-embed info printed nothing")
        }
        return Embedder(
            plugin: info["plugin"]?.string ?? "", model: info["model"]?.string ?? "",
            dimension: info["dimension"]?.int ?? 0)
    }

    private func lines(
        _ stage: String, _ arguments: [String], succeeding: [Int32]
    ) async throws -> [Value] {
        let output = Mutex([Value]())
        let words = Mutex([String]())
        let command = try FilterCommand(
            stage, "hector-\(stage)", arguments + (config.map { ["--config", $0] } ?? []),
            environment: environment)
        let ending = try await Subprocess.run(
            command.path, command.arguments, environment: environment,
            onError: { line in words.withLock { $0.append(line) } }
        ) { line in
            if let value = try? Value(parsing: Array(line)) { output.withLock { $0.append(value) } }
        }
        guard case .exited(let status) = ending, succeeding.contains(status) else {
            throw Problem(
                description: words.withLock { $0.last } ?? "hector-\(stage) \(ending)")
        }
        return output.withLock { $0 }
    }
}

/// Compares what a configuration says about its document stores with what their collections are.
package enum StoreCheck {
    /// Returns the differences, each with its place in the file. A store that was not indexed has
    /// none.
    package static func problems(
        of settings: Settings, config: String?, environment: [String: String]
    ) async -> [String] {
        let finder = StoreFinder(settings, config: config, environment: environment)
        var problems: [String] = []
        for found in finder.configured {
            do {
                problems += try await differences(of: found, settings, environment).map {
                    "\(found.entry.place.error("document store '\(found.entry.name)': \($0)"))"
                }
            } catch {
                problems.append(
                    "\(found.entry.place.error("document store '\(found.entry.name)': \(error)"))")
            }
        }
        return problems
    }

    private static func differences(
        of found: StoreFinder.Found, _ settings: Settings, _ environment: [String: String]
    ) async throws -> [String] {
        let location = try found.location(environment)
        if let refusal = location.refusal(of: found.argument) { return [refusal.message] }
        guard location.isIndexed else { return [] }
        func options(_ text: Text?) throws -> [String] {
            guard let text else { return [] }
            let name = try text.value(in: environment)
            return [
                "--plugin",
                name.contains("/") ? try settings.path(text, environment: environment) : name,
            ]
        }
        let facts = FilterFacts(environment: environment, config: found.config)
        let again = "hector index --rebuild \(quoted(found.argument))"
        let name = location.collection
        guard let collection = try await facts.collection(name, options(found.entry.database))
        else { return ["the database has no collection '\(name)'; make it again: \(again)"] }
        var problems: [String] = []
        if collection.source.hasPrefix("/"),
            let refusal = StoreLocation.refusal(
                name, of: found.argument, holding: collection.source, isCommand: false,
                place: location.place)
        {
            problems.append(refusal.message)
        }
        let embedder = try await facts.embedder(options(found.entry.embedder))
        if !collection.model.isEmpty, !embedder.model.isEmpty, collection.model != embedder.model {
            problems.append(
                "the collection '\(name)' was made by '\(collection.embedder)' with the model "
                    + "'\(collection.model)', and '\(embedder.plugin)' has '\(embedder.model)'; make "
                    + "it again: \(again)")
        } else if collection.dimension > 0, embedder.dimension > 0,
            collection.dimension != embedder.dimension
        {
            problems.append(
                "the collection '\(name)' has vectors of \(collection.dimension) numbers, and "
                    + "'\(embedder.plugin)' makes \(embedder.dimension); make it again: \(again)")
        }
        return problems
    }
}

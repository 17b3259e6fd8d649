internal import Catalog
package import Configuration
internal import FilterKit
internal import JSON
internal import Unix

/// Finds out what a pipeline of filters cannot do, without running it.
package struct PipelineCheck {
    /// The mistakes, each after the number and the name of its filter.
    package private(set) var problems: [String] = []

    /// The prices of filters that ask a model, for people.
    package private(set) var prices: [String] = []

    private let settings: Settings?
    private let config: String?
    private let environment: [String: String]

    /// The number of records that go through.
    private let records: Int?

    /// The tokens of a record, for want of better knowledge: those of a chunk of 2,000 characters.
    private static let tokensPerRecord = 500

    /// The contents of the records at a place of the pipeline.
    private struct Flow {
        var hasContent = true
        var hasResults = false

        /// The length of the vectors; nil if there are none, 0 if it is not known.
        var dimension: Int?
        var vectorMaker = ""

        /// True if nothing comes out of the filter before.
        var isEmpty = false
    }

    private static let wordsOfFilters: [String: (kind: Kind, verbs: Set<String>)] = [
        "embed": (.embedderProvider, ["records", "info"]),
        "search": (
            .databaseProvider,
            [
                "query", "watch", "upsert", "delete", "create", "drop", "collections", "get",
                "dump",
                "move", "verify", "compact",
            ]
        ),
        "generate": (.llmProvider, ["records", "info", "ask"]),
        "tool": (.toolProvider, ["run", "list", "call"]),
        "rerank": (.rerankerProvider, ["records", "info"]),
        "reason": (.reasoningStrategy, ["records", "info"]),
    ]

    package init(
        _ settings: Settings?, config: String?, records: Int?, environment: [String: String]
    ) {
        self.settings = settings
        self.config = config
        self.records = records
        self.environment = environment
    }

    /// Goes through a command line as sh has it.
    package mutating func check(_ text: String) async {
        var flow = Flow()
        let stages = Self.stages(of: text)
        for (place, words) in stages.enumerated() {
            guard let first = words.first else {
                problems.append("\(place + 1): a filter is missing beside '|'")
                continue
            }
            var rest = Array(words.dropFirst())
            var name = Path.name(of: first)
            if name == "hector", let verb = rest.first {
                name = "hector-\(verb)"
                rest.removeFirst()
            }
            // Any other command may do anything to the records.
            guard name.hasPrefix("hector-") else {
                flow = Flow(dimension: flow.dimension == nil ? nil : 0)
                continue
            }
            let stage = Stage(
                number: place + 1, name: String(name.dropFirst("hector-".count)), words: rest)
            if flow.isEmpty {
                add(stage, "nothing comes out of the filter before; --pass hands records on")
                flow = Flow()
            }
            await check(stage, &flow, isFirst: place == 0)
        }
    }

    /// A filter of the pipeline.
    private struct Stage {
        let number: Int
        let name: String
        let words: [String]

        /// Returns the value of the last of these options; nil without one.
        func value(_ names: String...) -> String? { values(names).last }

        func values(_ names: [String]) -> [String] {
            var values: [String] = []
            for (place, word) in words.enumerated() {
                for name in names {
                    if word == name, place + 1 < words.count { values.append(words[place + 1]) }
                    if name.hasPrefix("--"), word.hasPrefix("\(name)=") {
                        values.append(String(word.dropFirst(name.count + 1)))
                    } else if !name.hasPrefix("--"), word.hasPrefix(name), word.count > name.count {
                        values.append(String(word.dropFirst(name.count)))
                    }
                }
            }
            return values
        }

        func has(_ name: String) -> Bool { words.contains(name) }
    }

    private mutating func add(_ stage: Stage, _ problem: String) {
        problems.append("\(stage.number): hector-\(stage.name): \(problem)")
    }

    private mutating func check(_ stage: Stage, _ flow: inout Flow, isFirst: Bool) async {
        if stage.name == "chunk" {
            flow = Flow()
            return
        }
        guard let (kind, verbs) = Self.wordsOfFilters[stage.name] else {
            add(stage, "it is not a filter")
            return
        }
        let verb = stage.words.first { verbs.contains($0) }
        let plugin = find(stage, stage.value("--plugin"), kind)
        switch (stage.name, verb) {
        case ("embed", nil), ("embed", "records"):
            if !flow.hasContent { add(stage, "records have no text to embed") }
            (flow.dimension, flow.vectorMaker) = await dimension(
                stage, ["--plugin"], alsoOptions: true)
            addPrice(stage, plugin, isOutput: false)
        case ("search", nil), ("search", "query"), ("search", "watch"):
            await checkSearch(stage, flow, embeds: verb == "watch" || stage.has("--embed"))
            flow.hasResults = true
        case ("search", "upsert"):
            await checkUpsert(stage, flow)
            flow.isEmpty = !stage.has("--pass") && !stage.has("--ack")
        case ("search", "delete"): flow.isEmpty = !stage.has("--pass") && !stage.has("--ack")
        case ("search", "get"), ("search", "dump"): flow = Flow()
        case ("search", _): flow.isEmpty = true
        case ("generate", nil), ("generate", "records"):
            for path in stage.values(["--tools", "-T"]) where !path.hasPrefix("<(") {
                checkTools(stage, path)
            }
            if let path = stage.value("--schema") { _ = json(stage, path, "--schema") }
            addPrice(stage, plugin, isOutput: true)
        case ("rerank", nil), ("rerank", "records"):
            if !flow.hasResults {
                add(stage, "records have no 'results'; put hector-search before it")
            }
        default: break
        }
    }

    private mutating func checkSearch(_ stage: Stage, _ flow: Flow, embeds: Bool) async {
        guard let collection = await collection(stage) else { return }
        if embeds || stage.value("--embedder") != nil {
            if let name = stage.value("--embedder") {
                await compare(stage, collection, await dimension(stage, ["--embedder"]), name)
            }
            return
        }
        let isText = stage.value("--mode") == "text"
        let hasTexts = stage.words.contains { !$0.hasPrefix("-") && $0.contains(" ") }
        guard let dimension = flow.dimension else {
            if !isText, !hasTexts {
                add(stage, "records have no vector; put hector-embed before it, or use --embed")
            }
            return
        }
        await compare(stage, collection, (dimension, flow.vectorMaker), flow.vectorMaker)
    }

    private mutating func checkUpsert(_ stage: Stage, _ flow: Flow) async {
        let collection = await collection(stage, mayBeNew: stage.has("--create"))
        var made = (flow.dimension, flow.vectorMaker)
        if stage.has("--embed") || stage.value("--embedder") != nil {
            if !flow.hasContent { add(stage, "records have no text to embed") }
            made = await dimension(stage, ["--embedder"])
        } else if flow.dimension == nil {
            add(stage, "records have no vector; put hector-embed before it, or use --embed")
            return
        }
        if let collection { await compare(stage, collection, made, made.1) }
    }

    private mutating func compare(
        _ stage: Stage, _ collection: FilterFacts.Collection, _ made: (Int?, String), _ name: String
    ) async {
        guard let dimension = made.0, dimension > 0, collection.dimension > 0,
            dimension != collection.dimension
        else { return }
        add(
            stage,
            "'\(name)' makes vectors of \(dimension) numbers, and the collection "
                + "'\(collection.name)' has \(collection.dimension)"
                + (collection.embedder.isEmpty ? "" : ", made by '\(collection.embedder)'"))
    }

    // MARK: Facts

    private mutating func find(_ stage: Stage, _ name: String?, _ kind: Kind) -> PluginEntry? {
        if stage.value("--socket") != nil { return nil }
        var options: [String: String] = [:]
        if stage.name != "search" || name != nil {
            for option in stage.values(["--option", "-o"]) {
                guard let equals = option.firstIndex(of: "=") else { continue }
                options[String(option[..<equals])] = String(option[equals...].dropFirst())
            }
        }
        if let model = stage.value("--model", "-m") { options["model"] = model }
        do throws(CatalogError) {
            return try Catalog(settings: settings, environment: environment)
                .find(name, kind: kind, options: options)
        } catch {
            add(stage, error.message)
            return nil
        }
    }

    private mutating func collection(
        _ stage: Stage, mayBeNew: Bool = false
    ) async -> FilterFacts.Collection? {
        guard let name = stage.value("--collection", "-C"), !name.isEmpty else {
            add(stage, "it needs a collection: -C NAME")
            return nil
        }
        let facts = FilterFacts(
            environment: environment, config: stage.value("--config") ?? config)
        var options = stage.value("--plugin").map { ["--plugin", $0] } ?? []
        options += stage.values(["--option", "-o"]).flatMap { ["--option", $0] }
        do {
            if let found = try await facts.collection(name, options) { return found }
            if !mayBeNew {
                add(stage, "there is no collection '\(name)'; upsert --create makes one")
            }
        } catch {
            // A database without a catalog cannot say what it has.
            if !"\(error)".contains("has no catalog") { add(stage, "\(error)") }
        }
        return nil
    }

    /// Returns the length of an embedder's vectors, and its name.
    private mutating func dimension(
        _ stage: Stage, _ names: [String], alsoOptions: Bool = false
    ) async -> (Int?, String) {
        let facts = FilterFacts(
            environment: environment, config: stage.value("--config") ?? config)
        var options = stage.values(names).last.map { ["--plugin", $0] } ?? []
        if alsoOptions {
            options += stage.values(["--option", "-o"]).flatMap { ["--option", $0] }
        }
        do {
            let embedder = try await facts.embedder(options)
            return (embedder.dimension, embedder.plugin)
        } catch {
            add(stage, "\(error)")
            return (0, "")
        }
    }

    // MARK: Files

    private mutating func json(_ stage: Stage, _ path: String, _ option: String) -> Value? {
        do {
            let bytes = try File.readRegular(path, limit: 16 << 20).bytes
            return try Value(parsing: bytes)
        } catch {
            add(stage, "\(option) '\(path)': \(error)")
            return nil
        }
    }

    /// Checks that each line of a file is a tool with a schema that is an object.
    private mutating func checkTools(_ stage: Stage, _ path: String) {
        guard let bytes = try? File.readRegular(path, limit: 16 << 20).bytes else {
            add(stage, "--tools: cannot read '\(path)'")
            return
        }
        for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let tool = try? Value(parsing: Array(line)) else {
                add(stage, "--tools '\(path)', line \(number + 1): it is not JSON")
                continue
            }
            let function = tool["function"] ?? tool
            let schema = function["parameters"] ?? function["inputSchema"]
            if function["name"]?.string == nil {
                add(stage, "--tools '\(path)', line \(number + 1): a tool has no name")
            } else if let schema, case .object = schema,
                schema["type"]?.string ?? "object" == "object"
            {
                continue
            } else if schema != nil {
                add(
                    stage,
                    "--tools '\(path)', line \(number + 1): the parameters are not the schema of an "
                        + "object")
            }
        }
    }

    // MARK: Prices

    private mutating func addPrice(_ stage: Stage, _ plugin: PluginEntry?, isOutput: Bool) {
        let known = settings?.prices ?? [:]
        guard let records, let plugin,
            let price = [plugin.configuration["model"], plugin.name]
                .compactMap({ name in name.flatMap { known[$0] } }).first
        else { return }
        let tokens = Double(records * Self.tokensPerRecord)
        let dollars =
            tokens / 1_000_000 * ((price.input ?? 0) + (isOutput ? price.output ?? 0 : 0))
        var amount = "\((dollars * 10000).rounded() / 10000)"
        if amount.hasSuffix(".0") { amount.removeLast(2) }
        prices.append(
            "\(stage.number): hector-\(stage.name): about \(amount) USD for "
                + "\(records) records of \(Self.tokensPerRecord) tokens")
    }

    // MARK: Words

    /// Returns the words of each command of a pipeline. Quotes are removed; nothing is expanded.
    static func stages(of text: String) -> [[String]] {
        var stages: [[String]] = [[]]
        var word: String?
        var quote: Character?
        var isEscaped = false
        func finish() {
            if let done = word { stages[stages.count - 1].append(done) }
            word = nil
        }
        for character in text {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open {
                    quote = nil
                } else {
                    word = (word ?? "") + String(character)
                }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == "|" {
                finish()
                stages.append([])
            } else if character.isWhitespace {
                finish()
            } else {
                word = (word ?? "") + String(character)
            }
        }
        finish()
        return stages.map { words in
            // Assignments of variables may stand before a command.
            Array(words.drop { $0.contains("=") && !$0.hasPrefix("-") && !$0.contains("/") })
        }
    }
}

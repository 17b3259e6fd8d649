package import Configuration
package import FilterKit
internal import JSON
internal import Text
internal import Trust
package import Unix

/// Finds the stores that users mean: by names of the configuration, by folders, and by names of
/// stores that were indexed without one.
package struct StoreFinder: Sendable {
    /// The configuration that applies; nil if there is none.
    package let settings: Settings?

    /// The argument of `--config`.
    private let config: String?
    private let isConfigNamed: Bool
    private let environment: [String: String]

    /// - Parameter isNamed: False if the configuration was found, or another file named it.
    package init(
        _ settings: Settings?, config: String?, isNamed: Bool = true, environment: [String: String]
    ) {
        self.settings = settings
        self.config = config
        isConfigNamed = isNamed && settings?.isNamed == true
        self.environment = environment
    }

    /// A store that was found.
    package struct Found: Sendable {
        package let entry: DocumentStore

        /// The settings to which the entry belongs; without contents if there are none.
        package let settings: Settings

        /// The configuration file for filters; nil to have them look for it.
        package let config: String?

        /// True if the user is known to have named the file.
        package var isConfigNamed = false

        /// The word by which the store is named on a command line.
        package let argument: String

        /// True if the store is an entry of a configuration.
        package let isConfigured: Bool

        /// True if both are the same store.
        package func isSame(_ other: Found) -> Bool {
            entry.name == other.entry.name && settings.file == other.settings.file
                && settings.directory == other.settings.directory
                && isConfigured == other.isConfigured && argument == other.argument
        }

        /// Returns the store with another embedder; nil for no change.
        ///
        /// - Throws: `Failure` for a store of a configuration, which names its embedder itself.
        package func embedded(by embedder: String?, environment: [String: String]) throws -> Found {
            guard let embedder else { return self }
            if isConfigured {
                throw Failure(
                    .usage,
                    "the store '\(entry.name)' is in '\(settings.file)', which says its embedder; "
                        + "leave out --embedder")
            }
            // A path is relative to the folder in which it was typed.
            let named =
                embedder.contains("/")
                ? Path.absolute(
                    Path.expandingTilde(
                        embedder, home: BaseDirectories(environment: environment).home),
                    in: Directory.current) : embedder
            let entry = try DocumentStore.standard(
                entry.name, at: entry.place(in: settings, environment: environment),
                collection: entry.collection?.value(in: environment), embedder: named,
                database: entry.database?.value(in: environment), environment: environment)
            return Found(
                entry: entry, settings: settings, config: config, isConfigNamed: isConfigNamed,
                argument: argument, isConfigured: false)
        }

        package func location(_ environment: [String: String]) throws -> StoreLocation {
            try StoreLocation(of: entry, in: settings, environment: environment)
        }
    }

    /// The stores of the configuration, in the order in which they are written.
    package var configured: [Found] {
        (settings?.documentStores ?? []).map { found($0) }
    }

    private func found(_ entry: DocumentStore) -> Found {
        Found(
            entry: entry, settings: settings!, config: config, isConfigNamed: isConfigNamed,
            argument: entry.name, isConfigured: true)
    }

    // MARK: By words

    /// Returns the stores that a word names: several if the configuration has several of one folder.
    ///
    /// - Parameter makes: True if a folder that was not indexed becomes a store.
    /// - Throws: `Failure` if there is none.
    package func stores(_ word: String, makes: Bool) throws -> [Found] {
        if let entry = settings?.documentStores.first(where: { $0.name == word }) {
            return [found(entry)]
        }
        if isFolder(word) {
            if let found = try inFolder(absolute(word), makes: makes) { return found }
        }
        let known = KnownStore.all(environment).filter { $0.record.name == word }
        if known.count > 1 {
            throw Failure(
                .usage,
                "there are several stores '\(word)', name one by its folder: "
                    + known.map(\.record.folder).joined(separator: ", "))
        }
        if let only = known.first { return [try found(only)] }
        if isFolder(word) {
            throw Failure(
                .configuration,
                "'\(absolute(word))' has not been indexed: hector index \(quoted(word))")
        }
        throw Failure(
            .configuration, "no document store '\(word)'\(hint(for: word))")
    }

    /// True if a word can only be a folder or a file, or is the name of one.
    package func isFolder(_ word: String) -> Bool {
        word.contains("/") || [".", "..", "~"].contains(word) || (try? File(word)) != nil
    }

    private func absolute(_ word: String) -> String {
        Path.absolute(
            Path.expandingTilde(word, home: BaseDirectories(environment: environment).home),
            in: Directory.current)
    }

    /// Returns the rest of a message about a word that names no store.
    private func hint(for word: String) -> String {
        let configured = settings?.documentStores.map(\.name) ?? []
        let names = configured + KnownStore.all(environment).map(\.record.name)
        if names.isEmpty { return ": no configuration that was found has any" }
        return ", \(expectation(of: word, among: names))"
    }

    /// - Returns: Nil if the folder was not indexed and `makes` is false.
    private func inFolder(_ path: String, makes: Bool) throws -> [Found]? {
        let real = Path.real(path)
        let own = try configured.filter { found in
            guard found.entry.command == nil,
                let place = try? found.entry.place(in: found.settings, environment: environment)
            else { return false }
            return Path.real(place).utf8.elementsEqual(real.utf8)
        }
        if !own.isEmpty { return own }
        let known = KnownStore.all(environment).filter { $0.isAt(real) }
        if let first = known.first {
            if known.count == 1 || makes { return [try found(first)] }
            throw Failure(
                .usage,
                "'\(path)' has several stores, name one: "
                    + known.map(\.record.name).joined(separator: ", "))
        }
        if !makes { return nil }
        let name = Path.name(of: path)
        let entry = try DocumentStore.standard(
            name.isEmpty ? "root" : name, at: path, environment: environment)
        return [
            Found(
                entry: entry, settings: settings ?? .none(environment: environment),
                config: config, isConfigNamed: isConfigNamed, argument: path, isConfigured: false)
        ]
    }

    /// Returns a store as it was indexed.
    package func found(_ known: KnownStore) throws -> Found {
        let record = known.record
        var settings = settings
        var config = config
        var isConfigNamed = isConfigNamed
        if config == nil, let file = record.config, file != settings?.absoluteFile,
            let described = try? File(file)
        {
            if let danger = described.danger {
                throw Failure(
                    .notPermitted,
                    "'\(file)' \(danger), so it is not used; name it with --config if you trust it")
            }
            do {
                settings = try Settings.loadTrusted(
                    remembered: file, isNamed: record.isConfigNamed, environment: environment,
                    notice: Diagnostics.error)
            } catch {
                throw Failure(
                    ExitStatus(rawValue: error.meaning.rawValue) ?? .configuration, "\(error)")
            }
            config = file
            isConfigNamed = record.isConfigNamed
        }
        let entry = settings?.documentStores.first { entry in
            guard entry.name == record.name,
                let place = try? entry.place(in: settings!, environment: environment)
            else { return false }
            return Path.real(place).utf8.elementsEqual(Path.real(record.folder).utf8)
        }
        if let entry {
            return Found(
                entry: entry, settings: settings!, config: config, isConfigNamed: isConfigNamed,
                argument: record.isCommand ? record.name : record.folder, isConfigured: true)
        }
        if record.isCommand {
            throw Failure(
                .configuration,
                "the store '\(record.name)' is a command of a configuration that no longer has it")
        }
        return Found(
            entry: try DocumentStore.standard(
                record.name, at: record.folder,
                collection: record.isNamed ? record.collection : nil, embedder: record.embedder,
                database: record.database, environment: environment),
            settings: settings ?? .none(environment: environment), config: config,
            isConfigNamed: isConfigNamed, argument: record.folder, isConfigured: false)
    }

    // MARK: By the working directory

    /// Returns the indexed store whose folder is nearest above the working directory, or is it; nil
    /// if there is none.
    package func around() throws -> Found? {
        let folder = Path.real(Directory.current)
        let nearest = KnownStore.all(environment).filter { $0.contains(folder) }.max {
            Path.real($0.record.folder).utf8.count < Path.real($1.record.folder).utf8.count
        }
        return try nearest.map(found)
    }

    /// Returns the store of the working directory: the one whose folder is nearest above it, or else
    /// the only one there is.
    ///
    /// - Throws: `Failure` if there is none, or more than one.
    package func here() throws -> Found {
        let folder = Path.real(Directory.current)
        let known = KnownStore.all(environment)
        var candidates: [(depth: Int, found: Found, shown: String)] = []
        for found in configured {
            guard let place = try? found.entry.place(in: found.settings, environment: environment)
            else { continue }
            let real = Path.real(place)
            let isAround =
                found.entry.command == nil
                && (folder.utf8.elementsEqual(real.utf8)
                    || folder.utf8.starts(with: "\(real)/".utf8))
            candidates.append(
                (isAround ? real.utf8.count : -1, found, "\(found.entry.name) (\(place))"))
        }
        let taken = Set(
            candidates.compactMap { try? $0.found.location(environment).state })
        for store in known where !taken.contains(store.state) {
            guard let found = try? found(store) else { continue }
            let depth = store.contains(folder) ? Path.real(store.record.folder).utf8.count : -1
            candidates.append((depth, found, store.shown))
        }
        let deepest = candidates.map(\.depth).max() ?? -1
        let nearest = candidates.filter { $0.depth == deepest }
        if nearest.count == 1 { return nearest[0].found }
        // Those of the configuration go before those of other places.
        let own = configured
        if deepest < 0, own.count == 1 { return own[0] }
        if nearest.isEmpty {
            throw Failure(
                .configuration,
                "there is no document store: 'hector index DIR' makes one, and hector.yaml(5) "
                    + "describes those of a configuration")
        }
        let names = nearest.prefix(20).map(\.shown).joined(separator: ", ")
        throw Failure(
            .usage,
            (deepest < 0
                ? "'\(Directory.current)' is in no document store; name one: "
                : "'\(Directory.current)' is in several document stores; name one: ") + names
                + (nearest.count > 20 ? " and \(nearest.count - 20) more" : ""))
    }
}

extension DocumentStore {
    /// Returns the entry of a folder that is in no configuration.
    package static func standard(
        _ name: String, at path: String, collection: String? = nil, embedder: String? = nil,
        database: String? = nil, environment: [String: String]
    ) throws(Failure) -> DocumentStore {
        // JSON's strings are YAML's; only a dollar sign means something else in a configuration.
        func text(_ text: String) -> String {
            Value.string(text.replacing("$", with: "$$")).description
        }
        var members = "path: \(text(path))"
        for (key, value) in [
            ("collection", collection), ("embedder", embedder), ("database", database),
        ] {
            if let value { members += ", \(key): \(text(value))" }
        }
        let yaml = "document_stores: { \(Value.string(name)): { \(members) } }"
        let (settings, problems) = Settings.read(
            Array(yaml.utf8), file: "", directory: "/", environment: environment)
        guard problems.isEmpty, let entry = settings?.documentStores.first else {
            throw Failure(.usage, "'\(path)' cannot be a document store")
        }
        return entry
    }
}

/// Returns a word as sh takes it.
package func quoted(_ word: String) -> String {
    let isPlain =
        !word.isEmpty
        && word.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || Array("-_./:=,@%+".utf8).contains(byte)
        }
    return isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
}

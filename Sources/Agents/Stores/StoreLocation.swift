internal import Catalog
package import Configuration
package import FilterKit
internal import OpenSSL
package import Unix

/// The collection and the state of a document store.
///
/// A store is its folder: unless the configuration names the collection, its name ends in an
/// identity of the folder, so that the stores of two projects with one name stay apart.
package struct StoreLocation: Sendable {
    /// The collection that has the records now.
    package private(set) var collection: String

    /// The folder of its state.
    package private(set) var state: String

    /// The collection and the state's folder that the store should have. They differ for one that an
    /// earlier version has filled, or that was moved or renamed.
    package let ownCollection, ownState: String

    /// True if the configuration names the collection.
    package let isNamed: Bool

    /// The folder or file of the documents, or the folder in which their command is run.
    package let place: String
    package let databaseIdentity: String

    /// The record of the last run; nil if there is none.
    package private(set) var record: StoreRecord?

    /// True if something may be stored.
    package let isIndexed: Bool

    /// True if collection and state are to be moved.
    package var isMoving: Bool { state != ownState || record?.moving != nil }

    /// Returns the location after the state's folder was moved.
    package func moved(_ record: StoreRecord) -> StoreLocation {
        var location = self
        location.collection = record.collection
        location.state = ownState
        location.record = record
        return location
    }

    /// - Throws: `SettingsError` for a setting without a value; `Failure` if there is no place for
    ///   the state.
    package init(
        of entry: DocumentStore, in settings: Settings, environment: [String: String]
    ) throws {
        let place = try entry.place(in: settings, environment: environment)
        let database = try entry.databaseIdentity(in: settings, environment: environment)
        let base = try KnownStore.base(environment)
        func folder(_ collection: String) -> String {
            "\(base)/\(stateName(of: collection, in: database))"
        }
        self.place = place
        databaseIdentity = database
        if let text = entry.collection {
            let collection = try text.nonempty(in: environment)
            self.collection = collection
            state = folder(collection)
            (ownCollection, ownState, isNamed) = (collection, state, true)
            record = StoreRecord(in: state)
            isIndexed = record != nil || (try? File("\(state)/data.mdb")) != nil
            return
        }
        isNamed = false
        let real = Path.real(place)
        ownCollection = "\(entry.name)-\(SHA256.hex(of: Array(real.utf8)).prefix(12))"
        ownState = folder(ownCollection)
        if let record = StoreRecord(in: ownState) {
            (collection, state, self.record, isIndexed) = (
                record.collection, ownState, record, true
            )
            return
        }
        let earlier = KnownStore.all(environment).first {
            entry.mayContinue($0, at: real, in: settings, database)
        }
        if let earlier {
            (collection, state) = (earlier.record.collection, earlier.state)
            (record, isIndexed) = (earlier.record, true)
            return
        }
        // An earlier version has named the collection like the store.
        let old = folder(entry.name)
        if StoreRecord(in: old) == nil, let made = indexedPlace(of: old),
            made.isCommand == (entry.command != nil),
            Path.real(made.place).utf8.elementsEqual(real.utf8)
        {
            (collection, state, record, isIndexed) = (entry.name, old, nil, true)
            return
        }
        (collection, state, record) = (ownCollection, ownState, nil)
        isIndexed = (try? File("\(ownState)/data.mdb")) != nil
    }

    /// Returns the reason why the collection is another store's; nil if it is not, as far as is
    /// known without asking the database.
    package func refusal(of name: String) -> Failure? {
        guard isNamed else { return nil }
        let known = record.map { ($0.folder, $0.isCommand) } ?? indexedPlace(of: state)
        guard let (folder, isCommand) = known else { return nil }
        return Self.refusal(
            collection, of: name, holding: folder, isCommand: isCommand, place: place)
    }

    /// Returns the reason why a collection with documents of another place is not a store's; nil if
    /// that place no longer exists, because it may have been moved.
    package static func refusal(
        _ collection: String, of name: String, holding: String, isCommand: Bool, place: String
    ) -> Failure? {
        guard !Path.real(holding).utf8.elementsEqual(Path.real(place).utf8),
            (try? File(holding)) != nil
        else { return nil }
        let records = isCommand ? "records of a command in " : ""
        return Failure(
            .configuration,
            "the collection '\(collection)' holds \(records)'\(holding)'; give the "
                + "store '\(name)' another 'collection', or fill it again: "
                + "hector index --rebuild \(name)")
    }
}

extension DocumentStore {
    /// Returns the folder or file of the documents, or the folder in which their command is run.
    package func place(
        in settings: Settings, environment: [String: String]
    ) throws -> String {
        if command != nil { return settings.directory }
        guard let path else {
            throw Failure(.configuration, "document store '\(name)' has no path")
        }
        _ = try path.nonempty(in: environment)
        return try settings.path(path, environment: environment)
    }

    /// Returns the database; nil for the default database, even if the configuration names it.
    package func usedDatabase(
        in settings: Settings, environment: [String: String]
    ) throws(SettingsError) -> Text? {
        let named = database ?? settings.defaults[.databaseProvider]
        guard let named, settings.plugins[.databaseProvider]?.isEmpty ?? true else { return named }
        let isStandard =
            try named.value(in: environment) == BuiltIn.standard(for: .databaseProvider)
        return isStandard ? nil : named
    }

    func databaseIdentity(
        in settings: Settings, environment: [String: String]
    ) throws -> String {
        let database =
            try usedDatabase(in: settings, environment: environment)?.value(in: environment) ?? ""
        let entries = settings.plugins[.databaseProvider] ?? []
        let isEntry =
            database.isEmpty ? !entries.isEmpty : entries.contains { $0.name == database }
        return Stores.databaseIdentity(directory: isEntry ? settings.directory : "", database)
    }

    /// True if this store is one that was indexed under another name, or in a folder that has been
    /// moved since.
    ///
    /// - Parameter place: The folder of this store.
    fileprivate func mayContinue(
        _ known: KnownStore, at place: String, in settings: Settings, _ database: String
    ) -> Bool {
        let record = known.record
        guard !record.isNamed, !record.isCommand, command == nil,
            record.databaseIdentity == database
        else { return false }
        let isUnconfigured = record.config.map { (try? File($0)) == nil } ?? true
        let isOfSame =
            record.config.map { Path.real($0) == Path.real(settings.absoluteFile) } ?? true
        guard isUnconfigured || isOfSame else { return false }
        let isTaken =
            record.name != name && settings.documentStores.contains { $0.name == record.name }
        if isTaken { return false }
        if known.isAt(place) { return true }
        return record.identity != nil && (try? File(record.folder)) == nil
            && File.identity(place) == record.identity
    }
}

extension Settings {
    /// The file as an absolute path.
    package var absoluteFile: String { "\(directory)/\(Path.name(of: file))" }

    /// Settings without anything in them.
    package static func none(environment: [String: String]) -> Settings {
        read([], file: "", directory: Directory.current, environment: environment).settings!
    }
}

extension Text {
    /// Returns a value that must not be empty, as the value of an unset variable is: an empty path
    /// would mean the folder of the configuration.
    package func nonempty(in environment: [String: String]) throws(SettingsError) -> String {
        let value = try value(in: environment)
        if !value.isEmpty { return value }
        throw .problems([place.error("'\(place.name)' is empty")])
    }
}

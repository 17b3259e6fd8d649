package import Configuration
package import FilterKit
internal import JSON
internal import LMDB
internal import OpenSSL
package import Unix

/// A document store that was indexed, with or without a configuration.
package struct KnownStore: Sendable {
    /// The folder of its state.
    package let state: String
    package let record: StoreRecord

    /// Returns the folder with the states of all stores.
    ///
    /// - Throws: `Failure` if there is no home directory.
    package static func base(_ environment: [String: String]) throws(Failure) -> String {
        guard let base = BaseDirectories(environment: environment).state else {
            throw Failure(
                .configuration, "cannot find a place for the state: HOME is not set")
        }
        return "\(base)/hector/index"
    }

    /// All stores, in the order of their folders and names.
    package static func all(_ environment: [String: String]) -> [KnownStore] {
        guard let base = try? base(environment), let names = try? Directory.names(in: base) else {
            return []
        }
        return names.compactMap { KnownStore(state: "\(base)/\($0)") }.sorted {
            ($0.record.folder, $0.record.name) < ($1.record.folder, $1.record.name)
        }
    }

    /// Reads what is known about a state; nil if it has no record, and its collection is unknown.
    init?(state: String) {
        self.state = state
        if let record = StoreRecord(in: state) {
            self.record = record
            return
        }
        // A state of an earlier version has a name from which the collection follows if it has
        // plain letters, and the database is the default one.
        let name = String(Path.name(of: state).dropLast(13))
        guard !name.isEmpty, stateName(of: name, in: "") == Path.name(of: state),
            let made = indexedPlace(of: state)
        else { return nil }
        var record = StoreRecord(
            name: name, collection: name, isNamed: true, folder: made.place,
            isCommand: made.isCommand, databaseIdentity: databaseIdentity(directory: "", ""))
        record.identity = nil
        self.record = record
    }

    /// True if the store's folder is this one.
    package func isAt(_ folder: String) -> Bool {
        !record.isCommand && Path.real(record.folder).utf8.elementsEqual(folder.utf8)
    }

    /// Returns true if a folder is this store's own or inside it.
    package func contains(_ folder: String) -> Bool {
        let own = Path.real(record.folder)
        if record.isCommand { return false }
        return folder.utf8.elementsEqual(own.utf8)
            || folder.utf8.starts(with: "\(own == "/" ? "" : own)/".utf8)
    }

    /// The name of the store and its folder, for a list of candidates.
    package var shown: String { "\(record.name) (\(record.folder))" }
}

/// Returns the place from which a state's documents are; nil if nothing was stored.
func indexedPlace(of state: String) -> (place: String, isCommand: Bool)? {
    guard (try? File("\(state)/data.mdb")) != nil,
        let environment = try? LMDB.Environment(readOnly: state, databases: 1)
    else { return nil }
    let json = try? environment.withRead { transaction -> [UInt8]? in
        guard let about = try environment.existingDatabase("about", in: transaction) else {
            return nil
        }
        return try transaction.bytes(Array("provenance".utf8), in: about)
    }
    guard let json, let value = try? Value(parsing: json), let place = value["place"]?.string
    else { return nil }
    return (place, value["origin"]?.string == "records")
}

/// Returns the name of the folder of a collection's state, which is the same for all stores of one
/// collection.
func stateName(of collection: String, in databaseParts: String) -> String {
    let identity = databaseParts.isEmpty ? "\n" : databaseParts
    let digest = SHA256.hex(of: Array("\(identity)\n\(collection)".utf8)).prefix(12)
    return "\(fileName(collection))-\(digest)"
}

/// Returns the text that distinguishes a database from others.
///
/// - Parameter directory: The folder of the configuration if it is an entry there, because the name
///   of an entry is unique only within its configuration.
func databaseIdentity(directory: String, _ name: String) -> String { "\(directory)\n\(name)" }

private func fileName(_ name: String) -> String {
    String(
        name.prefix(60).map { character in
            character.isASCII && (character.isLetter || character.isNumber) ? character : "_"
        })
}

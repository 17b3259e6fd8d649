internal import JSON
package import Unix

/// The facts about a document store that was indexed, which are kept beside its state. They say
/// which collection belongs to which folder.
package struct StoreRecord: Equatable, Sendable {
    package var name: String
    package var collection: String

    /// True if the configuration names the collection, so that it keeps that name.
    package var isNamed: Bool

    /// The folder or file, or the folder in which a command is run.
    package var folder: String
    package var isCommand: Bool

    /// The device and the number of the folder, by which it is recognised after it was moved.
    package var identity: String?

    /// The configuration that applied, an absolute path; nil if there was none.
    package var config: String?

    /// True if the user named it, so that no trust in its folder is needed.
    package var isConfigNamed = false

    /// The names or paths of the plugins; nil for the default plugins.
    package var database, embedder: String?

    /// The database with its place of definition, to compare.
    package var databaseIdentity: String

    /// The next name of the collection while it is being moved; nil at other times.
    package var moving: String?

    package init(
        name: String, collection: String, isNamed: Bool, folder: String, isCommand: Bool,
        databaseIdentity: String
    ) {
        self.name = name
        self.collection = collection
        self.isNamed = isNamed
        self.folder = folder
        self.isCommand = isCommand
        self.databaseIdentity = databaseIdentity
    }

    /// The name of the file in the state's folder.
    private static let file = "store.json"

    /// The largest size of the file in bytes.
    private static let largest = 1 << 20

    /// Reads the record of a state; nil if the state has none.
    package init?(in state: String) {
        guard
            let bytes = try? File.readRegular("\(state)/\(Self.file)", limit: Self.largest).bytes,
            let value = try? Value(parsing: bytes), let name = value["name"]?.string,
            let collection = value["collection"]?.string, let folder = value["folder"]?.string
        else { return nil }
        func isTrue(_ key: String) -> Bool { value[key] == .bool(true) }
        self.init(
            name: name, collection: collection, isNamed: isTrue("named"), folder: folder,
            isCommand: isTrue("command"),
            databaseIdentity: value["database_identity"]?.string ?? "")
        identity = value["identity"]?.string
        config = value["config"]?.string
        // Before this was kept, a file of another name could only have been named.
        isConfigNamed =
            value["config_named"] == nil
            ? config.map { Path.name(of: $0) != "hector.yaml" } ?? false : isTrue("config_named")
        database = value["database"]?.string
        embedder = value["embedder"]?.string
        moving = value["moving"]?.string
    }

    package func write(in state: String) throws(SystemError) {
        func text(_ text: String?) -> Value { text.map { .string($0) } ?? .null }
        let value: Value = [
            "name": .string(name), "collection": .string(collection), "named": .bool(isNamed),
            "folder": .string(folder), "command": .bool(isCommand), "identity": text(identity),
            "config": text(config), "config_named": .bool(isConfigNamed),
            "database": text(database), "embedder": text(embedder),
            "database_identity": .string(databaseIdentity), "moving": text(moving),
        ]
        try PrivateFile.replace(
            "\(state)/\(Self.file)", by: Array(value.description.utf8) + [UInt8(ascii: "\n")])
    }
}

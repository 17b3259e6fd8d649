package import Configuration
internal import Text
internal import Unix
internal import YAML

/// One thing that a folder's hector.yaml or plugins would do once Hector is used there.
package struct FolderEffect: Equatable, Sendable {
    package enum Verb: String, Sendable {
        /// A program or a command is started.
        case runs
        /// A server or a plugin gets settings or data.
        case sends
        /// Files are read, and may be sent.
        case reads
        /// Something is permitted without a question.
        case allows
    }

    package let verb: Verb

    /// The thing, without secrets. Of a hector.yaml it is the place and what is written there.
    package let text: String

    /// The absolute paths of the programs whose contents decide what happens.
    let files: [String]

    /// The verb and the thing on one line, in which nothing can be hidden.
    package var line: String { VisibleText("\(verb.rawValue) \(text)").description }

    /// Returns everything that a folder would do, in the order of the file, plugins last.
    ///
    /// - Parameters:
    ///   - settings: The contents of its hector.yaml; nil without one.
    ///   - folder: An absolute path.
    package static func all(
        of settings: Settings?, in folder: String, environment: [String: String]
    ) -> [FolderEffect] {
        var reader = EffectReader(settings, folder, environment)
        return reader.effects()
    }
}

/// A reader of a hector.yaml that knows which keys make something happen, and not what each key
/// means: a new key that names a command by a name of this kind is found as well.
private struct EffectReader {
    private let settings: Settings?
    private let folder: String
    private let environment: [String: String]
    private var found: [FolderEffect] = []

    init(_ settings: Settings?, _ folder: String, _ environment: [String: String]) {
        self.settings = settings
        self.folder = folder
        self.environment = environment
    }

    mutating func effects() -> [FolderEffect] {
        if let root = settings?.root { read(root, []) }
        addPlugins()
        return found
    }

    // MARK: The file

    private mutating func read(_ node: Node, _ keys: [String]) {
        switch node.content {
        case .mapping(let entries):
            // An entry that is not enabled does not do anything.
            if keys.count == 3, keys[0] == "plugins", node["enabled"]?.scalar?.text == "false" {
                return
            }
            for entry in entries { read(entry.value, keys + [entry.key]) }
        case .sequence(let nodes):
            if let verb = verb(of: keys, ""), nodes.allSatisfy({ $0.scalar != nil }) {
                let words = nodes.map { $0.scalar?.text ?? "" }
                add(verb, keys, Settings.masked(words: words).joined(separator: " "), words)
                return
            }
            for node in nodes { read(node, keys) }
        case .scalar(let scalar):
            guard !node.isNull, let verb = verb(of: keys, scalar.text) else { return }
            add(
                verb, keys, Settings.masked(scalar.text, of: keys.last ?? ""), [scalar.text])
        }
    }

    /// The keys whose values, and all below them, are programs or commands.
    private static let running: Set = [
        "stages", "extractors", "command", "args", "approver", "exec", "shell", "program",
    ]
    private static let reading: Set = ["skills", "instructions", "read"]
    private static let allowing: Set = ["allow", "approve", "approve_tainted", "confine", "write"]

    private func verb(of keys: [String], _ text: String) -> FolderEffect.Verb? {
        guard let last = keys.last else { return nil }
        if keys.contains(where: Self.running.contains) || last.hasSuffix("_command") {
            return .runs
        }
        if keys.contains("config") { return .sends }
        if last == "path" { return keys.first == "document_stores" ? .reads : .runs }
        if last == "socket" { return .sends }
        if last.hasSuffix("_file") || keys.contains(where: Self.reading.contains) { return .reads }
        if keys.contains(where: Self.allowing.contains) { return .allows }
        // What is found there is listed, and not where it is looked for.
        if keys.contains("plugin_discovery") { return nil }
        if isReference(keys), text.contains("/") { return .runs }
        return text.contains("${") || text.contains("://") ? .sends : nil
    }

    /// True where a plugin may be named by its path.
    private func isReference(_ keys: [String]) -> Bool {
        let roles = Kind.allCases.map(\.role) + ["provider", "rerank", "reasoning_strategy"]
        return ["defaults", "agents", "document_stores"].contains(keys.first)
            && keys.last.map(roles.contains) == true
    }

    private mutating func add(
        _ verb: FolderEffect.Verb, _ keys: [String], _ shown: String, _ written: [String]
    ) {
        let files = verb == .runs ? written.compactMap(file) : []
        found.append(
            FolderEffect(
                verb: verb, text: "\(keys.joined(separator: ".")): \(shown)", files: files))
    }

    /// Returns the path of a program that is named by its path; nil for other commands.
    private func file(_ written: String) -> String? {
        guard written.contains("/"), !written.contains("$"), !written.contains(" ") else {
            return nil
        }
        let home = BaseDirectories(environment: environment).home
        let path = Path.absolute(Path.expandingTilde(written, home: home), in: folder)
        guard let file = try? File(path) else { return nil }
        return file.kind == .directory ? "\(path)/\(Path.name(of: path))" : path
    }

    // MARK: Plugins that are found

    private mutating func addPlugins() {
        guard settings?.discovery.isEnabled ?? true else { return }
        let paths = settings?.discovery.paths?.compactMap { $0.valueIfKnown(in: environment) }
        let home = BaseDirectories(environment: environment).home
        for path in paths ?? [FolderTrust.pluginFolder] {
            let directory = Path.absolute(Path.expandingTilde(path, home: home), in: folder)
            if UserFolders(environment: environment).hold(directory) { continue }
            if DiscoverySettings.standardPaths.contains(path), path != FolderTrust.pluginFolder {
                continue
            }
            PluginFiles.search(
                directory, subdirectories: settings?.discovery.scansSubdirectories ?? true
            ) { program in
                let shown =
                    program.hasPrefix(folder + "/")
                    ? String(program.dropFirst(folder.count + 1)) : program
                found.append(
                    FolderEffect(
                        verb: .runs, text: "plugin \(shown)",
                        files: [program, program + PluginFiles.manifestSuffix]))
            }
        }
    }
}

/// The folders of the user's own configuration and plugins, which need no trust.
struct UserFolders {
    private let folders: [String]

    init(environment: [String: String]) {
        let directories = BaseDirectories(environment: environment)
        folders = [
            directories.home.map { "\($0)/.hector" },
            directories.configuration.map { "\($0)/hector" },
        ].compactMap { $0 }.flatMap { [$0, Path.resolved($0) ?? $0] }
    }

    /// - Parameter folder: An absolute path.
    func hold(_ folder: String) -> Bool {
        folders.contains { folder == $0 || folder.hasPrefix($0 + "/") }
    }
}

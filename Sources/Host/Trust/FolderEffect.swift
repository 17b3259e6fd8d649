package import Configuration
internal import OpenSSL
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

    /// A digest of what is written, if the text does not show all of it; empty if it does.
    let digest: String

    /// The absolute paths of the files whose contents decide what happens.
    package let files: [String]

    /// True if this stands for all that is too many to be listed.
    var isRest = false

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
///
/// The file may be anyone's, so its size does not decide how much is kept.
private struct EffectReader {
    private let settings: Settings?
    private let folder: String
    private let home: String?
    private let environment: [String: String]
    private var found: [FolderEffect] = []

    /// The number of those after the most effects.
    private var others = 0

    /// The most effects that are listed one by one.
    private static let most = 5000

    /// The most characters of a key. Those that mean something are shorter.
    private static let longestKey = 60

    /// The most bytes of a value that are shown.
    private static let longestValue = 2000

    /// The most words of a value that are looked for as files.
    private static let mostWords = 500

    init(_ settings: Settings?, _ folder: String, _ environment: [String: String]) {
        self.settings = settings
        self.folder = folder
        self.environment = environment
        home = BaseDirectories(environment: environment).home
    }

    mutating func effects() -> [FolderEffect] {
        if let root = settings?.root { read(root, []) }
        addPlugins()
        if others > 0 {
            found.append(
                FolderEffect(
                    verb: .runs, text: "\(others) more that are too many to list", digest: "",
                    files: [], isRest: true))
        }
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
            for entry in entries {
                read(entry.value, keys + [String(entry.key.prefix(Self.longestKey))])
            }
        case .sequence(let nodes):
            if let verb = verb(of: keys, ""), nodes.allSatisfy({ $0.scalar != nil }) {
                add(verb, keys, nodes.map { $0.scalar?.text ?? "" }, isList: true)
                return
            }
            for node in nodes { read(node, keys) }
        case .scalar(let scalar):
            guard !node.isNull, let verb = verb(of: keys, scalar.text) else { return }
            add(verb, keys, [scalar.text], isList: false)
        }
    }

    /// The keys whose values, and all below them, are programs or commands.
    private static let running: Set = [
        "stages", "extractors", "command", "args", "approver", "exec", "shell", "program",
    ]
    private static let reading: Set = ["skills", "instructions", "read"]
    private static let allowing: Set = [
        "allow", "allow_path", "allowed_commands", "approve", "approve_tainted", "confine", "write",
    ]

    private func verb(of keys: [String], _ text: String) -> FolderEffect.Verb? {
        let keys = Self.withoutName(keys)
        guard let last = keys.last else { return nil }
        if keys.contains(where: Self.running.contains) || last.hasSuffix("_command") {
            return .runs
        }
        if keys.contains(where: ["allowed_commands", "allow_path"].contains) { return .allows }
        if keys.count > 2, keys[0] == "plugins", keys[2] == "config" { return .sends }
        if last == "path" { return keys.first == "document_stores" ? .reads : .runs }
        if last == "socket" { return .sends }
        if last.hasSuffix("_file") || keys.contains(where: Self.reading.contains) { return .reads }
        if keys.contains(where: Self.allowing.contains) { return .allows }
        // What is found there is listed, and not where it is looked for.
        if keys.contains("plugin_discovery") { return nil }
        if isReference(keys), text.contains("/") { return .runs }
        return text.contains("${") || text.contains("://") ? .sends : nil
    }

    /// Returns the keys without the name of the entry, which may be any word.
    private static func withoutName(_ keys: [String]) -> [String] {
        let place = ["plugins": 2, "agents": 1, "document_stores": 1][keys.first ?? ""]
        guard let place, keys.count > place else { return keys }
        var keys = keys
        keys.remove(at: place)
        return keys
    }

    /// True where a plugin may be named by its path.
    private func isReference(_ keys: [String]) -> Bool {
        let roles = Kind.allCases.map(\.role) + ["provider", "rerank", "reasoning_strategy"]
        return ["defaults", "agents", "document_stores"].contains(keys.first)
            && keys.last.map(roles.contains) == true
    }

    private mutating func add(
        _ verb: FolderEffect.Verb, _ keys: [String], _ written: [String], isList: Bool
    ) {
        guard found.count < Self.most else {
            others += 1
            return
        }
        let place = keys.joined(separator: ".")
        let shown = Self.shown(written, of: keys.last ?? "", isRun: verb == .runs, isList)
        let files =
            verb == .runs || keys.last == "allowed_commands" ? files(in: written, isList) : []
        found.append(
            FolderEffect(
                verb: verb, text: "\(place): \(shown)",
                digest: shown == written.joined(separator: " ") && !isList
                    ? "" : SHA256.hex(of: Array("\(written)".utf8)),
                files: files))
    }

    // MARK: What is shown

    /// Returns a value without secrets, at most so long. What may be a command is shown all the
    /// same: a user cannot agree to what is hidden.
    private static func shown(
        _ written: [String], of key: String, isRun: Bool, _ isList: Bool
    ) -> String {
        let text: String
        if isRun {
            text = written.map(Settings.maskedKnownKeys).joined(separator: " ")
        } else if written.contains(where: hasSubstitution) {
            text = written.joined(separator: " ")
        } else if isList {
            text = Settings.masked(words: written).joined(separator: " ")
        } else {
            text = Settings.masked(written[0], of: key)
        }
        guard text.utf8.count > longestValue else { return text }
        let part = longestValue / 4
        return "\(text.prefix(part)) … \(text.count - 2 * part) characters are not shown … "
            + text.suffix(part)
    }

    /// True for `$(…)`, `` `…` ``, and a variable with an operator, such as `${NAME:-…}`.
    private static func hasSubstitution(_ text: String) -> Bool {
        if text.contains("$(") || text.contains("`") { return true }
        return text.split(separator: "${", omittingEmptySubsequences: false).dropFirst().contains {
            $0.first { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")) } != "}"
        }
    }

    // MARK: Files

    /// Returns the paths of the files that a command names: programs, and scripts that others run.
    private func files(in written: [String], _ isList: Bool) -> [String] {
        let words = isList ? written : written.flatMap { ShellWords.all(in: $0) }
        var files: [String] = []
        for word in words.prefix(Self.mostWords) {
            // The value of an option or of a variable may be one, too.
            let value = word.firstIndex(of: "=").map { String(word[word.index(after: $0)...]) }
            for name in [word, value ?? ""] {
                if let file = file(name), !files.contains(file) { files.append(file) }
            }
        }
        return files
    }

    /// Returns the path of a file, which may be missing if it is named by a path; nil for other
    /// words.
    private func file(_ word: String) -> String? {
        guard !word.isEmpty, word.utf8.count < 4096, !word.contains("$"), !word.contains("://"),
            !word.utf8.contains(0)
        else { return nil }
        let path = Path.absolute(Path.expandingTilde(word, home: home), in: folder)
        guard let file = try? File(path) else {
            return word.contains("/") && !word.hasPrefix("-") ? path : nil
        }
        if file.kind != .directory { return path }
        // A plugin's folder has a program of the same name.
        return word.contains("/") ? "\(path)/\(Path.name(of: path))" : nil
    }

    // MARK: Plugins that are found

    private mutating func addPlugins() {
        guard settings?.discovery.isEnabled ?? true else { return }
        let paths = settings?.discovery.paths?.compactMap { $0.valueIfKnown(in: environment) }
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
                guard found.count < Self.most else {
                    others += 1
                    return
                }
                found.append(
                    FolderEffect(
                        verb: .runs, text: "plugin \(shown)", digest: "",
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
            "/etc/hector",
        ].compactMap { $0 }.flatMap { [$0, Path.resolved($0) ?? $0] }
    }

    /// - Parameter folder: An absolute path.
    func hold(_ folder: String) -> Bool {
        folders.contains { folder == $0 || folder.hasPrefix($0 + "/") }
    }
}

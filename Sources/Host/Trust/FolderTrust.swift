package import Configuration
internal import Text
package import Unix

/// The one gate through which a hector.yaml or plugins of the working directory have to pass before
/// anything that they name is run, or is sent anything: the folder has to be trusted.
///
/// What the command line or `HECTOR_CONFIG` names needs no trust, nor what lies in the user's own
/// folders.
package struct FolderTrust: Sendable {
    /// The folder of plugins that is looked at without a hector.yaml that names others.
    package static let pluginFolder = "./plugins"

    private let environment: [String: String]
    private let store: TrustStore

    /// The working directory without links.
    private let folder: String

    /// - Parameter folder: An absolute path.
    package init(of folder: String, environment: [String: String]) {
        self.environment = environment
        self.folder = Path.resolved(folder) ?? folder
        store = TrustStore(environment: environment)
    }

    // MARK: The gate

    /// Lets a command use what it has found in its working directory, or refuses it.
    ///
    /// At a terminal the user is asked once. A folder that is trusted and has changed is reported
    /// once.
    ///
    /// - Parameters:
    ///   - settings: The settings that apply; nil without a hector.yaml.
    ///   - notice: Called with a sentence about what has changed.
    /// - Throws: `.untrusted` with the command to type, or `.unsafe`.
    package func admit(_ settings: Settings?, notice: (String) -> Void) throws(SettingsError) {
        guard let effects = try effectsInQuestion(settings) else { return }
        let ended: String?
        if let record = try store.record(of: folder) {
            ended = record.end
            if ended == nil { return report(effects, since: record, notice) }
        } else {
            ended = nil
        }
        try ask(effects, ended)
    }

    /// True if a command may use what it has found in its working directory without a question.
    ///
    /// - Parameter unchanged: True to demand also that no change is left to report.
    package func isAdmitted(_ settings: Settings?, unchanged: Bool = false) -> Bool {
        do {
            guard let effects = try effectsInQuestion(settings) else { return true }
            guard var record = try store.record(of: folder), record.end == nil else { return false }
            return !unchanged || !record.update(effects).isChanged
        } catch {
            return false
        }
    }

    /// True if the folder is the user's own or trusted, whatever is in it.
    package var isTrusted: Bool {
        let paths = TrustedPaths(environment: environment)
        if UserFolders(environment: environment).hold(folder) { return true }
        guard UnsafeFolder.onTheWay(to: folder, vouched: paths.vouched(in: folder)) == nil else {
            return false
        }
        return paths.covering(folder) != nil || hasRecord
    }

    /// Lets a command use a file of this folder that a file of someone's names, or refuses it.
    ///
    /// - Throws: `.untrusted` with the command to type.
    func admit(named file: String) throws(SettingsError) {
        if isTrusted { return }
        throw .untrusted(
            "the configuration '\(file)' was not named on this command line, and its folder is not "
                + "trusted; look at it and name it with --config, or type '\(command())'")
    }

    /// Returns what needs trust that is not given in advance; nil if nothing does.
    private func effectsInQuestion(_ settings: Settings?) throws(SettingsError) -> [FolderEffect]? {
        if let settings, !settings.isFromWorkingDirectory { return nil }
        // Most folders have neither.
        if settings == nil, !PluginFiles.isAny(in: Path.absolute(Self.pluginFolder, in: folder)) {
            return nil
        }
        if UserFolders(environment: environment).hold(folder) { return nil }
        let paths = TrustedPaths(environment: environment)
        if let unsafe = UnsafeFolder.onTheWay(to: folder, vouched: paths.vouched(in: folder)) {
            throw .unsafe("\(unsafe): nothing in '\(folder)' is used")
        }
        if paths.covering(folder) != nil { return nil }
        return try allEffects(of: settings)
    }

    /// - Throws: `.unsafe` if they are more than a user could read.
    private func allEffects(of settings: Settings?) throws(SettingsError) -> [FolderEffect] {
        let effects = FolderEffect.all(of: settings, in: folder, environment: environment)
        guard let last = effects.last, last.isRest else { return effects }
        throw .unsafe(
            "the hector.yaml or plugins of '\(folder)' would do more than anyone could agree to, "
                + "\(effects.count - 1) things and \(last.text): nothing of it is used; if you know "
                + "it, name the file with --config")
    }

    /// Reports what has changed since a record, and keeps that it was reported. Files are read before
    /// other processes have to wait.
    private func report(
        _ effects: [FolderEffect], since record: TrustRecord, _ notice: (String) -> Void
    ) {
        var current = record
        let (differences, isChanged) = current.update(effects)
        guard isChanged else { return }
        store.locked {
            // Another process may have reported it meanwhile.
            guard let kept = (try? store.record(of: folder)) ?? nil, kept.json == record.json else {
                return
            }
            if !differences.isEmpty {
                notice(
                    "the folder '\(folder)', which you trust, has changed what it does:\n"
                        + differences.map { "  \($0)\n" }.joined()
                        + "'\(command(" --revoke"))' ends the trust")
            }
            try? store.save(current)
        }
    }

    // MARK: The question

    private func ask(_ effects: [FolderEffect], _ ended: String?) throws(SettingsError) {
        let job = Terminal.job
        guard let terminal = try? Terminal(), terminal.isOurs,
            !store.isRefused(folder, for: job)
        else { throw refusal(ended) }
        var isAnswered = false
        let answer = terminal.askOnThisThread {
            // Another process of the same pipe may have asked meanwhile.
            isAnswered = hasRecord || store.isRefused(folder, for: job)
            return isAnswered ? nil : question(effects, ended)
        }
        if hasRecord { return }
        guard let answer, ["y", "yes"].contains(answer.trimmed.lowercased()) else {
            if !isAnswered { store.refuse(folder, for: job) }
            throw refusal(ended)
        }
        try trust(effects)
    }

    /// True if the user has trusted the folder.
    private var hasRecord: Bool {
        guard let record = (try? store.record(of: folder)) ?? nil else { return false }
        return record.end == nil
    }

    private func question(_ effects: [FolderEffect], _ ended: String?) -> String {
        let name = VisibleText(folder).description
        let again = ended.map { "You trusted a folder '\(name)', but it \($0).\n" } ?? ""
        return again + "The folder '\(name)' has a configuration or plugins of its own, "
            + (effects.isEmpty
                ? "which would neither run nor send anything by itself.\n"
                : "which would do this:\n" + Self.list(effects))
            + "Programs and commands get your environment and your rights.\n"
            + "Do you trust this folder? [y/N] "
    }

    /// The most files that are listed in a question.
    private static let mostReads = 20

    /// Returns what a user has to read before the answer, with what matters most at the end, where
    /// it does not scroll away.
    private static func list(_ effects: [FolderEffect]) -> String {
        func lines(_ verb: FolderEffect.Verb) -> [String] {
            effects.filter { $0.verb == verb }.map { "  \($0.line)\n" }
        }
        var reads = lines(.reads)
        if reads.count > mostReads {
            reads = reads.prefix(mostReads) + ["  reads \(reads.count - mostReads) more\n"]
        }
        return (reads + lines(.allows) + lines(.sends) + lines(.runs)).joined()
    }

    private func refusal(_ ended: String?) -> SettingsError {
        let reason =
            ended.map { "is no longer trusted, because it \($0)" } ?? "is not trusted"
        return .untrusted(
            "the folder '\(folder)' \(reason), and its hector.yaml or plugins can run programs; "
                + "look at it and type '\(command())' to use them")
    }

    private func command(_ option: String = "") -> String {
        "hector trust\(option) \(Path.quotedForShell(folder))"
    }

    // MARK: Giving and taking trust

    /// Trusts the folder as it is.
    ///
    /// - Parameter settings: The contents of its hector.yaml; nil without one that can be read.
    /// - Returns: Everything that it does.
    /// - Throws: `.unsafe` if other users could change it.
    package func trust(_ settings: Settings?) throws(SettingsError) -> [FolderEffect] {
        if let unsafe = UnsafeFolder.onTheWay(to: folder) {
            throw .unsafe("'\(folder)' cannot be trusted: \(unsafe)")
        }
        let effects = try allEffects(of: settings)
        try trust(effects)
        return effects
    }

    private func trust(_ effects: [FolderEffect]) throws(SettingsError) {
        let identity: FileIdentity
        do throws(SystemError) { identity = try FileIdentity(folder) } catch {
            throw .unreadable(error)
        }
        let record = TrustRecord(folder, identity, effects)
        try store.locked { () throws(SettingsError) in try store.save(record) }
    }

    /// Ends the trust in the folder, which need not exist any more.
    ///
    /// - Returns: False if it was not trusted.
    package func revoke() throws(SettingsError) -> Bool { try store.remove(folder) }

    /// The folder that `HECTOR_TRUSTED_PATHS` lists and that is or holds this one; nil if there is
    /// none.
    package var coveringPath: String? { TrustedPaths(environment: environment).covering(folder) }
}

internal import Chunking
internal import Configuration
internal import Documents
internal import FilterKit
internal import OpenSSL
internal import Stores
internal import Unix
internal import YAML

/// A document store's entry in the configuration, with the values of its variables.
struct StoreConfiguration {
    let entry: DocumentStore
    let settings: Settings
    let environment: [String: String]

    func source() throws -> Store.Source {
        if let command = entry.command {
            return .command(try command.nonempty(in: environment), directory: settings.directory)
        }
        return Store.Source(
            path: try entry.place(in: settings, environment: environment),
            Selection(
                include: try entry.includePatterns?.map { try $0.value(in: environment) },
                exclude: try entry.excludePatterns.map { try $0.value(in: environment) },
                maxFileSize: entry.maxFileSize,
                extractors: Selection.Extractors(
                    patterns: try extractors().map(\.pattern),
                    maxFileSize: entry.extractorMaxFileSize,
                    recognizesText: entry.recognizesText)))
    }

    func extractors() throws -> [Store.Extractor] {
        try entry.extractors.compactMap { extractor in
            let command = try extractor.command.value(in: environment)
            return Pattern(extractor.pattern.utf8, ignoresCase: true).map {
                Store.Extractor(pattern: $0, command: command)
            }
        }
    }

    /// Returns the name or the path of a plugin; nil for the default plugin. A path is relative to
    /// the configuration's folder.
    func plugin(_ text: Text?) throws -> String? {
        guard let text else { return nil }
        let name = try text.value(in: environment)
        return name.contains("/") ? try settings.path(text, environment: environment) : name
    }

    // MARK: Identity

    func embedderFingerprint() throws -> String {
        try fingerprint(
            entry.embedder ?? settings.defaults[.embedderProvider], .embedderProvider)
    }

    func databaseFingerprint() throws -> String {
        try fingerprint(
            try entry.usedDatabase(in: settings, environment: environment), .databaseProvider)
    }

    func extractorsFingerprint() throws -> String {
        // A program that is installed now may read what was skipped, and other rules for cutting
        // give other chunks.
        let lines =
            try entry.extractors.map {
                "\($0.pattern)\n\(try $0.command.value(in: environment))"
            } + Extraction.installed
            + ["ocr \(entry.recognizesText)", "version \(DocumentChunker.version)"]
        return SHA256.hex(of: Array(lines.joined(separator: "\n").utf8))
    }

    /// Returns a digest of a plugin's settings without secrets, so that a new key does not change
    /// it.
    private func fingerprint(_ text: Text?, _ kind: Kind) throws -> String {
        let name = try text?.value(in: environment)
        var parts = [name ?? ""]
        for plugin in settings.plugins[kind] ?? [] where name == nil || plugin.name == name {
            parts += [plugin.name, plugin.path?.written ?? "", plugin.socket?.written ?? ""]
            // A setting without a value is reported by the filter that needs it.
            var problems: [YAMLError] = []
            for setting in plugin.configuration where !Settings.isSecret(setting.key) {
                parts += [setting.key, setting.value(in: environment, gathering: &problems)]
            }
        }
        return SHA256.hex(of: Array(parts.joined(separator: "\n").utf8))
    }
}

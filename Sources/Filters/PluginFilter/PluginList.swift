package import Catalog
internal import Configuration
internal import FilterKit
internal import JSON
internal import PluginFilterKit
internal import PluginLock
internal import Text
internal import Unix

/// Prints plugins in columns for people, or as a line of JSON each.
package func printList(_ plugins: [ListedPlugin], asJSON: Bool) throws {
    if asJSON {
        try writeToStandardOutput(plugins.map { "\($0.summary)\n" }.joined())
        return
    }
    // Only where there is something in it, as most of it is long.
    let sources = plugins.map { $0.installed.map { "\(VisibleText($0.source))" } }
    let hasSources = sources.contains { $0 != nil }
    var header = ["NAME", "KIND", "VERSION", "ORIGIN", "STATUS", "PLACE"]
    if hasSources { header.append("SOURCE") }
    let rows = zip(plugins, sources).map { plugin, source in
        var columns = plugin.columns
        if hasSources { columns.insert(source ?? "-", at: columns.count - 1) }
        return columns
    }
    try writeToStandardOutput(aligned([header + ["PROBLEM"]] + rows))
}

/// Returns the rows as columns as wide as their widest cell, with two spaces between them.
func aligned(_ rows: [[String]]) -> String {
    var widths: [Int] = []
    for row in rows {
        for (column, cell) in row.enumerated() {
            if column == widths.count { widths.append(0) }
            widths[column] = max(widths[column], cell.count)
        }
    }
    return rows.map { row in
        var line = ""
        for (cell, width) in zip(row, widths) {
            line += cell + String(repeating: " ", count: width - cell.count + 2)
        }
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }.joined()
}

extension ListedPlugin {
    /// The usability of a plugin.
    package enum Status: String, Sendable {
        /// It can be started.
        case ready
        /// A process listens at its address.
        case running
        /// No process listens at its address.
        case down
        /// It runs at a TCP address, which was not tried.
        case remote
        /// Its entry in the configuration disables it.
        case disabled
        /// It lacks settings but has no other problem.
        case unconfigured
        /// It has a problem.
        case unusable
    }

    package var status: Status {
        if settings?.isEnabled == false { return .disabled }
        if let problem { return problem.isLackOfSettings ? .unconfigured : .unusable }
        if !lacking.isEmpty { return .unconfigured }
        guard case .socket(let address)? = location else { return .ready }
        guard address.contains("/") else { return .remote }
        return isListening(at: address) ? .running : .down
    }

    /// The path of its executable, or the address at which it listens.
    var place: String? {
        switch location {
        case .executable(let path)?: path
        case .socket(let address)?: address
        case nil: nil
        }
    }

    /// The reasons why it cannot be used as it is, without the offending lines of files, which may
    /// hold secrets.
    package var problems: [String] {
        if settings?.isEnabled == false { return [] }
        if problem == nil || problem?.isLackOfSettings == true, let needs = lacking.sentence {
            return [needs]
        }
        return Self.withoutExcerpts(problem?.message ?? "")
    }

    /// Oddities in its manifest.
    package var warnings: [String] {
        manifest?.warnings.flatMap { Self.withoutExcerpts("\($0)") } ?? []
    }

    private static func withoutExcerpts(_ message: String) -> [String] {
        message.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("    ") }.map(String.init)
    }

    fileprivate var columns: [String] {
        [
            name, kind?.rawValue ?? "-", manifest.map { "\($0.version)" } ?? "-", origin.rawValue,
            status.rawValue, place ?? "-",
            problems.joined(separator: "; "),
        ].map { "\(VisibleText($0))" }
    }

    fileprivate var summary: Value {
        func text(_ text: String?) -> Value { text.map { .string($0) } ?? .null }
        let isSocket = if case .socket? = location { true } else { false }
        var members: Members = [
            "name": .string(name), "kind": text(kind?.rawValue),
            "version": text(manifest.map { "\($0.version)" }), "origin": .string(origin.rawValue),
            "status": .string(status.rawValue), "path": text(isSocket ? nil : place),
            "socket": text(isSocket ? place : nil), "description": text(manifest?.description),
            "problem": text(problems.isEmpty ? nil : problems.joined(separator: "\n")),
            "needs": .array(lacking.map(\.value)),
        ]
        if let installed {
            members.append("installed", .string(installed.name))
            members.append("source", .string(installed.source))
        }
        return .object(members)
    }
}

extension LackingSetting {
    /// The plugin as JSON, as `hector plugin` prints it.
    var value: Value {
        var members: Members = ["setting": .string(name)]
        if let variable { members.append("environment", .string(variable)) }
        return .object(members)
    }
}

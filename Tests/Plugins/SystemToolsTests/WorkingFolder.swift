import Foundation
import SystemTools
import TestSupport
import Testing

/// A working directory for one test, with files outside it.
final class WorkingFolder: Sendable {
    private let temporary: TemporaryFolder

    /// A folder that holds `inside`, the working directory, and `outside/secret`, which must stay
    /// secret.
    var base: String { temporary.path }

    var path: String { base + "/inside" }
    var outside: String { base + "/outside" }

    init() throws {
        temporary = try TemporaryFolder()
        for name in ["inside", "outside"] {
            try FileManager.default.createDirectory(
                atPath: "\(temporary.path)/\(name)", withIntermediateDirectories: true)
        }
        try Data("secret".utf8).write(to: URL(fileURLWithPath: outside + "/secret"))
    }

    func write(_ text: String, to name: String) throws { try write(Data(text.utf8), to: name) }

    func write(_ bytes: Data, to name: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try bytes.write(to: url)
    }

    func read(_ name: String) throws -> String {
        String(
            decoding: try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")), as: UTF8.self)
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: "\(path)/\(name)", withDestinationPath: target)
    }

    func names(in folder: String = ".") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted()
    }

    func mode(of name: String) throws -> Int {
        var status = stat()
        try #require(stat("\(path)/\(name)", &status) == 0)
        return Int(status.st_mode & 0o7777)
    }

    /// True if the files outside are unchanged, as no tool may change them.
    var outsideIsUntouched: Bool {
        let names = try? FileManager.default.contentsOfDirectory(atPath: outside)
        let secret = try? String(contentsOfFile: outside + "/secret", encoding: .utf8)
        return names == ["secret"] && secret == "secret"
    }

    func toolset(_ change: (inout ToolsetSettings) -> Void = { _ in }) throws -> Tools {
        var settings = ToolsetSettings(workingDirectory: path)
        change(&settings)
        return Tools(toolset: try Toolset(settings), folder: self)
    }
}

/// A toolset, and the folder that it works in, for as long as it exists.
struct Tools: Sendable {
    let toolset: Toolset
    var folder: WorkingFolder?

    var descriptions: [ToolDescription] { toolset.descriptions }

    func call(_ name: String, arguments: String) async throws -> ToolAnswer {
        try await toolset.call(name, arguments: arguments)
    }

    /// Returns the text of a call's answer, whether the call succeeded or not.
    func answer(_ name: String, _ arguments: [String: Any]) async -> String {
        do { return try await result(name, arguments) } catch { return "\(error)" }
    }

    func result(_ name: String, _ arguments: [String: Any]) async throws -> String {
        let json = try JSONSerialization.data(withJSONObject: arguments)
        return try await toolset.call(name, arguments: String(decoding: json, as: UTF8.self)).text
    }
}

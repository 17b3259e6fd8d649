import Foundation
import MCP
import Synchronization
import TestSupport
import Testing
import Unix

/// The servers in Tests/Foreign/python, and a folder of one test for their notes.
final class Servers: Sendable {
    private let temporary: TemporaryFolder
    private let lines = Mutex([String]())

    static let python = Project.root + "/.build/venv/bin/python"

    static func script(_ name: String) -> String { "\(Project.root)/Tests/Foreign/python/\(name)" }

    init() throws {
        // As every plugin does: a server may be gone when it is written to.
        prepareSignals()
        temporary = try TemporaryFolder()
    }

    var folder: String { temporary.path }

    /// The lines for the plugin's log.
    var log: [String] { lines.withLock { $0 } }

    /// The notes of servers, one per line.
    var notes: [String] {
        let text = (try? String(contentsOfFile: folder + "/notes", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// The process ids of the faulty servers that were started.
    var processes: [pid_t] {
        notes.filter { $0.hasPrefix("start ") }.compactMap { pid_t($0.dropFirst(6)) }
    }

    /// Waits until a server has noted the event; if it never does, the test's time limit ends the
    /// wait.
    func noted(_ event: String) async throws {
        try await waitUntil { notes.contains(event) }
    }

    /// Makes the server over HTTP forget the session of the next request that has one.
    func forget() throws { try Data().write(to: URL(fileURLWithPath: folder + "/forget")) }

    var isToForget: Bool { FileManager.default.fileExists(atPath: folder + "/forget") }

    private func variables(_ more: [String: String]) -> [String: String] {
        more.merging([
            "MCP_LOG": folder + "/notes", "MCP_FORGET": folder + "/forget",
            "PYTHONDONTWRITEBYTECODE": "1",
        ]) { $1 }
    }

    /// Runs `body` with a server on standard streams, which has ended when this returns.
    func withProgram<R: Sendable>(
        _ script: String = "mcp_server.py", _ arguments: [String] = [],
        environment: [String: String] = [:], revision: Revision? = nil,
        timeout: Duration = .seconds(60), _ body: @Sendable (Server) async throws -> R
    ) async throws -> R {
        let program = ServerProgram(
            command: Self.python, arguments: [Self.script(script)] + arguments,
            additional: variables(environment))
        return try await with(.program(program), revision, timeout, body)
    }

    func withFaulty<R: Sendable>(
        _ faults: String..., environment: [String: String] = [:], revision: Revision? = nil,
        timeout: Duration = .seconds(60), _ body: @Sendable (Server) async throws -> R
    ) async throws -> R {
        try await withProgram(
            "mcp_faulty.py", faults, environment: environment, revision: revision,
            timeout: timeout, body)
    }

    /// Runs `body` with a running server that listens on a port of its choice.
    func withHTTP<R: Sendable>(
        _ options: String..., headers: [(String, String)] = [],
        environment: [String: String] = [:], revision: Revision? = nil,
        timeout: Duration = .seconds(60), _ body: @Sendable (Server) async throws -> R
    ) async throws -> R {
        let (printed, printing) = AsyncStream.makeStream(of: String.self)
        let own = ProcessInfo.processInfo.environment.merging(variables(environment)) { $1 }
        let child = try await LineProcess.launch(
            Self.python, arguments: [Self.script("mcp_server.py"), "http"] + options,
            environment: own.map { "\($0)=\($1)" }
        ) { output, line in
            if output == .standard { printing.yield(String(decoding: line, as: UTF8.self)) }
        } onExit: { _ in
            printing.finish()
        }
        defer { child.signal(SIGKILL) }
        let port = try #require(await printed.first { _ in true }, "the server did not start")
        let address = try #require(
            Address(url: "http://127.0.0.1:\(port)/mcp?key=hidden", headers: headers))
        return try await with(.address(address), revision, timeout, body)
    }

    private func with<R: Sendable>(
        _ target: Server.Target, _ revision: Revision?, _ timeout: Duration,
        _ body: @Sendable (Server) async throws -> R
    ) async throws -> R {
        let server = Server(target, revision: revision, timeout: timeout) { level, message in
            self.lines.withLock { $0.append("\(level): \(message)") }
        }
        let result: Result<R, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        await server.close()
        return try result.get()
    }
}

extension Server {
    func text(of tool: String, _ arguments: String = "") async throws -> String {
        try await call(tool, arguments: arguments).text
    }
}

/// Returns the error that `body` throws, as text.
func failure<R>(_ body: () async throws -> R) async -> String {
    do { return "no error: \(try await body())" } catch { return "\(error)" }
}

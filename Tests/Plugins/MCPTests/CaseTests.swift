import Foundation
import JSON
import Synchronization
import Testing
import Unix

@testable import MCP

/// Servers that users have met, rebuilt: one file of the folder Cases for each, with the expected
/// result.
@Suite(.timeLimit(.minutes(10))) struct CaseTests {
    @Test(arguments: try! ServerCase.all())
    func `a server as users have met it gets the right answer`(_ one: ServerCase) async throws {
        let log = Mutex([String]())
        try await one.withServer { level, message in
            log.withLock { $0.append("\(level): \(message)") }
        } _: { server in
            if let expected = one.expected("error") {
                let error = await failure { try await server.currentTools() }
                #expect(error.contains(expected), "\(error)")
                return
            }
            let tools = try await server.currentTools()
            if let names = one.expect["tools"]?.array {
                #expect(tools.map { .string($0.name) } == names)
            }
            if let schema = one.expect["schema"] {
                let parameters = try #require(tools.first).parameters
                #expect(try Value(parsing: Array(parameters.utf8)).sorted == schema.sorted)
            }
            if let expected = one.expected("call error") {
                let error = await failure {
                    try await server.call(tools[0].name, arguments: "{}")
                }
                #expect(error.contains(expected), "\(error)")
            }
            guard let text = one.expected("text") else { return }
            let reports = Mutex([Value]())
            let result = try await server.call(tools[0].name, arguments: "{}") { report in
                let total = report.total.map { "/\($0) " } ?? " "
                reports.withLock { $0.append(.string("\(report.done)\(total)\(report.message)")) }
            }
            #expect(result.text == text)
            #expect(!result.isError)
            if let expected = one.expect["progress"]?.array {
                #expect(reports.withLock { $0 } == expected)
            }
        }
        if let expected = one.expected("log") {
            let log = log.withLock { $0 }
            #expect(log.contains { $0.contains(expected) }, "\(log)")
        }
    }

    @Test func `there are enough of them, over each transport`() throws {
        let cases = try ServerCase.all()
        #expect(Set(cases.map(\.name)).count >= 60)
        for transport in ["stdio", "http", "sse"] {
            #expect(cases.count { $0.transport == transport } >= 30)
        }
    }
}

/// One file of Cases, over one of its transports.
struct ServerCase: Sendable, CustomTestStringConvertible {
    let name: String
    let transport: String
    private let file: String
    private let value: Value

    private static let folder =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Cases"

    static func all() throws -> [ServerCase] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .filter { $0.hasSuffix(".json") }
            .flatMap { name in
                let file = "\(folder)/\(name)"
                let text = try String(contentsOfFile: file, encoding: .utf8)
                let value = try Value(parsing: Array(text.utf8))
                return (value["over"]?.array ?? []).compactMap(\.string).map {
                    ServerCase(
                        name: String(name.dropLast(5)), transport: $0, file: file, value: value)
                }
            }
    }

    var testDescription: String { "\(name) over \(transport)" }

    var expect: Value { value["expect"] ?? [:] }

    func expected(_ key: String) -> String? { expect[key]?.string }

    /// Runs `body` with the server, which has ended when this returns.
    func withServer(
        log: @escaping @Sendable (Events.Level, String) -> Void,
        _ body: (Server) async throws -> Void
    ) async throws {
        prepareSignals()
        let script = Servers.script("mcp_scripted.py")
        var process: LineProcess?
        defer { process?.signal(SIGKILL) }
        let target: Server.Target
        if transport == "stdio" {
            target = .program(
                ServerProgram(
                    command: Servers.python, arguments: [script, file, transport],
                    additional: ["PYTHONDONTWRITEBYTECODE": "1"]))
        } else {
            let (printed, printing) = AsyncStream.makeStream(of: String.self)
            let child = try await LineProcess.launch(
                Servers.python,
                arguments: [script, file, transport == "older" ? "sse" : transport],
                environment: Environment.current.map { "\($0)=\($1)" }
            ) { output, line in
                if output == .standard { printing.yield(String(decoding: line, as: UTF8.self)) }
            } onExit: { _ in
                printing.finish()
            }
            process = child
            let port = try #require(await printed.first { _ in true }, "the server did not start")
            let path = ["http": "mcp", "sse": "sse", "older": "events"][transport] ?? ""
            target = .address(
                try #require(Address(url: "http://127.0.0.1:\(port)/\(path)", headers: [])))
        }
        let timeout = Duration.seconds(value["timeout"]?.int ?? 60)
        let server = Server(target, timeout: timeout, log: log)
        let result: Result<Void, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        await server.close()
        try result.get()
    }
}

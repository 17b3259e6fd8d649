import Foundation
import JSON
import JSONSchema
import TestSupport
import Testing

/// Comparisons of PyPI's jsonschema with this module on the same schemas and values.
struct PeerTests {
    /// - Returns: A line for each schema and value, with the peer's verdict.
    private func cases(seed: Int, count: Int) throws -> [Substring] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Project.root + "/.build/venv/bin/python")
        process.arguments = [
            Project.root + "/Tests/Foreign/python/jsonschema_cases.py", "\(seed)", "\(count)",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return text.split(separator: "\n")
    }

    @Test(arguments: 1...4) func `both agree on what fits`(seed: Int) throws {
        let cases = try cases(seed: seed, count: 1000)
        #expect(cases.count == 1000)
        for line in cases {
            let made = try Value(parsing: Array(line.utf8))
            let schema = try Schema(try #require(made["schema"]))
            let problems = schema.problems(with: try #require(made["value"]))
            #expect(
                problems.isEmpty == made["isValid"]?.bool,
                "\(line): \(problems.map(\.description))")
        }
    }
}

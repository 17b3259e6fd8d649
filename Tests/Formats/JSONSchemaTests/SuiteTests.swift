import Foundation
import JSON
import JSONSchema
import Testing

/// The required tests of JSON Schema's official suite, draft 2020-12.
struct SuiteTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appending(path: "suite")

    static let keywords: [String] = {
        let tests = folder.appending(path: "tests/draft2020-12")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: tests.path)) ?? []
        return names.map { String($0.dropLast(".json".count)) }.sorted()
    }()

    /// The schemas that references to `http://localhost:1234/` name.
    private static let remotes: [String: Value] = {
        var remotes: [String: Value] = [:]
        let folder = Self.folder.appending(path: "remotes")
        let names = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
        for case let name as String in names where name.hasSuffix(".json") {
            remotes["http://localhost:1234/\(name)"] = try? read(folder.appending(path: name))
        }
        return remotes
    }()

    private static func read(_ file: URL) throws -> Value {
        try Value(parsing: Array(Data(contentsOf: file)))
    }

    @Test(arguments: keywords)
    func `the schemas of the suite say what they should`(keyword: String) throws {
        let file = Self.folder.appending(path: "tests/draft2020-12/\(keyword).json")
        for group in try #require(try Self.read(file).array) {
            let title = group["description"]?.string ?? ""
            let tests = try #require(group["tests"]?.array)
            let schema: Schema
            do {
                schema = try Schema(try #require(group["schema"]), documents: Self.remotes)
            } catch {
                Issue.record("\(tests.count) of '\(title)': \(error)")
                continue
            }
            for test in tests {
                let problems = schema.problems(with: try #require(test["data"]))
                #expect(
                    problems.isEmpty == test["valid"]?.bool,
                    "'\(title)', '\(test["description"]?.string ?? "")': \(problems)")
            }
        }
    }

    @Test func `the suite is there`() {
        #expect(Self.keywords.count == 46)
        #expect(Self.remotes.count > 20)
    }
}

import Foundation
import TestSupport
import Testing

/// ARCHITECTURE.md names functions, types and folders, which are renamed now and then.
struct ArchitectureTests {
    /// Swift's words, and those of records.
    private static let otherWords: Set = ["deinit", "package", "public", "vector"]

    private static let sources: String = {
        let files = FileManager.default.enumerator(atPath: Project.root + "/Sources")!
        return files.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
            .compactMap {
                try? String(contentsOfFile: "\(Project.root)/Sources/\($0)", encoding: .utf8)
            }
            .joined(separator: "\n")
    }()

    /// The names that are declared anywhere, functions with those of enum cases and variables.
    private static let declared = Set(
        sources.matches(
            of: /\b(?:func|struct|class|enum|protocol|actor|typealias|let|var|case) (\w+)/
        ).map { String($0.1) })

    private static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(Project.root)/\(path)")
    }

    @Test func `what ARCHITECTURE.md names is there`() throws {
        let page = try String(contentsOfFile: Project.root + "/ARCHITECTURE.md", encoding: .utf8)
        let text = page.split(separator: "```", omittingEmptySubsequences: false)
            .enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element).joined()
        let spans = text.matches(of: /`([^`]+)`/).map { String($0.1) }
        #expect(spans.count > 60)
        var names = 0
        for span in spans {
            if span.contains("/") {
                #expect(Self.exists(span), "there is no '\(span)'")
            } else if let match = span.wholeMatch(of: /([A-Z]\w*\.)?(\w+)(\(.*\))?/) {
                let name = String(match.2)
                if Self.otherWords.contains(name) || Self.exists("Sources/\(name)")
                    || Self.exists(name) || Self.exists("Sources/Host/\(name)")
                    || Self.exists("Sources/Filters/\(name)")
                    || Self.exists("Sources/Programs/\(name)")
                {
                    continue
                }
                names += 1
                #expect(Self.declared.contains(name), "nothing is called '\(name)'")
                if let type = match.1?.dropLast() {
                    #expect(Self.declared.contains(String(type)), "nothing is called '\(type)'")
                }
            }
        }
        #expect(names > 30)
    }
}

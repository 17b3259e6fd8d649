import Foundation
import TestSupport
import Testing

/// ARCHITECTURE.md names functions, types and folders, which are renamed now and then.
struct ArchitectureTests {
    /// Swift's words, and those of records.
    private static let otherWords: Set = ["deinit", "package", "public", "vector"]

    private static let keywords: Set<Substring> = [
        "func", "struct", "class", "enum", "protocol", "actor", "typealias", "let", "var", "case",
    ]

    /// The folders of Sources, which are the names of modules, and all names declared in them.
    private static let declared: Set<String> = {
        var names: Set<String> = []
        let files = FileManager.default.enumerator(atPath: Project.root + "/Sources")!
        for case let path as String in files {
            names.formUnion(path.split(separator: "/").dropLast().map(String.init))
            guard path.hasSuffix(".swift"),
                let text = try? String(
                    contentsOfFile: "\(Project.root)/Sources/\(path)", encoding: .utf8)
            else {
                names.insert(String(path.split(separator: "/").last!))
                continue
            }
            var isDeclaration = false
            for word in text.utf8.split(whereSeparator: { !isWordByte($0) }) {
                let word = Substring(word)
                if isDeclaration { names.insert(String(word)) }
                isDeclaration = keywords.contains(word)
            }
        }
        return names
    }()

    private static func isWordByte(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "_") || (byte | 0x20) &- UInt8(ascii: "a") < 26
            || byte &- UInt8(ascii: "0") < 10
    }

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
                if Self.otherWords.contains(name) || Self.exists(name) { continue }
                names += 1
                let isDeclared = Self.declared.contains(name)
                #expect(isDeclared, "nothing is called '\(name)'")
                if let type = match.1?.dropLast() {
                    let isDeclared = Self.declared.contains(String(type))
                    #expect(isDeclared, "nothing is called '\(type)'")
                }
            }
        }
        #expect(names > 30)
    }
}

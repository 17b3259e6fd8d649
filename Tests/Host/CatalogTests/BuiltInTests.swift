import Catalog
import Configuration
import Foundation
import TestSupport
import Testing

/// The list of built-in plugins, which finds them where no manifest is installed beside them.
@Suite struct BuiltInTests {
    @Test func `the list of built-in plugins is that of their manifests`() throws {
        let plugins = "\(Project.root)/Sources/Plugins"
        let manifests = try FileManager.default.subpathsOfDirectory(atPath: plugins)
            .filter { $0.hasSuffix(".plugin.yaml") }
            .map { try String(contentsOfFile: "\(plugins)/\($0)", encoding: .utf8) }
            .map { text in
                let name = try #require(text.firstMatch(of: /(?m)^  name: (.+)$/)).1
                let type = try #require(text.firstMatch(of: /(?m)^  type: (.+)$/)).1
                return "\(name) \(type)"
            }
        #expect(
            manifests.sorted() == BuiltIn.all.map { "\($0.name) \($0.kind.rawValue)" }.sorted())
        for kind in Kind.allCases {
            #expect(
                BuiltIn.all.contains { $0.name == BuiltIn.standard(for: kind) && $0.kind == kind })
        }
    }
}

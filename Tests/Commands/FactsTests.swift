import FilterKit
import Foundation
import Testing

/// Facts that are written in several places for good reasons: all places say the same.
@Suite struct FactsTests {
    // MARK: The version

    /// Files that tell the version of Hector or of what comes with it, and how they write it.
    @Test(arguments: [
        ("README.md", #"Version ([0-9.]+), "#),
        ("examples/sdk/python/pyproject.toml", #"(?m)^version = "([^"]+)"$"#),
    ])
    func `a file tells the version of Hector`(path: String, pattern: String) throws {
        let text = try String(contentsOfFile: "\(Shell.root)/\(path)", encoding: .utf8)
        #expect(try versions(in: text, pattern) == [version])
    }

    @Test func `every built-in plugin has the version of Hector in its manifest`() throws {
        for manifest in try manifests() {
            #expect(
                try versions(in: manifest.text, #"(?m)^  version: (.+)$"#) == [version],
                "\(manifest.name)")
        }
    }

    @Test func `every version in the sources of built-in plugins is that of Hector`() throws {
        var found = 0
        let sources = "\(Shell.root)/Sources/Plugins"
        for file in try FileManager.default.subpathsOfDirectory(atPath: sources)
        where file.hasSuffix(".swift") {
            let text = try String(contentsOfFile: "\(sources)/\(file)", encoding: .utf8)
            for number in try versions(in: text, #"version"?: "([0-9]+\.[0-9]+\.[0-9]+)""#) {
                found += 1
                #expect(number == version, "\(file)")
            }
        }
        #expect(found > 0)
    }

    @Test func `the changelog's newest version is that of Hector, or not released`() throws {
        let text = try String(contentsOfFile: "\(Shell.root)/CHANGELOG.md", encoding: .utf8)
        let newest = try #require(try versions(in: text, #"(?m)^## \[([^\]]+)\]"#).first)
        #expect(newest == version || newest == "Unreleased")
    }

    private func versions(in text: String, _ pattern: String) throws -> [String] {
        let expression = try NSRegularExpression(pattern: pattern)
        let all = NSRange(text.startIndex..., in: text)
        return expression.matches(in: text, range: all).compactMap { match in
            Range(match.range(at: 1), in: text).map { String(text[$0]) }
        }
    }

    // MARK: Settings of the built-in plugins

    private struct Manifest {
        let name: String
        let kind: String
        let text: String
    }

    private func manifests() throws -> [Manifest] {
        let plugins = "\(Shell.root)/Sources/Plugins"
        let manifests = try FileManager.default.subpathsOfDirectory(atPath: plugins)
            .filter { $0.hasSuffix(".plugin.yaml") }.sorted()
            .map { path in
                let text = try String(contentsOfFile: "\(plugins)/\(path)", encoding: .utf8)
                let name = URL(fileURLWithPath: path).lastPathComponent
                    .replacing(".plugin.yaml", with: "")
                let kind = try #require(text.firstMatch(of: /(?m)^  type: (.+)$/)).1
                return Manifest(name: name, kind: String(kind), text: text)
            }
        try #require(manifests.count > 5)
        return manifests
    }

    @Test func `a built-in plugin knows the settings of its manifest and no others`() async throws {
        for manifest in try manifests() {
            let shell = try Shell()
            // Without its manifest a plugin has to find fault with a setting itself.
            let result = try await shell.run(
                """
                ln -s "$(dirname "$(command -v hector-plugin)")/\(manifest.name)" .
                hector-plugin info --start -o no-such-setting=1 \
                  --kind \(manifest.kind) ./\(manifest.name)
                """)
            let words = result.errors + result.output
            let known = try #require(
                words.firstMatch(of: /unknown setting 'no-such-setting': expected (.+)/)?.1,
                "\(manifest.name): \(words)")
            let names = known.matches(of: /'([a-z_]+)'/).map { String($0.1) }
            let inManifest = try await settings(of: manifest.name)
            #expect(names.sorted() == inManifest.sorted(), "\(manifest.name)")
        }
    }

    @Test func `the manual has every setting of a built-in plugin and no others`() async throws {
        let page = try String(
            contentsOfFile: "\(Shell.root)/man/hector-plugins.7", encoding: .utf8)
        for manifest in try manifests() {
            let section = try #require(
                page.components(separatedBy: "\n.Ss \(manifest.name)\n").dropFirst().first
            )
            .components(separatedBy: "\n.Ss ")[0].components(separatedBy: "\n.Sh ")[0]
            let settings = try await settings(of: manifest.name)
            var mentioned: Set<String> = []
            for line in section.split(separator: "\n") {
                guard line.hasPrefix(".Cm ") || line.hasPrefix(".It Cm ") else { continue }
                let names = line.matches(of: /[a-z_]{2,}/).map { String($0.0) }
                mentioned.formUnion(names)
                guard line.hasPrefix(".It Cm ") else { continue }
                for name in names { #expect(settings.contains(name), "\(manifest.name): \(line)") }
            }
            for name in settings {
                #expect(mentioned.contains(name), "\(manifest.name): no word on '\(name)'")
            }
        }
    }

    /// The settings that the manifest has, as the catalogue reads it.
    private func settings(of plugin: String) async throws -> [String] {
        let result = try await Shell().run("hector-plugin info --json \(plugin)")
        let record = try #require(try result.records().first, "\(result.errors)")
        let settings = record["settings"] as? [[String: Any]] ?? []
        return settings.compactMap { $0["name"] as? String }
    }
}

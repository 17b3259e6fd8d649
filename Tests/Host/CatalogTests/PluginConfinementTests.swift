import Configuration
import Foundation
import Testing
import Unix

@testable import Catalog

/// The limits that manifests and entries ask for.
@Suite struct PluginConfinementTests {
    private func limits(
        _ needs: String, _ entry: String = "", config: String = "{}",
        variables: [String: String] = [:]
    ) throws -> (limits: Confinement?, root: String) {
        var result: (Confinement?, String) = (nil, "")
        try withInstallation { folder in
            try folder.addPlugin(
                "work/bin/one", extra: needs.isEmpty ? "" : ", needs: \(needs)")
            try folder.write(
                "plugins: { embedder_providers: { one: { path: bin/one, config: \(config)\(entry) } } }",
                to: "work/hector.yaml")
            let environment = folder.environment.merging(variables) { $1 }
            let catalog = try Catalog.load(
                explicit: nil, environment: environment, workingDirectory: "\(folder.root)/work",
                executableDirectory: "\(folder.root)/usr/bin")
            let found = try catalog.find("one", kind: .embedderProvider)
            result = (found.confinement.limits, folder.root)
        }
        return result
    }

    @Test func `a plugin that says nothing has no limits, and an empty need allows nothing`() throws
    {
        #expect(try limits("").limits == nil)
        #expect(try limits("{}").limits == Confinement())
        #expect(try limits("", ", confine: {}").limits == Confinement())
    }

    @Test func `a manifest names settings and variables, and paths from its folder`() throws {
        let needs = """
            { read: [data, "~/models", "${settings.model}", "${settings.absent}", "${ABSENT}"], \
            write: ["${settings.absent:-${XDG_DATA_HOME}/x}/"], \
            exec: ["${settings.list:+*}", "${settings.model:+/bin/true}"] }
            """
        let (found, root) = try limits(needs, config: "{ model: here, list: [] }")
        let limits = try #require(found)
        #expect(
            limits.readable == [
                "\(root)/work/bin/data", "\(root)/home/models", "\(root)/work/here",
            ])
        #expect(limits.writable == ["\(root)/home/.local/share/x"])
        #expect(limits.created == limits.writable)
        #expect(limits.programs == .only(["/bin/true"]))
        #expect(try self.limits(needs, config: "{ list: [a] }").limits?.programs == .all)
    }

    @Test func `an entry's lists take the place of the manifest's, one by one`() throws {
        let needs = "{ read: [/a], connect: [\"*\"], exec: [/bin/true] }"
        let (found, root) = try limits(
            needs, ", confine: { read: [b, '${KEY}'], connect: [443], write: }")
        let limits = try #require(found)
        #expect(limits.readable == ["\(root)/work/b", "\(root)/work/secret"])
        #expect(limits.ports == .only([443]))
        #expect(limits.programs == .only(["/bin/true"]))
        #expect(limits.writable == [])
    }

    @Test(
        arguments: [
            ("443", [443]), ("localhost:11434", [11434]), ("https://api.example.com/v1", [443]),
            ("http://a@[::1]:81/x", [81]), ("http://[::1]", [80]), ("socks5h://proxy", [1080]),
        ] as [(String, [UInt16])])
    func `a place to connect to is a port`(text: String, ports: [UInt16]) throws {
        let limits = try limits("{ connect: [\"\(text)\"] }").limits
        #expect(limits?.ports == .only(ports))
        #expect(limits?.sockets == .only([]))
    }

    @Test func `a place to connect to is a Unix socket, or all`() throws {
        #expect(try limits("{ connect: ['*'] }").limits?.ports == .all)
        #expect(try limits("{ connect: ['unix:*'] }").limits?.sockets == .all)
        #expect(try limits("{ connect: ['unix:/run/x'] }").limits?.sockets == .only(["/run/x"]))
        #expect(try limits("{ connect: [/run/x] }").limits?.sockets == .only(["/run/x"]))
    }

    @Test(arguments: ["example.com", "0", "ftp://x", "host:port", "70000", ":80"])
    func `anything else to connect to is an error`(text: String) {
        #expect(throws: CatalogError.self) { try limits("{ connect: [\"\(text)\"] }") }
    }

    @Test(arguments: [
        ("{ reed: [] }", ""), ("{ read: x }", ""), ("{ read: ['${a'] }", ""),
        ("{ read: ['${settings.}'] }", ""), ("{}", ", confine: none"), ("{}", ", confine: [a]"),
        ("{}", ", confine: { reed: [] }"),
    ])
    func `a mistake in the limits is an error`(needs: String, entry: String) {
        #expect(throws: (any Error).self) { try limits(needs, entry) }
    }

    @Test func `limits are turned off by the entry or the variable`() throws {
        #expect(try limits("{}", ", confine: false").limits == nil)
        #expect(try limits("{}", ", confine: true").limits == Confinement())
        #expect(try limits("{}", variables: ["HECTOR_CONFINE": "off"]).limits == nil)
        #expect(throws: CatalogError.self) {
            try limits("{}", variables: ["HECTOR_CONFINE": "of"])
        }
    }
}

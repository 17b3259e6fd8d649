import Foundation
import Testing

/// The effects of hector.yaml on the built commands.
@Suite(.serialized) struct ConfigurationTests {
    @Test func `13: settings that are not strings reach the plugin`() async throws {
        let shell = try configured(
            """
            plugins:
              embedder_providers:
                mine: { path: "${FOREIGN}/python-embedder", config: { dimension: 8 } }
            """)
        let result = try await shell.run("hector-embed hello | jq '.vector | length'")
        #expect(result.output == "8\n", "\(result.errors)")
    }

    @Test func `options go before the configuration and it before the defaults`() async throws {
        let shell = try configured(
            """
            plugins:
              embedder_providers: { mine: { path: hash-embedder, config: { dimension: 8 } } }
            """)
        let result = try await shell.run(
            """
            hector-embed x | jq '.vector | length'
            hector-embed -o dimension=5 x | jq '.vector | length'
            hector-embed --plugin hash-embedder x | jq '.vector | length'
            """)
        #expect(result.lines == ["8", "5", "1024"])
    }

    @Test func `a plugin may be asked for certificates`() async throws {
        let shell = try configured(
            """
            plugins:
              embedder_providers:
                go: { path: "${FOREIGN}/go-embedder", mtls: true }
                python: { path: "${FOREIGN}/python-embedder", mtls: true }
                faulty: { path: "${FOREIGN}/faulty", mtls: true }
            """)
        for (name, dimension) in [("go", 384), ("python", 64)] {
            let result = try await shell.run(
                "hector-embed --plugin \(name) x | jq '.vector | length'")
            #expect(result.output == "\(dimension)\n", "\(result.errors)")
        }
        let refused = try await shell.run("hector-embed --plugin faulty x")
        #expect(refused.status == 69)
        #expect(refused.errors.contains("sent no certificate"))
    }

    @Test func `a program that is not the one it was is not started`() async throws {
        let shell = try configured(
            """
            plugins:
              embedder_providers:
                good: { path: ./copy, checksum: "sha256:SUM" }
                bad: { path: ./copy, checksum: "sha256:\(String(repeating: "0", count: 64))" }
            """)
        let result = try await shell.run(
            """
            cp $FOREIGN/go-embedder copy
            sed -i "s/SUM/$(sha256sum copy | cut -d' ' -f1)/" hector.yaml
            hector-embed --plugin good x | jq '.vector | length'
            hector-embed --plugin bad x; echo $?
            """)
        #expect(result.lines == ["384", "77"], "\(result.errors)")
        #expect(result.errors.contains("is not the program it was"))
    }

    @Test func `a configuration that others may write is refused`() async throws {
        let shell = try configured("defaults: {}")
        let result = try await shell.run(
            """
            chmod 666 hector.yaml
            hector-embed x; echo $?
            hector-embed --config hector.yaml x | wc -l
            """)
        #expect(result.lines == ["77", "1"], "\(result.errors)")
    }

    @Test func `every mistake in a file is reported in one run`() async throws {
        let shell = try configured(
            """
            plugins: { embedder_providers: { a: { pth: x } } }
            defaults: { embedder: b }
            agentz: {}
            """)
        let result = try await shell.run("hector-embed x")
        #expect(result.status == 78)
        for place in [":1:", ":2:", ":3:"] {
            #expect(result.errors.contains("hector.yaml\(place)"))
        }
    }

    @Test func `a discovered plugin is found by its name`() async throws {
        let result = try await Shell().run(
            """
            mkdir plugins
            cp $FOREIGN/python-embedder $FOREIGN/python-embedder.plugin.yaml plugins/
            hector-embed --plugin python-embedder x | jq '.vector | length'
            printf 'plugin: { name: broken' > plugins/broken.plugin.yaml
            hector-embed --plugin python-embedder x | jq '.vector | length'
            """)
        #expect(result.lines == ["64", "64"], "\(result.errors)")
    }

    private func configured(_ yaml: String) throws -> Shell {
        let shell = try Shell()
        try shell.write(yaml + "\n", to: "hector.yaml")
        return shell
    }
}

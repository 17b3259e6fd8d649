import Catalog
import Configuration
import Testing
import YAML

@Suite struct ManifestTests {
    /// The shapes of manifest that Hector's plugin guide shows.
    @Test(arguments: [
        """
        plugin:
          name: "house"              # Unique identifier
          version: "1.0.0"
          type: llm_provider
          protocol: grpc
        """,
        """
        plugin:
          name: "house"
          version: "1.0.0"
          author: "Somebody"
          description: "Ours"
          type: llm_provider
          protocol: grpc
          hector_version: ">=0.1.0"
          
          config_schema:
            required:
              - api_key
            optional:
              - temperature
              - max_tokens
        """,
        """
        # house.plugin.yaml
        plugin:
          name: "house"
          version: "1.2.0"  # MAJOR.MINOR.PATCH
          author: "Somebody <somebody@example.com>"
          description: "Ours"
          homepage: "https://example.com/house"
          repository_url: "https://example.com/house.git"
          documentation_url: "https://docs.example.com"
          license: "MIT"

          type: llm_provider
          protocol: grpc
          hector_version: ">=0.1.0,<2.0.0"  # Compatible versions

          config_schema:
            required: [api_key, endpoint]
            optional: [timeout, retries]
            defaults:
              timeout: 30
              retries: 3

          capabilities:
            streaming: true
            function_calling: true
            custom_capability: "value"
        """,
    ])
    func `a manifest as the guide writes it is read`(text: String) throws {
        let manifest = try manifest(text)
        #expect(manifest.name == "house")
        #expect(manifest.kind == .llmProvider)
        #expect(manifest.hectorVersion?.contains(hectorVersion) ?? true)
        #expect(manifest.warnings == [])
    }

    @Test func `everything there is is read`() throws {
        let manifest = try manifest(
            """
            plugin:
              name: p
              version: 1.2.3-rc.1
              type: embedder_provider
              protocol: grpc
              author: A
              description: costs ${5
              homepage: h
              repository_url: r
              documentation_url: d
              license: l
              hector_version: ^0.1
              config_schema:
                required: [key]
                optional: [size]
                defaults: { size: 0.70, list: [1, a], text: "${HOME}" }
              capabilities: { batch: true, sizes: [1, 2], note: text }
            """)
        #expect(manifest.file == "m")
        #expect(manifest.version == Version("1.2.3-rc.1"))
        #expect(manifest.description == "costs ${5")
        #expect([manifest.author, manifest.homepage, manifest.license] == ["A", "h", "l"])
        #expect([manifest.repositoryURL, manifest.documentationURL] == ["r", "d"])
        #expect(manifest.hectorVersion?.text == "^0.1")
        #expect(manifest.schema?.required == ["key"])
        #expect(manifest.schema?.optional == ["size"])
        #expect(
            manifest.schema?.defaults == ["size": "0.70", "list": "[1,\"a\"]", "text": "${HOME}"])
        #expect(manifest.schema?.names == ["key", "size", "list", "text"])
        #expect(
            manifest.capabilities == ["batch": "true", "sizes": "[1,2]", "note": "text"])
    }

    @Test(arguments: [
        ("", ["m:1:1: 0 documents, expected one"]),
        ("a: 1", ["m:1:1: no 'plugin', expected the manifest under this key"]),
        ("plugin:", ["m:1:8: no 'plugin', expected the manifest under this key"]),
        (
            "plugin: x",
            ["m:1:9: 'plugin' is 'x', expected a mapping"] + missing(at: "1:9", except: [])
        ),
        ("plugin: {}", missing(at: "1:9", except: [])),
        (
            "plugin: { name: a/b, version: 1.0, type: llm, protocol: netrpc }",
            [
                "m:1:17: 'plugin.name' is 'a/b', expected a name without '/'",
                "m:1:31: 'plugin.version' is '1.0', expected a semantic version such as 1.0.0",
                "m:1:42: 'plugin.type' is 'llm', expected llm_provider, database_provider, "
                    + "embedder_provider, tool_provider, reasoning_strategy or reranker_provider",
                "m:1:57: 'plugin.protocol' is 'netrpc', expected grpc",
            ]
        ),
        (
            "plugin: { name: a, name: b, version: 1.0.0, type: tool_provider, protocol: grpc }",
            ["m:1:20: duplicate key 'name', first on line 1"]
        ),
        (
            "plugin: { name: a, version: 1.0.0, type: tool_provider, protocol: grpc, "
                + "hector_version: new, config_schema: { required: key, defaults: [] } }",
            [
                "m:1:89: 'plugin.hector_version' is 'new', "
                    + "expected a range such as >=0.1.0,<2.0.0",
                "m:1:121: 'plugin.config_schema.required' is 'key', expected a list of texts",
                "m:1:136: 'plugin.config_schema.defaults' is a list, expected a mapping",
            ]
        ),
    ])
    func `everything that is wrong is reported`(text: String, problems: [String]) throws {
        let error = try #require(throws: CatalogError.self) { try manifest(text) }
        #expect(error.meaning == .configuration)
        #expect(
            error.message.split(separator: "\n").filter { $0.hasPrefix("m:") }
                == problems.map { $0[...] })
    }

    @Test func `a key of a newer Hector is only a warning`() throws {
        let manifest = try manifest(
            """
            plugin: { name: a, version: 1.0.0, type: tool_provider, protocol: grpc, licence: MIT }
            """)
        #expect(
            manifest.warnings.map(\.problem)
                == ["unknown key 'licence' in 'plugin', did you mean 'license'?"])
    }

    private func manifest(_ text: String) throws -> Manifest {
        try Manifest(Array(text.utf8), file: "m")
    }
}

/// Returns the problems of a manifest that has nothing else.
private func missing(at place: String, except: [String]) -> [String] {
    [
        ("name", "the plugin's name"), ("version", "a semantic version such as 1.0.0"),
        (
            "type",
            "llm_provider, database_provider, embedder_provider, tool_provider, "
                + "reasoning_strategy, reranker_provider"
        ),
        ("protocol", "grpc"),
    ].map { "m:\(place): no '\($0.0)' in 'plugin', expected \($0.1)" }
}

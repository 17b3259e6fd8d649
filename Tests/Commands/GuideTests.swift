import Foundation
import Testing

/// The files and commands of Hector's plugin guide, exactly as the guide prints them, with plugins
/// in Python and Go.
@Suite(.serialized) struct GuideTests {
    /// Makes an executable that stands for one of the guide's plugins, and its manifest if there is
    /// one.
    private func plugin(
        _ path: String, runs foreign: String, manifest: String? = nil, in shell: Shell
    ) async throws {
        let result = try await shell.run(
            """
            mkdir -p "$(dirname \(path))"
            printf '#!/bin/sh\\nexec %s "$@"\\n' "$FOREIGN/\(foreign)" > \(path)
            chmod +x \(path)
            """)
        try #require(result.status == 0)
        if let manifest { try shell.write(manifest, to: "\(path).plugin.yaml") }
    }

    private static let quickStartManifest = """
        plugin:
          name: "my-custom-plugin"
          version: "1.0.0"
          author: "Your Name"
          description: "My custom implementation"
          type: llm_provider
          protocol: grpc
          hector_version: ">=0.1.0"
          
          config_schema:
            required:
              - api_key
            optional:
              - temperature
              - max_tokens

        """

    private static let firstPluginManifest = """
        # my-first-plugin.plugin.yaml
        plugin:
          name: "my-first-plugin"
          version: "1.0.0"
          author: "Your Name <you@example.com>"
          description: "My first Hector plugin"
          homepage: "https://github.com/yourusername/my-first-plugin"
          license: "MIT"
          
          type: llm_provider
          protocol: grpc
          hector_version: ">=0.1.0"
          
          config_schema:
            required:
              - api_key
            optional:
              - model
              - temperature
            defaults:
              temperature: 0.7
              model: "default-model"
          
          capabilities:
            streaming: true
            function_calling: true
            vision: false

        """

    private static let quickStart = """
        plugins:
          llm_providers:
            my-custom-llm:
              type: grpc
              path: "./plugins/my-plugin"
              enabled: true
              config:
                api_key: "${MY_API_KEY}"
                temperature: 0.7

        agents:
          my-agent:
            llm: "my-custom-llm"  # Use your plugin

        """

    @Test(arguments: ["python-llm", "go-llm"])
    func `an agent with a plugin and its manifest answers`(foreign: String) async throws {
        let shell = try Shell()
        try await plugin(
            "plugins/my-plugin", runs: foreign, manifest: Self.quickStartManifest, in: shell)
        try shell.write(Self.quickStart, to: "hector.yaml")
        let result = try await shell.run(
            """
            export MY_API_KEY=secret
            unset HECTOR_TRUSTED_PATHS
            hector trust -q
            echo 'one two' | hector --agent my-agent
            hector --agent my-agent 'one two'
            echo 'one two' | hector --debug 2> debug
            grep -c '^my-custom-llm: ' debug
            unset MY_API_KEY
            hector --agent my-agent 'one two'
            """)
        let answer = foreign == "go-llm" ? "two one" : "You said: one two"
        #expect(result.lines.prefix(3) == [answer, answer, answer])
        #expect(try #require(Int(result.lines[3])) > 0)
        #expect(result.status == 78)
        #expect(result.errors.contains("needs 'MY_API_KEY', which is not in the environment"))
    }

    /// The guide's test-config.yaml.
    static let testConfiguration = """
        plugins:
          llm_providers:
            my-first-plugin:
              type: grpc
              path: "./my-first-plugin"
              enabled: true
              config:
                api_key: "test-key"
                model: "test-model"

        agents:
          test-agent:
            name: "Test Agent"
            llm: "my-first-plugin"

        """

    @Test(arguments: ["python-llm", "go-llm"])
    func `a configuration that is named, with a first plugin`(foreign: String) async throws {
        let shell = try Shell()
        try await plugin(
            "my-first-plugin", runs: foreign, manifest: Self.firstPluginManifest, in: shell)
        try shell.write(GuideTests.testConfiguration, to: "test-config.yaml")
        let result = try await shell.run(
            """
            hector validate test-config.yaml
            echo 'a b' | hector --config test-config.yaml --agent test-agent
            hector-generate info --config test-config.yaml | jq -r .model
            """)
        #expect(
            result.lines == [foreign == "go-llm" ? "b a" : "You said: a b", "test-model"])
        #expect(result.errors.isEmpty)
    }

    @Test func `the guide's integration test without a manifest`() async throws {
        let shell = try Shell()
        try await plugin("my-plugin", runs: "go-llm", in: shell)
        let result = try await shell.run(
            """
            cat > test-config.yaml << EOF
            plugins:
              llm_providers:
                test-plugin:
                  type: grpc
                  path: "./my-plugin"
                  enabled: true
                  config:
                    api_key: "test"

            agents:
              test-agent:
                llm: "test-plugin"
            EOF
            echo 'a b' | hector --config test-config.yaml --agent test-agent
            """)
        #expect(result.lines == ["b a"])
    }

    @Test(arguments: [false, true])
    func `plugins are discovered by their manifests`(isInner: Bool) async throws {
        let shell = try Shell()
        let discovery = """
            plugin_discovery:
              enabled: true
              paths:
                - "./plugins"
                - "~/.hector/plugins"
                - "/usr/local/hector/plugins"
              scan_subdirectories: true

            """
        let inner = discovery.split(separator: "\n").map { "  \($0)\n" }.joined()
        try shell.write(isInner ? "plugins:\n" + inner : discovery, to: "hector.yaml")
        let manifest = Self.firstPluginManifest.replacingOccurrences(
            of: "my-first-plugin", with: "my-llm")
        try await plugin("my-llm", runs: "python-llm", manifest: manifest, in: shell)
        let result = try await shell.run(
            """
            unset HECTOR_TRUSTED_PATHS
            hector trust -q
            mkdir -p ~/.hector/plugins/my-llm
            mv my-llm my-llm.plugin.yaml ~/.hector/plugins/my-llm/
            ls ~/.hector/plugins/my-llm
            hector --plugin my-llm -o api_key=k --no-tools 'a b'
            hector --plugin my-llm --no-tools 'a b'
            """)
        #expect(result.lines == ["my-llm", "my-llm.plugin.yaml", "You said: a b"])
        #expect(result.status == 78)
        #expect(result.errors.contains("the plugin 'my-llm' needs the setting 'api_key'"))
    }

    @Test func `an agent of plugins of each kind`() async throws {
        let shell = try Shell()
        for (name, foreign) in [
            ("my-custom-llm", "python-llm"), ("my-custom-db", "python-database"),
            ("my-custom-embedder", "python-embedder"), ("my-custom-reasoning", "python-strategy"),
            ("my-custom-tools", "python-tools"),
        ] {
            try await plugin("plugins/\(name)", runs: foreign, in: shell)
        }
        try shell.write(
            """
            plugins:
              llm_providers:
                my-custom-llm:
                  type: grpc
                  path: "./plugins/my-custom-llm"
                  enabled: true
                  config:
                    api_key: "${LLM_API_KEY}"
                    endpoint: "https://api.example.com"
                    temperature: 0.7
              database_providers:
                my-custom-db: { type: grpc, path: "./plugins/my-custom-db" }
              embedder_providers:
                my-custom-embedder: { type: grpc, path: "./plugins/my-custom-embedder" }
              tool_providers:
                my-custom-tools: { type: grpc, path: "./plugins/my-custom-tools" }
              reasoning_strategies:
                my-custom-reasoning: { type: grpc, path: "./plugins/my-custom-reasoning" }

            agents:
              my-agent:
                name: "My Agent"
                llm: "my-custom-llm"          # Reference plugin by name
                database: "my-custom-db"
                embedder: "my-custom-embedder"
                reasoning_strategy: "my-custom-reasoning"
                tools: ["my-custom-tools"]

            """, to: "hector.yaml")
        let result = try await shell.run(
            """
            export LLM_API_KEY=k
            unset HECTOR_TRUSTED_PATHS
            hector trust -q
            hector validate && hector --agent my-agent --trace t 'a b'
            jq -r 'select(.direction == "to").stage' t | sort -u
            """)
        #expect(
            result.lines == ["You said: a b", "generate", "reason", "search"])
        #expect(result.errors.isEmpty)
        #expect(result.status == 0)
    }

    @Test func `the fields of a manifest are those of the guide`() async throws {
        let shell = try Shell()
        let manifest = """
            plugin:
              name: "plugin-name"              # Unique identifier
              version: "1.0.0"                 # Semantic version
              type: llm_provider               # Plugin type
              protocol: grpc                   # Communication protocol
              author: "Your Name <you@email.com>"
              description: "What your plugin does"
              homepage: "https://github.com/you/plugin"
              repository_url: "https://github.com/you/plugin"
              documentation_url: "https://docs.example.com"
              license: "MIT"
              
              hector_version: ">=0.1.0"        # Compatible Hector versions
              
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

            """
        try await plugin("plugin-name", runs: "python-llm", manifest: manifest, in: shell)
        let result = try await shell.run(
            """
            hector --plugin ./plugin-name -o api_key=k -o endpoint=e --no-tools hi
            sed -i 's/>=0.1.0"/>=0.1.0,<2.0.0"/' plugin-name.plugin.yaml
            sed -i 's/version: "1.0.0"/version: "1.2.0"/' plugin-name.plugin.yaml
            hector --plugin ./plugin-name -o api_key=k -o endpoint=e --no-tools hi
            sed -i 's/>=0.1.0,<2.0.0/>=2.0.0/' plugin-name.plugin.yaml
            hector --plugin ./plugin-name -o api_key=k -o endpoint=e --no-tools hi || echo $?
            """)
        #expect(result.lines == ["You said: hi", "You said: hi", "78"])
    }
}

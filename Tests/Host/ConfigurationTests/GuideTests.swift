import Configuration
import Testing

/// The shapes of configuration that Hector's plugin guide shows.
@Suite struct GuideTests {
    @Test func `a plugin and an agent that uses it`() throws {
        let settings = try settings(
            """
            plugins:
              llm_providers:
                house-llm:
                  type: grpc
                  path: "./plugins/house"
                  enabled: true
                  config:
                    api_key: "${HOUSE_KEY}"
                    endpoint: "https://api.example.com"
                    temperature: 0.7

            agents:
              helper:
                llm: "house-llm"  # by its name above
            """)
        let plugin = try #require(settings.plugins[.llmProvider]?.first)
        #expect(plugin.name == "house-llm")
        #expect(plugin.isEnabled)
        let path = try #require(plugin.path)
        #expect(try settings.path(path, environment: [:]) == "/etc/here/plugins/house")
        #expect(settings.agents.first?.llm?.written == "house-llm")
        #expect(settings.references.map(\.text.written) == ["house-llm"])
    }

    @Test func `discovery paths`() throws {
        let settings = try settings(
            """
            plugin_discovery:
              enabled: true
              paths:
                - "./plugins"
                - "~/.hector/plugins"
                - "/usr/local/hector/plugins"
              scan_subdirectories: true
            """)
        let paths = try #require(settings.discovery.paths)
        #expect(settings.discovery.isEnabled)
        #expect(settings.discovery.scansSubdirectories)
        #expect(
            try paths.map { try settings.path($0, environment: ["HOME": "/home/me"]) } == [
                "/etc/here/plugins", "/home/me/.hector/plugins", "/usr/local/hector/plugins",
            ])
    }

    @Test func `an agent of plugins`() throws {
        let agent = try #require(
            try settings(
                """
                agents:
                  helper:
                    name: "The Helper"
                    llm: "house-llm"
                    database: "house-db"
                    embedder: "house-embedder"
                    reasoning_strategy: "house-reasoning"
                """
            ).agents.first)
        #expect(agent.name == "helper")
        #expect(agent.title?.written == "The Helper")
        #expect(agent.database?.written == "house-db")
        #expect(agent.embedder?.written == "house-embedder")
        #expect(agent.reasoningStrategy?.written == "house-reasoning")
    }

    @Test func `an entry that only configures a plugin found elsewhere`() throws {
        let settings = try settings(
            """
            plugins:
              llm_providers:
                house:
                  config:
                    api_key: "${HOUSE_KEY}"
                    timeout: 60
            """)
        let plugin = try #require(settings.plugins[.llmProvider]?.first)
        #expect(plugin.path == nil)
        #expect(plugin.socket == nil)
        #expect(plugin.configuration.map(\.key) == ["api_key", "timeout"])
    }
}

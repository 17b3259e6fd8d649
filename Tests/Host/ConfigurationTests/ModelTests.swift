import Configuration
import Testing

@Suite struct ModelTests {
    @Test(arguments: ["", "# nothing yet\n", "---\n", "{}", "plugins:\nagents:\n"])
    func `a file may say nothing`(text: String) throws {
        let settings = try settings(text)
        #expect(settings.discovery.isEnabled)
        #expect(settings.discovery.paths == nil)
        #expect(settings.plugins.values.flatMap { $0 }.isEmpty)
        #expect(settings.references.isEmpty)
    }

    @Test func `everything there is is read`() throws {
        let settings = try settings(
            """
            plugin_discovery: { enabled: false, paths: [p], scan_subdirectories: false }
            plugins:
              llm_providers: { l: { type: grpc, path: ./l, mtls: true } }
              database_providers: { d: { socket: "localhost:1", enabled: false } }
              embedder_providers: { e: { checksum: "sha256:\(String(repeating: "Ab", count: 32))" } }
              tool_providers: { t: }
              reasoning_strategies: { r: {} }
              rerankers: { k: {} }
            defaults:
              { llm: l, database: d, embedder: e, tools: t, reasoning_strategy: r, reranker: k }
            document_stores:
              docs:
                path: ./docs
                include_patterns: ["**/*.md"]
                exclude_patterns: [drafts/**]
                max_file_size: 1000
                database: d
                embedder: e
                collection: c
                chunk: { size: 500, overlap: 50 }
                extractors: { "*.pdf": "pdftotext {} -" }
                extractor_timeout: 900
              tickets: { command: "tickets --json" }
            agents:
              a:
                name: A
                description: of all
                llm: l
                database: d
                embedder: e
                reasoning_strategy: r
                tools: [t, { provider: t, allow: ["read_*"], deny: [rm], approve: never }]
                prompt: { system_prompt: Be., prompt_slots: { system_role: one, additional: two } }
                document_stores: [docs]
                search: { top_k: 7, min_score: 0.2 }
                rerank: { provider: k, top_k: 3, min_score: -1.5, candidates: 40 }
                max_iterations: 3
                stages: { embed: "ssh gpu hector-embed" }
            """)
        #expect(!settings.discovery.isEnabled)
        #expect(!settings.discovery.scansSubdirectories)
        #expect(settings.plugins[.llmProvider]?.first?.mtls == true)
        #expect(settings.plugins[.databaseProvider]?.first?.socket?.written == "localhost:1")
        #expect(settings.plugins[.databaseProvider]?.first?.isEnabled == false)
        #expect(
            settings.plugins[.embedderProvider]?.first?.checksum
                == String(repeating: "ab", count: 32))
        #expect(settings.plugins[.toolProvider]?.map(\.name) == ["t"])
        #expect(settings.defaults[.reasoningStrategy]?.written == "r")
        #expect(settings.plugins[.rerankerProvider]?.map(\.name) == ["k"])
        #expect(settings.defaults[.rerankerProvider]?.written == "k")

        let store = try #require(settings.documentStores.first)
        #expect(store.path?.written == "./docs")
        #expect(store.includePatterns?.map(\.written) == ["**/*.md"])
        #expect(store.excludePatterns.map(\.written) == ["drafts/**"])
        #expect(store.maxFileSize == 1000)
        #expect(store.collection?.written == "c")
        #expect(store.chunk == DocumentStore.Chunk(size: 500, overlap: 50))
        #expect(store.extractors.map(\.pattern) == ["*.pdf"])
        #expect(store.extractors.map(\.command.written) == ["pdftotext {} -"])
        #expect(store.extractorTimeout == .seconds(900))
        #expect(settings.documentStores[1].command?.written == "tickets --json")
        #expect(
            settings.documentStores[1].chunk == DocumentStore.Chunk(size: 2000, overlap: 200))

        let agent = try #require(settings.agents.first)
        #expect(agent.rerank?.provider?.written == "k")
        #expect(agent.rerank?.topK == 3 && agent.rerank?.candidates == 40)
        #expect(agent.rerank?.minScore == -1.5)
        #expect(agent.tools.map(\.provider.written) == ["t", "t"])
        #expect(agent.tools.map(\.approve) == [nil, .never])
        #expect(agent.tools[0].allow == nil)
        #expect(agent.tools[1].allow?.map(\.written) == ["read_*"])
        #expect(agent.tools[1].deny.map(\.written) == ["rm"])
        #expect(agent.prompt.system?.written == "Be.")
        #expect(agent.prompt.slots[.systemRole]?.written == "one")
        #expect(agent.prompt.slots[.additional]?.written == "two")
        #expect(agent.search.topK == 7)
        #expect(agent.search.minScore == 0.2)
        #expect(agent.maxIterations == 3)
        #expect(agent.stages[.embed]?.written == "ssh gpu hector-embed")
        #expect(settings.references.count == 6 + 2 + 7)
    }

    @Test func `what is not said has its standard value`() throws {
        let settings = try settings(
            "document_stores: { s: { path: . } }\nagents: { a: { document_stores: [s] } }")
        #expect(settings.documentStores.first?.maxFileSize == 1_048_576)
        #expect(settings.documentStores.first?.includePatterns == nil)
        #expect(settings.agents.first?.search.topK == 5)
        #expect(settings.agents.first?.maxIterations == 20)
    }

    @Test func `anchors and merges serve for what is said twice`() throws {
        let settings = try settings(
            """
            plugins:
              llm_providers:
                small: &llm { path: ./llm, config: &config { key: k, size: 1 } }
                large: { <<: *llm, config: { <<: *config, size: 9 } }
            """)
        let large = try #require(settings.plugins[.llmProvider]?.last)
        #expect(large.path?.written == "./llm")
        #expect(large.configuration.map(\.key) == ["key", "size"])
    }
}

import Testing

@testable import Configuration

/// The keys of a configuration of the original Hector, each with its explanation.
@Suite struct OriginalKeyTests {
    @Test func `each key of the original Hector is explained with what to write`() throws {
        let problems = read(
            """
            version: "1.0"
            name: mine
            global:
              a2a_server: { port: 8090 }
            llms:
              main: { type: openai, model: m }
            embedders: {}
            databases: {}
            plugins:
              llm_providers:
                echo: { name: echo, version: 1.0.0, visibility: public, path: ./echo }
            document_stores:
              docs: { name: docs, path: ., chunk_size: 800 }
            agents:
              a:
                name: Echo
                visibility: public
                llm: echo
                reasoning: { engine: chain-of-thought, max_iterations: 1 }
                memory: { budget: 4000 }
            """
        ).problems
        let expected = [
            ("1:1: unknown key 'version', ", "a comment"),
            ("2:1: unknown key 'name', ", "a comment"),
            ("3:1: unknown key 'global', ", "--debug"),
            ("5:1: unknown key 'llms', ", "'plugins: llm_providers:' with 'path: openai-llm'"),
            ("7:1: unknown key 'embedders', ", "'plugins: embedder_providers:'"),
            ("8:1: unknown key 'databases', ", "'plugins: database_providers:'"),
            ("11:13: unknown key 'name' in 'plugins.llm_providers.echo', ", "own key is the name"),
            ("11:25: unknown key 'version' in 'plugins.llm_providers.echo', ", "'checksum'"),
            ("11:41: unknown key 'visibility' in 'plugins.llm_providers.echo', ", "leave it out"),
            ("13:11: unknown key 'name' in 'document_stores.docs', ", "own key is the name"),
            ("13:32: unknown key 'chunk_size' in 'document_stores.docs', ", "'chunk: { size: … }'"),
            ("17:5: unknown key 'visibility' in 'agents.a', ", "leave it out"),
            ("19:5: unknown key 'reasoning' in 'agents.a', ", "'reasoning_strategy: "),
            ("20:5: unknown key 'memory' in 'agents.a', ", "'max_history_messages'"),
        ]
        #expect(problems.count == expected.count, "\(problems)")
        for (problem, (beginning, advice)) in zip(problems, expected) {
            #expect(
                problem.hasPrefix(beginning + "which is of the original Hector, expected "),
                "\(problem)")
            #expect(problem.contains(advice), "\(problem)")
        }
    }

    @Test(arguments: [
        ("agents: { version: { } }", []),
        (
            "visibility: x",
            [
                "1:1: unknown key 'visibility', expected one of plugin_discovery, plugins, "
                    + "defaults, document_stores, agents"
            ]
        ),
        ("plugins: { version: {} }", ["1:12: unknown key 'version' in 'plugins', "]),
    ])
    func `what the original does not have there is only unknown`(
        text: String, expected: [String]
    ) {
        let problems = read(text).problems
        #expect(problems.count == expected.count)
        for (problem, beginning) in zip(problems, expected) {
            #expect(problem.hasPrefix(beginning))
            #expect(!problem.contains("original"))
        }
    }
}

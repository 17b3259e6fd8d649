import Agent
import FilterProcesses
import JSON
import Shell
import Testing

@Suite struct PipelineTests {
    private func plan(_ change: (inout AgentPlan) -> Void = { _ in }) -> AgentPlan {
        var plan = AgentPlan(
            name: "a", generate: FilterCommand(shell: "model --fast"), longestWait: .seconds(1))
        change(&plan)
        return plan
    }

    private func lines(
        _ plan: AgentPlan, _ question: String = "q", history: [Value] = [],
        iterations: Int = 1, hasContext: Bool = true
    ) -> [String] {
        Pipeline(
            plan, question: question, history: history, iterations: iterations,
            hasContext: hasContext
        ).description.split(separator: "\n").map(String.init)
    }

    @Test func `a model alone is a record, a filter and its answer`() {
        #expect(
            lines(plan(), "it's?") == [
                #"printf '%s\n' '{"id":"1","content":"it'\''s?"}' |"#,
                "    sh -c 'model --fast' |", "    jq -r '.messages[-1].content'",
            ])
    }

    @Test func `what was said before is in the record`() {
        let history: [Value] = [["role": "user", "content": "a"]]
        #expect(
            lines(plan(), history: history)[0]
                == #"printf '%s\n' '{"id":"1","content":"q","messages":[{"role":"user","content":"a"},{"role":"user","content":"q"}]}' |"#
        )
    }

    /// Returns a filter of Hector, which is beside the tests.
    private func filter(_ name: String, _ arguments: String...) throws -> FilterCommand {
        try FilterCommand("s", name, arguments, environment: [:])
    }

    @Test func `each answer after the first follows the tools`() throws {
        let generate = try filter("hector-generate", "--stream")
        let tool = try filter("hector-tool", "run", "--offer", "--allow", "run")
        let plan = plan { plan in
            plan.generate = generate
            plan.systemPrompt = "Be brief."
            plan.tools = [AgentPlan.Tools(provider: "t", command: tool)]
            plan.sources = [
                AgentPlan.Source(
                    name: "s", embed: FilterCommand(shell: "embed"),
                    search: FilterCommand(shell: "search"), isOptional: false)
            ]
        }
        let model =
            "    hector-generate --system 'Be brief.' --tools <(hector-tool list --allow run) |"
        #expect(
            lines(plan, iterations: 2).dropFirst() == [
                "    sh -c embed |", "    sh -c search |", model,
                "    hector-tool run --allow run |", model,
                "    jq -r '.messages[-1].content'",
            ])
    }

    @Test func `a command of the user's gets no arguments that it would not understand`() throws {
        let (generate, tool) = try (filter("hector-generate"), filter("hector-tool", "run"))
        let ownTool = plan { plan in
            plan.generate = generate
            plan.tools = [AgentPlan.Tools(provider: "t", command: FilterCommand(shell: "tools"))]
        }
        #expect(
            lines(ownTool, iterations: 2) == [
                "# it also offered the model the tools of its own tool command",
                #"printf '%s\n' '{"id":"1","content":"q"}' |"#, "    hector-generate |",
                "    sh -c tools |", "    hector-generate |",
                "    jq -r '.messages[-1].content'",
            ])
        let ownModel = plan { plan in
            plan.systemPrompt = "Be brief."
            plan.tools = [AgentPlan.Tools(provider: "t", command: tool)]
        }
        #expect(
            lines(ownModel) == [
                "# its own model command also had the system prompt and the tools in the record",
                #"printf '%s\n' '{"id":"1","content":"q"}' |"#, "    sh -c 'model --fast' |",
                "    jq -r '.messages[-1].content'",
            ])
    }

    @Test func `what a pipe cannot say is said`() {
        let plan = plan { $0.reason = FilterCommand(shell: "strategy") }
        #expect(lines(plan)[0].hasPrefix("# it also had the prompts of its strategy"))
    }

    @Test(arguments: [
        ("a'\u{301}; id", "'a'\\''\u{301}; id'"),
        ("plain-1.0_x", "plain-1.0_x"), ("", "''"), ("a b", "'a b'"), ("$x", "'$x'"),
        ("it's", "'it'\\''s'"), ("~", "'~'"), ("*", "'*'"),
    ])
    func `a word stays one`(word: String, quoted: String) {
        #expect(Pipeline.quoted(word) == quoted)
    }
}

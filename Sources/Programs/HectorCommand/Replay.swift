import Agent
import ArgumentParser
import FilterKit
import FilterProcesses

/// A replay of the runs of a trace, without any plugin.
struct Replay: Program {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Run an agent again with every answer taken from a trace.")

    @Argument(help: ArgumentHelp("The trace, as written by --trace.", valueName: "file"))
    var file: String

    @OptionGroup(title: "The agent")
    var agent: AgentOptions

    @Flag(help: "Print a line of JSON for each event.")
    var json = false

    func work() async throws -> ExitStatus {
        let recording = try Recording(path: file)
        var overrides = agent.overrides()
        overrides.usesTools = recording.hasTools
        if overrides.stores.isEmpty { overrides.stores = recording.stores }
        let plan = try agent.plan(overrides, named: agent.agent ?? recording.agent)
        let output = Output(json ? .events : .answer)
        let runs = AgentRuns(plan, output, session: nil, trace: nil, jobs: 1)
        let status = try await runs.answer(recording, AgentStages.recorded(plan, recording))
        try await output.finish()
        if let difference = recording.difference {
            throw Failure(.incomplete, "the run departs from the trace: \(difference.message)")
        }
        return status
    }
}

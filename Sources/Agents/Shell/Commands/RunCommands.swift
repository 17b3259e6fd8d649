internal import Agent

/// The commands about the events of the last run.
@MainActor struct RunCommands {
    let history: ChatHistory
    let screen: Screen

    func context() throws {
        screen.write(try history.lastRun().transcript.passages.map(Passages.whole).joined())
    }

    func sources() throws {
        screen.write(Passages.sources(try history.lastRun().transcript.passages))
    }

    func records() throws {
        screen.write(try history.lastRun().transcript.lines.map { $0 + "\n" }.joined())
    }

    func pipeline() throws {
        let last = try history.lastRun()
        let pipeline = Pipeline(
            last.plan, question: last.transcript.message.content, history: last.history,
            iterations: last.transcript.iterations,
            hasContext: !last.transcript.passages.isEmpty)
        screen.write(pipeline.description)
    }
}

internal import Agent
internal import Catalog
internal import Configuration

/// Finds the candidates for a completion. Errors are ignored here, because a command reports them.
@MainActor struct Completer {
    let configuration: ConfigurationFile
    let agent: SelectedAgent

    func candidates(_ line: String, _ start: Int) -> CompletionCandidates {
        switch Completion(line, start: start) {
        case .files: .files
        case .words(let words): .words(words)
        case .agents: .words((try? configuration.settings()?.agents.map(\.name)) ?? [])
        case .stores: .words((try? configuration.settings()?.documentStores.map(\.name)) ?? [])
        case .sessions:
            .words(((try? Session.all(environment: configuration.environment)) ?? []).map(\.name))
        case .plugins:
            .words(
                Catalog(
                    settings: try? configuration.settings(),
                    environment: configuration.environment
                ).all().plugins.map(\.name))
        case .tools: .words(agent.toolNames)
        }
    }
}

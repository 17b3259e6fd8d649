import Foundation
import Testing

/// The shells that the suites about agents share, with an agent in the configuration.
protocol AgentShells {}

extension AgentShells {
    /// A shell with a configuration of an agent `a`, whose model notes each request in `log`, and
    /// with `asked`, which prints the request of a call.
    func shell(
        agent: String = "", answers: String = "", llm: String = "", more: String = ""
    ) throws -> Shell {
        let shell = try Shell()
        let answers = answers.isEmpty ? "" : ", answers: '\(answers)'"
        try shell.write(
            """
            plugins:
              llm_providers:
                model:
                  path: "${FOREIGN}/python-llm"
                  config: { log: "${PWD}/log"\(answers)\(llm) }
              tool_providers:
                tools: { path: "${FOREIGN}/python-tools" }
                extra: { path: "${FOREIGN}/python-tools", config: { extra: more } }
              reasoning_strategies:
                strategy: { path: "${FOREIGN}/python-strategy" }
            agents:
              a:
                llm: model
            \(indented(agent, 4))
            \(more)

            """, to: "hector.yaml")
        return shell
    }

    func indented(_ text: String, _ columns: Int) -> String {
        text.split(separator: "\n").map { String(repeating: " ", count: columns) + $0 }
            .joined(separator: "\n")
    }

    func run(
        _ script: String, in shell: Shell? = nil, input: String = ""
    ) async throws -> Shell.Result {
        try await (shell ?? self.shell()).run(
            """
            asked() { sed -n "${1}p" log | jq -c '[.request.messages[] | [.role, .content]]'; }
            events() { jq -c "$@"; }

            """ + script, input: input)
    }

    /// A model's answers: a tool call in each, then a text.
    static func calls(_ calls: [(String, String)], then text: String = "done") -> String {
        let turns = calls.enumerated().map { index, call in
            let arguments = call.1.replacingOccurrences(of: "\"", with: "\\\"")
            return
                #"{"text":"let me see","tool_calls":[{"id":"c\#(index + 1)","name":"\#(call.0)","arguments":"\#(arguments)"}]}"#
        }
        return "[" + (turns + ["\"\(text)\""]).joined(separator: ",") + "]"
    }
}

import Foundation
import Testing

/// The shells that the suites about hector-tool share, with tools that fail on request.
protocol ToolShells {}

extension ToolShells {
    /// A shell with `tool`, whose plugin notes each call that arrives in `log`; `record`, which
    /// makes a record with tool calls; and `ran`, which prints the tools that were run.
    ///
    /// The records are made by hand, and count as tainted, which matters only to TaintTests.
    func run(
        _ script: String, in shell: Shell? = nil, input: String = ""
    ) async throws -> Shell.Result {
        try await (shell ?? Shell()).run(
            #"""
            export TOOLS_LOG=$PWD/log
            plugin="--plugin $FOREIGN/python-tools"
            tool() { hector-tool $plugin --approve-tainted always "$@"; }
            # record NAME ARGUMENTS [NAME ARGUMENTS]...
            record() {
                jq -c -n '{id: "r", messages: [{role: "user", content: "go"}, {role: "assistant",
                    content: null, tool_calls: [range(0; $ARGS.positional | length; 2) as $i | {
                        id: "c\($i / 2 + 1)", type: "function", function: {
                            name: $ARGS.positional[$i], arguments: $ARGS.positional[$i + 1]}}]}]}' \
                    --args "$@"
            }
            ran() { [ ! -e log ] || cut -d ' ' -f 3 log; }

            """# + script, input: input)
    }
}

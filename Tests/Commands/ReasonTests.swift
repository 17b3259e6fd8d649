import Foundation
import Testing

/// hector-reason with a strategy that reports what it has seen.
@Suite(.serialized) struct ReasonTests {
    private func run(_ script: String, input: String = "") async throws -> Shell.Result {
        try await Shell().run(
            """
            reason() { hector-reason --plugin $FOREIGN/python-strategy "$@"; }
            # The request that the strategy received.
            seen() { jq -c '.state.custom_state.seen | fromjson'; }

            """ + script, input: input)
    }

    private static let call =
        #"{"role":"assistant","content":"let me see","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]}"#

    @Test(arguments: [
        (
            #"{"content":"why?"}"#,
            #"{"step":"prepare","iteration":1,"context":"Iteration 1 of 'why?', 1 calls."}"#
        ),
        (#"{}"#, #"{"step":"prepare","iteration":1,"context":"Iteration 1 of '', 1 calls."}"#),
        (
            #"{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}"#,
            #"{"step":"stop","iteration":1,"stop":true}"#
        ),
        (
            #"{"messages":[{"role":"user","content":"q"},\#(call)]}"#,
            #"{"step":"stop","iteration":1,"stop":false}"#
        ),
        (
            #"{"messages":[{"role":"user","content":"q"},\#(call),{"role":"tool","tool_call_id":"c2","content":"2"},{"role":"tool","tool_call_id":"c1","content":"1"}]}"#,
            #"{"step":"after","iteration":1}"#
        ),
        (
            #"{"messages":[{"role":"user","content":"q"},\#(call),{"role":"tool","tool_call_id":"c1","content":"2"},{"role":"tool","tool_call_id":"c2","content":"1"}],"reasoning":{"step":"after"}}"#,
            #"{"step":"prepare","iteration":2,"context":"Iteration 2 of 'q', 1 calls."}"#
        ),
        (
            #"{"step":"inject","state":{"iteration":5,"query":"x"}}"#,
            #"{"step":"inject","iteration":5,"context":"Iteration 5 of 'x', 0 calls."}"#
        ),
        (
            #"{"step":"info"}"#,
            #"{"step":"info","name":"careful","description":"Counts its calls."}"#
        ),
        (
            #"{"step":"slots"}"#,
            #"{"step":"slots","prompt_slots":{"system_role":"You are careful.","reasoning_instructions":"Think first.","tool_usage":"Use tools.","output_format":"Plain text.","communication_style":"Short.","additional":"No more."}}"#
        ),
    ])
    func `the step follows from the record, and the decision comes back`(
        line: String, decision: String
    ) async throws {
        let result = try await run("reason | jq -c .reasoning", input: line + "\n")
        #expect(result.lines == [decision])
        #expect(result.errors.isEmpty)
        #expect(result.status == 0)
    }

    @Test func `the state is read from the messages where the record does not say it`()
        async throws
    {
        let result = try await run(
            "reason | seen",
            input:
                #"{"usage":{"total_tokens":12},"messages":[{"role":"user","content":"old"},{"role":"assistant","content":"x"},{"role":"user","content":"q"},\#(Self.call),{"role":"tool","tool_call_id":"c2","content":"2","error":{"code":"x","message":"no"}},{"role":"tool","tool_call_id":"c1","content":"1","metadata":{"k":"v"}}]}"#
                + "\n")
        let seen = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let state = try #require(seen["state"] as? [String: Any])
        #expect(state["query"] as? String == "q")
        #expect(state["iteration"] as? Int == 1)
        // int64 is a string in the JSON form of Protocol Buffers.
        #expect(state["total_tokens"] as? String == "12")
        #expect((state["conversation"] as? [Any])?.count == 6)
        #expect(state["assistant_response"] as? String == "let me see")
        let calls = try #require(state["first_iteration_tool_calls"] as? [[String: String]])
        #expect(calls.map { $0["id"] } == ["c1", "c2"])
        let results = try #require(seen["results"] as? [[String: Any]])
        #expect(results.map { $0["tool_name"] as? String } == ["f", "g"])
        #expect(results[0]["success"] as? Bool == true)
        #expect(results[0]["metadata"] as? [String: String] == ["k": "v"])
        #expect(results[1]["error"] as? String == "no")
    }

    @Test func `what the state says goes before the messages and comes back as it was`()
        async throws
    {
        let state =
            #"{"iteration":3,"total_tokens":9007199254740993,"query":"own \u00e4","mine":1.50,"first_iteration_tool_calls":[{"id":"z","function":{"name":"h"}}],"custom_state":{"b":"\u0000\"","a":""}}"#
        let result = try await run(
            """
            reason --step prepare > out
            jq -c '.state.custom_state | [.a, .b]' out
            grep -o '"state":{"iteration":3,"total_tokens":9007199254740993,"query":"own ä","mine":1.50' out
            seen < out | jq -c '[.iteration, .state.total_tokens, .state.query, .state.first_iteration_tool_calls[0].name, .state.custom_state]'
            """,
            input: #"{"state":\#(state),"messages":[{"role":"user","content":"q"}]}"# + "\n")
        #expect(
            result.lines == [
                #"["","\u0000\""]"#,
                #""state":{"iteration":3,"total_tokens":9007199254740993,"query":"own ä","mine":1.50"#,
                #"[3,"9007199254740993","own ä","h",{"a":"","b":"\u0000\""}]"#,
            ])
    }

    @Test func `the state goes through many steps without loss`() async throws {
        let result = try await run(
            """
            echo '{"content":"q"}' | reason | reason --step prepare | reason --step inject |
                jq -c '.state.custom_state | [.calls, .last]'
            """)
        #expect(result.lines == [#"["2","prepare"]"#])
    }

    @Test(arguments: [
        (#"{"state":3}"#, "invalid_state"), (#"{"state":{"iteration":"1"}}"#, "invalid_state"),
        (#"{"state":{"iteration":-1}}"#, "invalid_state"),
        (#"{"state":{"total_tokens":1.5}}"#, "invalid_state"),
        (#"{"state":{"query":1}}"#, "invalid_state"),
        (#"{"state":{"custom_state":{"a":1}}}"#, "invalid_state"),
        (#"{"state":{"custom_state":[]}}"#, "invalid_state"),
        (#"{"state":{"conversation":{}}}"#, "invalid_state"),
        (#"{"state":{"conversation":[{}]}}"#, "invalid_messages"),
        (#"{"messages":{}}"#, "invalid_messages"), (#"{"step":"think"}"#, "invalid_step"),
        (#"{"step":3}"#, "invalid_step"), (#"{"step":"stop","content":"x"}"#, "no_answer"),
        (#"{"step":"after","content":"x"}"#, "no_answer"),
        (
            #"{"step":"after","messages":[{"role":"user","content":"q"},\#(call)]}"#,
            "pending_tool_calls"
        ),
        (#"{"state":{"custom_state":{"fail":"it"}}}"#, "plugin_error"),
    ])
    func `what is no state is an error of its record`(line: String, code: String) async throws {
        let result = try await run(
            "reason | jq -r '.error.code // .reasoning.step'", input: line + "\n{}\n")
        #expect(result.lines == [code, "prepare"])
        #expect(result.status == 1)
    }

    @Test func `the default strategy stops a model that goes in circles`() async throws {
        let result = try await Shell().run(
            #"""
            call='{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]}'
            answer='{"role":"tool","tool_call_id":"c","content":"same"}'
            record='{"messages":[{"role":"user","content":"q"}]}'
            for i in 1 2 3 4; do
                record=$(jq -c ".messages += [$call]" <<< "$record" | hector-reason)
                jq -c '[.reasoning.iteration, .reasoning.stop]' <<< "$record"
                record=$(jq -c ".messages += [$answer]" <<< "$record" | hector-reason | hector-reason)
                jq -r '.reasoning.context' <<< "$record" | grep -c repeated
            done
            """#)
        #expect(
            result.lines == [
                "[1,false]", "0", "[2,false]", "1", "[3,false]", "1", "[4,true]", "1",
            ])
    }

    @Test func `info and slots print a line each`() async throws {
        let result = try await run(
            """
            hector-reason info --plugin $FOREIGN/python-strategy
            hector-reason slots --plugin $FOREIGN/python-strategy | jq -r .system_role
            hector-reason slots | jq -c '[.[] | length > 20]'
            """)
        #expect(
            result.lines == [
                #"{"plugin":"python-strategy","name":"careful","description":"Counts its calls."}"#,
                "You are careful.", "[true,true,true,true,true,true]",
            ])
    }
}

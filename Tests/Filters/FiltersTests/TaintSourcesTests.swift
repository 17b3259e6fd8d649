import JSON
import Taint
import Testing

@Suite struct TaintSourcesTests {
    private let key = TaintKey(Array(repeating: 7, count: 32))

    @Test(arguments: ["not_run", "unknown_tool", "cancelled"])
    func `a failure without a mark is not known to be an agent's own`(code: String) {
        let message: Value = [
            "role": "tool", "tool_call_id": "1", "name": "t", "content": "Error: do it",
            "error": ["code": .string(code), "message": "do it"],
        ]
        var sources = TaintSources()
        sources.add(messages: [message], key: key)
        #expect(sources.names == ["tool t"])
    }

    @Test func `claims count without a key, and so does a tool that claims nothing`() {
        var sources = TaintSources()
        sources.add(claimsOf: [
            ["role": "user", "content": "q", "taint": ["page"]],
            ["role": "assistant", "content": "a", "taint": ["passage p"], "taint_digest": ["x"]],
            ["role": "assistant", "content": "a"],
            ["role": "tool", "name": "clean", "content": "c", "taint": []],
            ["role": "tool", "name": "t", "content": "c"],
        ])
        #expect(sources.names == ["page", "passage p", "tool t"])
    }
}

import JSON
import Testing

@testable import MCP

struct MessageTests {
    @Test(arguments: [
        (#"{"jsonrpc":"2.0","id":1,"result":{"a":1}}"#, [RPCMessage.result(id: 1, ["a": 1])]),
        (#"{"id":"12","result":null}"#, [.result(id: 12, .null)]),
        (#"{"id":3,"result":{},"error":null}"#, [.result(id: 3, [:])]),
        (
            #"{"id":4,"error":{"code":-32601,"message":"no"}}"#,
            [.error(id: 4, RPCError(code: -32601, message: "no"))]
        ),
        (
            #"{"id":null,"error":{"code":-32700,"message":"what?","data":[1]}}"#,
            [.error(id: nil, RPCError(code: -32700, message: "what?", data: [1]))]
        ),
        (#"{"id":5,"error":"plain"}"#, [.error(id: 5, RPCError(code: 0, message: #""plain""#))]),
        (
            #"{"id":"x","method":"ping","params":{}}"#,
            [.request(id: "x", method: "ping", params: [:])]
        ),
        (#"{"method":"m"}"#, [.notification(method: "m", params: nil)]),
        (#"{"id":null,"method":"m"}"#, [.notification(method: "m", params: nil)]),
        (
            #"[{"method":"m"},{"id":6,"result":1}]"#,
            [.notification(method: "m", params: nil), .result(id: 6, 1)]
        ),
        ("[]", []),
    ])
    func `a message is read`(json: String, messages: [RPCMessage]) throws {
        #expect(try RPCMessage.read(Array(json.utf8)[...]) == messages)
    }

    @Test(arguments: [
        ("", "expected a value"), ("Listening...", ""), ("3", "a number instead of an object"),
        (#""text""#, "a string instead of an object"), ("[1]", "a number instead of an object"),
        ("{}", "neither a method, a result nor an error"),
        (#"{"id":1}"#, "neither a method, a result nor an error"),
        (#"{"result":{}}"#, "neither a method, a result nor an error"),
        (#"{"id":"abc","result":{}}"#, "neither a method, a result nor an error"),
        (#"{"id":1.5,"result":{}}"#, "neither a method, a result nor an error"),
        (#"{"method":3,"id":1}"#, "neither a method, a result nor an error"),
    ])
    func `what is no message is refused`(json: String, problem: String) throws {
        let error = try #require(throws: MalformedMessage.self) {
            try RPCMessage.read(Array(json.utf8)[...])
        }
        #expect(error.problem.hasPrefix(problem), "\(error.problem)")
    }

    @Test func `what is sent is one line of JSON-RPC`() throws {
        #expect(
            RPCMessage.request(id: 1, "tools/call", ["name": "a\nb"])
                == Array(
                    #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a\nb"}}"#.utf8
                ))
        #expect(
            RPCMessage.notification("notifications/initialized", [:])
                == Array(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#.utf8))
        let cancellation = try Value(parsing: RPCMessage.cancellation(of: 7))
        #expect(cancellation["method"] == "notifications/cancelled")
        #expect(cancellation["params"]?["requestId"] == 7)
        #expect(cancellation["id"] == nil)
    }

    @Test func `a server's ping is answered, and its other requests are refused`() throws {
        let pong = try Value(parsing: RPCMessage.answer(to: "ping", id: "x"))
        #expect(pong == ["jsonrpc": "2.0", "id": "x", "result": [:]])
        for method in ["sampling/createMessage", "roots/list", "elicitation/create"] {
            let answer = try Value(parsing: RPCMessage.answer(to: method, id: 3))
            #expect(answer["id"] == 3)
            #expect(answer["error"]?["code"] == -32601)
            #expect(answer["result"] == nil)
        }
    }
}

struct RevisionTests {
    @Test func `a revision is known by its date, and only the last is stateless`() {
        #expect(
            Revision.allCases.map(\.rawValue) == [
                "2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28",
            ])
        #expect(Revision.allCases.map(\.isStateless) == [false, false, false, false, true])
    }

    @Test(arguments: [
        (RPCError(code: -32601, message: ""), false, false),
        (RPCError(code: -32020, message: ""), false, true),
        (RPCError(code: -32021, message: ""), false, true),
        (RPCError(code: -32022, message: "", data: ["supported": ["2030-01-01"]]), true, true),
        (RPCError(code: -32004, message: ""), false, false),
        (RPCError(code: -32004, message: "", data: ["supported": []]), true, true),
    ])
    func `a stateless server is known by its errors`(
        error: RPCError, isUnsupported: Bool, isStateless: Bool
    ) {
        #expect(error.isUnsupportedRevision == isUnsupported)
        #expect(error.isStateless == isStateless)
    }
}

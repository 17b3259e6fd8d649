import HTTP
import JSON
import PluginKit
import Testing

@testable import ModelServers

@Suite struct ServerErrorTests {
    @Test(arguments: [
        // OpenAI, Anthropic, Ollama, vLLM, FastAPI, llama.cpp, a proxy, nothing.
        (
            #"{"error":{"message":"No such model","type":"invalid_request_error","code":"model_not_found"}}"#,
            "No such model", ["model_not_found", "invalid_request_error"]
        ),
        (
            #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
            "Overloaded", ["overloaded_error"]
        ),
        (#"{"error":"model 'x' not found"}"#, "model 'x' not found", []),
        (
            #"{"object":"error","message":"too long","type":"BadRequestError","code":400}"#,
            "too long", ["400", "BadRequestError"]
        ),
        (#"{"detail":"Not authenticated"}"#, "Not authenticated", []),
        (
            #"{"detail":[{"loc":["body","model"],"msg":"Field required"},{"msg":"b"}]}"#,
            "Field required; b", []
        ),
        (
            #"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#,
            "Loading model", ["503", "unavailable_error"]
        ),
        ("upstream\r\n  connect error", "upstream connect error", []),
        ("<html><body>502 Bad Gateway</body></html>", "", []), ("", "", []), ("[1]", "", []),
    ])
    func `finds what is said`(body: String, message: String, codes: [String]) {
        let error = ServerError(status: 400, headers: Headers(), body: Array(body.utf8), now: 0)
        #expect(error.message == message)
        #expect(error.codes == codes)
    }

    @Test(
        arguments: [
            (400, "", .invalidArgument, false), (401, "", .notPermitted, false),
            (402, "", .exhausted, false), (0, "billing_error", .exhausted, false),
            (0, "insufficient_balance", .exhausted, false),
            (403, "", .notPermitted, false), (404, "", .notFound, false),
            (408, "", .unavailable, true), (409, "", .unavailable, true),
            (413, "", .invalidArgument, false), (422, "", .invalidArgument, false),
            (429, "", .exhausted, true), (429, "insufficient_quota", .exhausted, false),
            (500, "", .unavailable, true), (503, "", .unavailable, true),
            (501, "", .unavailable, false),
            (529, "", .unavailable, true), (0, "overloaded_error", .unavailable, true),
            (0, "rate_limit_error", .exhausted, true), (0, "server_error", .unavailable, true),
            (0, "invalid_request_error", .invalidArgument, false), (0, "new_error", nil, false),
            (307, "", nil, false),
        ] as [(Int, String, CallError.Kind?, Bool)])
    func `has a kind`(status: Int, code: String, kind: CallError.Kind?, isRetryable: Bool) {
        var error = ServerError(status: status, message: "", codes: [code])
        #expect(error.kind == kind)
        #expect(error.isRetryable == isRetryable)
        // The server knows best.
        error.advice = !isRetryable
        #expect(error.isRetryable == !isRetryable)
    }

    @Test func `an error within a stream may have a status of its own`() throws {
        let json = #"{"error":{"code":429,"message":"slow down"}}"#
        let error = ServerError(try Value(parsing: Array(json.utf8)))
        #expect(error.status == 429)
        #expect(error.message == "slow down")
    }

    @Test(arguments: [
        (
            "Incorrect API key: sk-secret-0123456789.", "Incorrect API key: ….",
            "sk-secret-0123456789"
        ),
        ("key 'sk-sec***********6789' is wrong", "key '…' is wrong", "sk-secret-0123456789"),
        ("sk-secret-0123456789sk-secret-0123456789", "……", "sk-secret-0123456789"),
        ("none of it", "none of it", "sk-secret-0123456789"),
        ("a short one is short", "a short one is short", "short"),
    ])
    func `what is secret is not shown`(text: String, shown: String, key: String) {
        #expect(Secret([key]).hidden(in: text) == shown)
    }
}

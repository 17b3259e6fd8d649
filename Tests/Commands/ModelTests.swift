import Foundation
import Synchronization
import TestSupport
import Testing

/// The plugins for model servers, through the commands and real connections.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ModelTests {
    private static let key = "sk-secret-0123456789abcdef"

    private static let hello = [
        #"{"choices":[{"delta":{"content":"Hel"}}]}"#, #"{"choices":[{"delta":{"content":"lo"}}]}"#,
        #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#,
        #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"#,
        "[DONE]",
    ]

    private func stream(_ events: [String], _ connection: Connection) throws {
        try connection.begin()
        try connection.events(events)
        try connection.end()
    }

    @Test func `a prompt is answered as the answer comes`() async throws {
        let server = try Loopback { _, connection in try stream(Self.hello, connection) }
        let result = try await Shell().run(
            """
            hector-generate --plugin openai-llm -o base_url=\(server.url)/v1 -o model=m \
                -s 'Be brief.' -u hi
            """)
        #expect(result.output == "Hello\n", "\(result.errors)")
        #expect(result.errors == "hector-generate: used 5 tokens (3 in, 2 out)\n")
        #expect(result.status == 0)
        let request = try #require(server.received.first)
        #expect(request.json["stream"] as? Bool == true)
        #expect(
            (request.json["messages"] as? [[String: String]])?.map { $0["role"] }
                == ["system", "user"])
    }

    @Test func `a record gets calls, usage and the reason of the end`() async throws {
        let server = try Loopback { _, connection in
            try connection.answer(
                #"{"choices":[{"message":{"content":null,"reasoning_content":"secret thoughts","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"completion_tokens_details":{"reasoning_tokens":1}}}"#
            )
        }
        let shell = try Shell()
        let result = try await shell.run(
            "hector-generate --plugin openai-llm -o base_url=\(server.url) -o model=m",
            input:
                #"{"content":"hi","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]}"#
                + "\n")
        let record = try #require(try result.records().first, "\(result.errors)")
        let message = try #require((record["messages"] as? [[String: Any]])?.last)
        let call = try #require((message["tool_calls"] as? [[String: Any]])?.first)
        #expect(call["id"] as? String == "c1")
        #expect((call["function"] as? [String: String])?["arguments"] == #"{"x":1}"#)
        #expect(record["finish_reason"] as? String == "tool_calls")
        #expect((record["usage"] as? [String: Int])?["completion_reasoning_tokens"] == 1)
        // Kept beside the answer, not in it.
        #expect(message["content"] is NSNull)
        #expect(message["reasoning"] as? String == "secret thoughts")
        let tools = server.received.first?.json["tools"] as? [[String: Any]]
        #expect(tools?.count == 1)
    }

    @Test(arguments: ["openai-llm", "anthropic-llm"])
    func `an answer that has to fit a schema does`(plugin: String) async throws {
        let server = try Loopback { request, connection in
            try connection.answer(
                request.path.hasSuffix("messages")
                    ? #"{"content":[{"type":"tool_use","id":"1","name":"answer","input":{"name":"Ada","age":36}}],"stop_reason":"tool_use"}"#
                    : #"{"choices":[{"message":{"content":"{\"name\":\"Ada\",\"age\":36}"},"finish_reason":"stop"}]}"#
            )
        }
        let result = try await Shell().run(
            """
            hector-generate --plugin \(plugin) -o base_url=\(server.url) -o model=m -o api_key=k \
                --schema 'name, age int' 'Who wrote the first program?'
            """)
        #expect(result.output == #"{"name":"Ada","age":36}"# + "\n", "\(result.errors)")
        let body = try #require(server.received.first).text
        #expect(body.contains(#""required":["name","age"]"#))
    }

    @Test func `Anthropic's model answers, too`() async throws {
        let events = [
            #"{"type":"message_start","message":{"usage":{"input_tokens":3,"output_tokens":1}}}"#,
            #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}"#,
            #"{"type":"message_stop"}"#,
        ]
        let server = try Loopback { _, connection in try stream(events, connection) }
        let result = try await Shell().run(
            """
            export ANTHROPIC_API_KEY=k ANTHROPIC_BASE_URL=\(server.url)
            hector-generate --plugin anthropic-llm -o model=m -u hi
            """)
        #expect(result.output == "Hello\n")
        #expect(result.errors == "hector-generate: used 5 tokens (3 in, 2 out)\n")
    }

    // MARK: Failure

    @Test func `a bill that is not paid is a reason to try later`() async throws {
        let server = try Loopback { _, connection in
            try connection.answer(#"{"error":{"message":"Insufficient Balance"}}"#, status: 402)
        }
        let result = try await Shell().run(
            "hector-generate --plugin openai-llm -o base_url=\(server.url) -o model=m hi")
        #expect(result.status == 75)
        #expect(result.errors.contains("(402): Insufficient Balance"), "\(result.errors)")
        #expect(server.received.count == 1)
    }

    @Test(arguments: [(429, 75, "resource_exhausted"), (503, 69, "plugin_unavailable")])
    func `what may pass has its status and its code`(
        status: Int, exit: Int32, code: String
    ) async throws {
        let server = try Loopback { _, connection in
            try connection.answer(#"{"error":{"message":"not now"}}"#, status: status)
        }
        let shell = try Shell()
        let options = "-o base_url=\(server.url) -o model=m -o max_retries=1 -o retry_delay=1ms"
        let prompt = try await shell.run("hector-generate --plugin openai-llm \(options) hi")
        #expect(prompt.status == exit)
        #expect(
            prompt.errors
                == "hector-generate: plugin 'openai-llm': '\(server.url)' answered with status "
                + "\(status): not now (tried 2 times)\n")
        for command in [
            "hector-generate --plugin openai-llm", "hector-embed --plugin openai-embedder",
        ] {
            let record = try await shell.run(
                "\(command) \(options)", input: "{\"content\":\"hi\"}\n")
            #expect(
                record.output.contains(#""code":"\#(code)""#)
                    && record.output.contains(#""retryable":true"#), "\(record.errors)")
            // Without other failures, trying later is the whole answer.
            #expect(record.status == (exit == 75 ? 75 : 1))
        }
    }

    @Test func `a stream that is cut keeps what has come, and fails`() async throws {
        let server = try Loopback { _, connection in
            try connection.begin()
            try connection.events([Self.hello[0]])
            connection.close()
        }
        let result = try await Shell().run(
            "hector-generate --plugin openai-llm -o base_url=\(server.url) -o model=m hi")
        #expect(result.output == "Hel\n")
        #expect(result.status == 69)
        #expect(result.errors.contains("lost the connection to '\(server.url)'"))
        #expect(server.received.count == 1)
    }

    @Test(arguments: [
        ("-o model=m", "setting 'api_key' is missing"),
        ("-o model=m -o api_key=$'a\\nb'", "'api_key'"),
        ("-o base_url=nowhere", "setting 'base_url' is '…'"),
        ("-o modle=m -o base_url=http://a", "modle"),
    ])
    func `settings that cannot be used are reported`(options: String, message: String) async throws
    {
        let result = try await Shell().run("hector-generate --plugin openai-llm \(options) hi")
        #expect(result.status == 78)
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(!result.errors.contains("a\nb"))
    }

    @Test func `an interrupt gives the request up`() async throws {
        let shell = try Shell()
        let isGivenUp = Signal()
        let server = try Loopback { _, connection in
            try connection.begin()
            try connection.events([Self.hello[0]])
            try shell.write("", to: "asked")
            connection.waitForEnd()
            isGivenUp.give()
        }
        let result = try await shell.run(
            """
            env --default-signal hector-generate --plugin openai-llm -o base_url=\(server.url) \
                -o model=m hi &
            until [ -e asked ]; do sleep 0.02; done
            kill -INT $!
            wait $!
            """)
        #expect(result.status == 130)
        await isGivenUp.wait()
    }

    // MARK: Secrets

    @Test(arguments: ["openai-llm", "anthropic-llm"])
    func `a key is in nothing that others can see`(plugin: String) async throws {
        let shell = try Shell()
        try shell.write(Self.key, to: "key")
        try shell.write(
            """
            plugins:
              llm_providers:
                mine:
                  path: \(plugin)
                  config:
                    base_url: "${URL}"
                    api_key: "${KEY}"
                    model: m
                    max_retries: 1
                    retry_delay: 1ms
            """, to: "hector.yaml")
        let commandLines = Lines()
        let server = try Loopback { request, connection in
            commandLines.addAll()
            // A server that gives away what it received.
            try connection.answer(
                #"{"error":{"message":"wrong key \#(Self.key), or sk-secr***cdef"}}"#,
                status: request.number == 0 ? 500 : 401)
        }
        let result = try await shell.run(
            """
            export KEY=$(cat key) URL=\(server.url)
            hector-generate --debug --plugin mine hi
            """)
        #expect(result.status == 77)
        #expect(result.errors.contains("refused the key (401)"), "\(result.errors)")
        #expect(result.errors.contains("trying again"), "\(result.errors)")
        #expect(!(result.output + result.errors).contains("sk-secr"), "\(result.errors)")
        // The plugin was among the processes examined.
        #expect(commandLines.all.contains { $0.contains(plugin) })
        #expect(!commandLines.all.contains { $0.contains(Self.key) })
        let sent = server.received.first?.headers
        #expect((sent?["x-api-key"] ?? sent?["authorization"])?.hasSuffix(Self.key) == true)
    }

    // MARK: The network's settings

    @Test func `a proxy of the environment is used`() async throws {
        let proxy = try Loopback { _, connection in try stream(Self.hello, connection) }
        let shell = try Shell()
        let result = try await shell.run(
            """
            export http_proxy=\(proxy.url)
            hector-generate --plugin openai-llm -o base_url=http://models.invalid/v1 -o model=m hi
            """)
        #expect(result.output == "Hello\n", "\(result.errors)")
        #expect(proxy.received.first?.path == "http://models.invalid/v1/chat/completions")

        let server = try Loopback { _, connection in try stream(Self.hello, connection) }
        let direct = try await shell.run(
            """
            export http_proxy=\(proxy.url) no_proxy=127.0.0.1
            hector-generate --plugin openai-llm -o base_url=\(server.url) -o model=m hi
            """)
        #expect(direct.output == "Hello\n", "\(direct.errors)")
        #expect(proxy.received.count == 1)
        #expect(server.received.count == 1)

        let port = try await shell.run(
            """
            export http_proxy=\(proxy.url) NO_PROXY=127.0.0.1:\(server.port)
            hector-generate --plugin openai-llm -o base_url=\(server.url) -o model=m hi
            """)
        #expect(port.output == "Hello\n", "\(port.errors)")
        #expect(proxy.received.count == 1)
        #expect(server.received.count == 2)
    }

    @Test func `who is trusted is said by the environment`() async throws {
        let result = try await Shell().run(
            #"""
            openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 \
                -subj /CN=localhost -addext subjectAltName=DNS:localhost 2> openssl.log
            cat > server.py <<'END'
            import http.server, json, ssl
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    self.rfile.read(int(self.headers["content-length"]))
                    body = json.dumps({"choices": [{"message": {"content": "trusted"}}]}).encode()
                    self.send_response(200)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                def log_message(self, *arguments): pass
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain("cert.pem", "key.pem")
            class Server(http.server.ThreadingHTTPServer):
                def handle_error(self, *arguments): pass
            server = Server(("127.0.0.1", 0), Handler)
            server.socket = context.wrap_socket(server.socket, server_side=True)
            print(server.server_port, flush=True)
            server.serve_forever()
            END
            exec 3< <(exec python3 server.py); server=$!
            read -r port <&3
            run() {
                hector-generate --plugin openai-llm -o base_url=https://localhost:$port -o model=m \
                    -o max_retries=0 hi
                echo "status $?"
            }
            run
            SSL_CERT_FILE=cert.pem run
            CURL_CA_BUNDLE=cert.pem run
            kill $server
            """#)
        #expect(
            result.lines == ["status 1", "trusted", "status 0", "trusted", "status 0"],
            "\(result.errors)")
        #expect(result.errors.contains("cannot trust 'https://localhost:"))
    }

    // MARK: Vectors

    @Test func `texts are embedded in batches, and a bad one fails alone`() async throws {
        let server = try Loopback { request, connection in
            let texts = request.json["input"] as? [String] ?? []
            if texts.contains("bad") {
                return try connection.answer(#"{"error":"no bad texts"}"#, status: 400)
            }
            let data = texts.map { "{\"embedding\":[\($0.utf8.count),1]}" }
            try connection.answer(#"{"data":[\#(data.joined(separator: ","))]}"#)
        }
        let shell = try Shell()
        let options = "--plugin openai-embedder -o base_url=\(server.url)/v1 -o model=m"
        let result = try await shell.run(
            "hector-embed \(options) | jq -c '.vector // .error.message'; exit ${PIPESTATUS[0]}",
            input: "{\"content\":\"a\"}\n{\"content\":\"bad\"}\n{\"content\":\"ccc\"}\n")
        #expect(
            result.lines == [
                "[1,1]",
                "\"plugin 'openai-embedder': '\(server.url)' answered with status 400: no bad texts\"",
                "[3,1]",
            ], "\(result.errors)")
        #expect(result.status == 1)
        let info = try await shell.run("hector-embed info \(options)")
        #expect(
            info.output == #"{"plugin":"openai-embedder","model":"m","dimension":2,"alpha":0.5}"#
                + "\n")
    }

    @Test func `queries and documents have their prefixes`() async throws {
        let server = try Loopback { request, connection in
            try connection.answer(#"{"data":[{"embedding":[1]}]}"#)
        }
        let result = try await Shell().run(
            """
            embed() { hector-embed --plugin openai-embedder -o base_url=\(server.url) -o model=m \
                -o 'query_prefix=q: ' -o 'document_prefix=d: ' "$@" >> out; }
            embed --query x; embed --document x; embed x
            """)
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            server.received.map { $0.json["input"] as? [String] } == [["q: x"], ["d: x"], ["x"]])
    }
}

/// The command lines of all processes, as any user may read them.
private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func addAll() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        for name in names where Int(name) != nil {
            guard let bytes = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else {
                continue
            }
            lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
        }
    }
}

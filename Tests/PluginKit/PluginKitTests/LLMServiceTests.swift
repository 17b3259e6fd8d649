import GRPC
import Messages
import SwiftProtobuf
import Testing

@Suite struct LLMServiceTests {
    @Test func `answers whole`() async throws {
        try await withHost(of: Parrot()) { host in
            let answer = try await host.call(
                LLMMethod.generate, request("hello there", tools: ["look"], prefix: "> "),
                Hector_Plugin_GenerateResponse.self)
            let expected = Hector_Plugin_GenerateResponse.with {
                $0.text = "> hello there"
                $0.toolCalls = [call("look")]
                $0.tokensUsed = 7
                $0.usage = ["prompt_tokens": 3, "completion_tokens": 4]
                $0.finishReason = "stop"
            }
            #expect(answer == expected)
        }
    }

    @Test func `answers in chunks, the last of them done`() async throws {
        try await withHost(of: Parrot()) { host in
            let chunks = try await host.stream(request("hello there", tools: ["look"]))
            let expected: [Hector_Plugin_StreamChunk] = [
                .with { $0.text = "hello" },
                .with { $0.text = "there" },
                .with {
                    $0.type = .toolCall
                    $0.toolCall = call("look")
                },
                .with {
                    $0.type = .done
                    $0.tokensUsed = 7
                    $0.usage = ["prompt_tokens": 3, "completion_tokens": 4]
                    $0.finishReason = "stop"
                },
            ]
            #expect(chunks == expected)
        }
    }

    @Test func `thoughts come with a message, and go with an answer, whole and in chunks`()
        async throws
    {
        try await withHost(of: Parrot()) { host in
            var request = request("hello")
            request.messages[1].reasoning = "Hm."
            request.messages[1].reasoningDetailsJson = "[1]"
            let answer = try await host.call(
                LLMMethod.generate, request, Hector_Plugin_GenerateResponse.self)
            #expect(answer.text == "hello")
            #expect(answer.reasoning == "Hm.")
            #expect(answer.reasoningDetailsJson == "[1]")
            let chunks = try await host.stream(request)
            #expect(chunks.map(\.text) == ["hello", ""])
            #expect(chunks.map(\.reasoning).joined() == "Hm.")
            #expect(chunks.last?.reasoningDetailsJson == "[1]")
        }
    }

    @Test func `a model that cannot stream sends its answer at once`() async throws {
        try await withHost(of: Oracle()) { host in
            let chunks = try await host.stream(request("?"))
            #expect(chunks.map(\.type) == [.text, .done])
            #expect(chunks.map(\.text) == ["forty-two", ""])
            #expect(chunks.map(\.tokensUsed) == [0, 2])
            let info = try await host.call(
                LLMMethod.getModelInfo, Hector_Plugin_Empty(), Hector_Plugin_ModelInfo.self)
            #expect(
                info.modelName == "oracle" && info.maxTokens == 1000 && info.temperature == 0.25)
        }
    }

    @Test func `errors are the status UNKNOWN`() async throws {
        try await withHost(of: Parrot()) { host in
            await #expect(throws: GRPCError(.unknown, "nothing to repeat")) {
                try await host.call(
                    LLMMethod.generate, request(""), Hector_Plugin_GenerateResponse.self)
            }
            await #expect(throws: GRPCError(.unknown, "no model in here")) {
                try await host.call(
                    LLMMethod.getModelInfo, Hector_Plugin_Empty(), Hector_Plugin_ModelInfo.self)
            }
        }
    }

    @Test func `a stream may fail after it has begun`() async throws {
        try await withHost(of: Parrot()) { host in
            let (texts, error) = try await host.channel.withStream(
                LLMMethod.generateStreaming, request("one two break three").serializedBytes()
            ) { stream in
                var texts: [String] = []
                do {
                    while let bytes = try await stream.next() {
                        texts.append(try Hector_Plugin_StreamChunk(serializedBytes: bytes).text)
                    }
                    return (texts, nil as GRPCError?)
                } catch let error as GRPCError {
                    return (texts, error)
                }
            }
            #expect(texts == ["one", "two"])
            #expect(error == GRPCError(.unknown, "lost my voice"))
        }
    }

    private func call(_ name: String) -> Hector_Plugin_ToolCall {
        .with {
            $0.id = "1"
            $0.name = name
            $0.argumentsJson = "{}"
        }
    }

    private func request(
        _ text: String, tools: [String] = [], prefix: String? = nil
    ) -> Hector_Plugin_GenerateRequest {
        .with {
            $0.messages = [
                .with {
                    $0.role = "system"
                    $0.content = "Repeat."
                },
                .with {
                    $0.role = "user"
                    $0.content = text
                },
            ]
            $0.tools = tools.map { name in
                .with {
                    $0.name = name
                    $0.parametersJson = "{}"
                }
            }
            $0.options["prefix"] = prefix
        }
    }
}

extension Host {
    fileprivate func stream(
        _ request: Hector_Plugin_GenerateRequest
    ) async throws -> [Hector_Plugin_StreamChunk] {
        try await channel.withStream(
            LLMMethod.generateStreaming, request.serializedBytes(), timeout: .seconds(20)
        ) { stream in
            var chunks: [Hector_Plugin_StreamChunk] = []
            while let bytes = try await stream.next() {
                chunks.append(try Hector_Plugin_StreamChunk(serializedBytes: bytes))
            }
            return chunks
        }
    }
}

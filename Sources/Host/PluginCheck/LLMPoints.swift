internal import GRPC
internal import JSON
internal import Messages
internal import PluginHost
internal import SwiftProtobuf

func llmPoints(_ subject: Subject) -> [Point] {
    [
        Point("GetModelInfo names the model", checkInfo),
        Point("Generate answers", checkGenerate),
        Point("GenerateStreaming ends with DONE") { try await checkStream($0, subject) },
        Point("a tool that is offered is called with a JSON object, or not at all", checkTools),
        Point("Generate without a message answers or refuses", checkNoMessage),
        Point("a stream that is cancelled leaves the plugin answering") {
            try await checkCancellation($0, subject)
        },
        Point(
            "\(sideBySide) calls side by side are answered",
            quietly: { caller in
                try await callSideBySide { _ in _ = try await checkInfo(caller) }
            }),
    ]
}

private let question = "The sky is blue. Grass is green. What colour is the sky?"

private func request(_ texts: String...) -> Hector_Plugin_GenerateRequest {
    .with {
        $0.messages = texts.map { text in
            .with {
                $0.role = "user"
                $0.content = text
            }
        }
    }
}

private func checkInfo(_ caller: Caller) async throws -> [String] {
    let info: Hector_Plugin_ModelInfo = try await caller.call("GetModelInfo", Hector_Plugin_Empty())
    if info.modelName.isEmpty { throw Finding("the model has no name") }
    if info.maxTokens < 0 { throw Finding("max_tokens is \(info.maxTokens)") }
    if !info.temperature.isFinite { throw Finding("the temperature is \(info.temperature)") }
    return ["the model is '\(info.modelName)'"]
}

private func checkGenerate(_ caller: Caller) async throws -> [String] {
    let response: Hector_Plugin_GenerateResponse = try await caller.call(
        "Generate", request(question))
    if response.text.isEmpty, response.toolCalls.isEmpty { throw Finding("the answer is empty") }
    if !response.toolCalls.isEmpty {
        throw Finding(
            "the answer calls tools, though none were offered",
            [("tool", response.toolCalls[0].name)])
    }
    if response.tokensUsed < 0 { throw Finding("tokens_used is \(response.tokensUsed)") }
    return response.usage.isEmpty && response.tokensUsed == 0 ? ["it does not count tokens"] : []
}

private func checkStream(_ caller: Caller, _ subject: Subject) async throws -> [String] {
    var text = ""
    var last: Hector_Plugin_StreamChunk.ChunkType?
    do {
        try await withChunks(of: request(question), caller) { chunk in
            if last == .done || last == .error {
                throw Finding("the stream goes on after its last chunk, \(name(last))")
            }
            last = chunk.type
            switch chunk.type {
            case .text: text += chunk.text
            case .error: throw Finding("the stream failed: \(chunk.error)")
            case .UNRECOGNIZED(let type):
                throw Finding("a chunk of an unknown type", expected: "0 to 3", found: "\(type)")
            case .toolCall, .done: break
            }
            return true
        }
    } catch let error as GRPCError {
        if error.code == .unimplemented, subject.manifest?.capabilities["streaming"] == "false" {
            throw Inapplicable("the manifest says that it does not stream")
        }
        throw await caller.finding(error, "GenerateStreaming")
    }
    if last != .done {
        throw Finding("the stream has ended otherwise", expected: "DONE", found: name(last))
    }
    if text.isEmpty { throw Finding("the stream has no text") }
    return []
}

/// - Parameter receive: A function that returns true to go on.
private func withChunks(
    of request: Hector_Plugin_GenerateRequest, _ caller: Caller,
    _ receive: (Hector_Plugin_StreamChunk) throws -> Bool
) async throws {
    try await caller.process.channel.withStream(
        LLMMethod.generateStreaming, caller.encoded(request), timeout: caller.timeout
    ) { stream in
        while let bytes = try await stream.next() {
            if try !receive(caller.decoded(bytes, "GenerateStreaming")) { return }
        }
    }
}

private func name(_ type: Hector_Plugin_StreamChunk.ChunkType?) -> String {
    switch type {
    case nil: "nothing"
    case .text: "TEXT"
    case .toolCall: "TOOL_CALL"
    case .done: "DONE"
    case .error: "ERROR"
    case .UNRECOGNIZED(let number): "\(number)"
    }
}

private func checkTools(_ caller: Caller) async throws -> [String] {
    var request = request("What is the weather in Rome? Use the tool.")
    request.tools = [
        .with {
            $0.name = "hector_check_weather"
            $0.description_p = "Tells the weather in a city."
            $0.parametersJson =
                #"{"type":"object","properties":{"text":{"type":"string"}},"required":["text"]}"#
        }
    ]
    let response: Hector_Plugin_GenerateResponse = try await caller.call("Generate", request)
    if response.toolCalls.isEmpty {
        if response.text.isEmpty { throw Finding("the answer is empty") }
        return ["it calls no tool"]
    }
    for call in response.toolCalls {
        if call.name != request.tools[0].name {
            throw Finding(
                "a tool is called that was not offered", expected: request.tools[0].name,
                found: call.name)
        }
        let arguments = try? Value(parsing: Array(call.argumentsJson.utf8))
        if arguments?.object == nil {
            throw Finding("the arguments are no JSON object", [("found", call.argumentsJson)])
        }
    }
    return ["it calls the tool"]
}

private func checkNoMessage(_ caller: Caller) async throws -> [String] {
    let method = "Generate"
    do throws(GRPCError) {
        _ = try await caller.send(LLMMethod.generate, caller.encoded(request()))
        return ["it answers"]
    } catch {
        let finding = await caller.finding(error, method)
        // Its answer does not have a field for an error, so the error has to be a status.
        let isRefusal = ![.unavailable, .deadlineExceeded, .unimplemented].contains(error.code)
        guard isRefusal, await caller.process.ending(within: .zero) == nil else { throw finding }
        return ["it refuses: \(error.message)"]
    }
}

private func checkCancellation(_ caller: Caller, _ subject: Subject) async throws -> [String] {
    do {
        try await withChunks(of: request(question), caller) { _ in false }
    } catch let error as GRPCError {
        if error.code == .unimplemented { throw Inapplicable("it does not stream") }
        throw await caller.finding(error, "GenerateStreaming")
    }
    let _: Hector_Plugin_StatusResponse = try await caller.call(
        "GetStatus", Hector_Plugin_StatusRequest())
    return []
}

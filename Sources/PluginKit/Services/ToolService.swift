import GRPC
import Messages
import SwiftProtobuf

func handlers(_ plugin: some ToolProvider) -> [Handler] {
    [
        unary(ToolMethod.discoverTools) { (_: Hector_Plugin_Empty) in
            let error = await errorText { try await plugin.discoverTools() }
            return Hector_Plugin_DiscoverToolsResponse.with {
                $0.success = error.isEmpty
                $0.error = error
            }
        },
        unary(ToolMethod.listTools) { (_: Hector_Plugin_Empty) in
            let tools = try await reportingStatus { try await plugin.tools }
            return Hector_Plugin_ListToolsResponse.with {
                $0.tools = tools.map { Hector_Plugin_ToolInfo($0) }
            }
        },
        unary(ToolMethod.getTool) { (request: Hector_Plugin_GetToolRequest) in
            let tool = try await reportingStatus { try await plugin.tool(named: request.name) }
            return Hector_Plugin_GetToolResponse.with {
                guard let tool else { return }
                $0.found = true
                $0.tool = Hector_Plugin_ToolInfo(tool)
            }
        },
        unary(ToolMethod.executeTool) { (request: Hector_Plugin_ExecuteToolRequest) in
            await result(of: request.name) {
                try await plugin.execute(request.name, arguments: request.argumentsJson)
            }
        },
    ]
}

func progressHandlers(_ plugin: some ReportingToolProvider) -> [Handler] {
    [
        streaming(ToolProgressMethod.executeToolWithProgress) { bytes, stream in
            let request: Hector_Plugin_ExecuteToolRequest = try read(bytes)
            // If many reports come faster than the host reads, the newest are enough.
            let (reports, reporting) = AsyncStream.makeStream(
                of: ToolReporter.Report.self, bufferingPolicy: .bufferingNewest(16))
            async let outcome = {
                defer { reporting.finish() }
                return await result(of: request.name) {
                    try await plugin.execute(
                        request.name, arguments: request.argumentsJson,
                        reportingTo: ToolReporter { reporting.yield($0) })
                }
            }()
            for await report in reports {
                let update = Hector_Plugin_ToolUpdate.with {
                    $0.report.progress = report.done
                    $0.report.total = report.total ?? 0
                    $0.report.message = report.message
                }
                try await stream.send(update.serializedBytes())
            }
            let last = await outcome
            try await stream.send(
                Hector_Plugin_ToolUpdate.with { $0.result = last }.serializedBytes())
        }
    ]
}

private func result(
    of tool: String, _ execute: () async throws -> ToolOutput
) async -> Hector_Plugin_ToolResult {
    var result = Hector_Plugin_ToolResult()
    let time = await ContinuousClock().measure {
        result.error = await errorText {
            let output = try await execute()
            result.content = output.content
            result.metadata = output.metadata
        }
    }
    result.success = result.error.isEmpty
    result.toolName = tool
    result.executionTimeMs = Int64(time / .milliseconds(1))
    return result
}

extension Hector_Plugin_ToolInfo {
    fileprivate init(_ tool: ToolInfo) {
        self = .with {
            $0.name = tool.name
            $0.description_p = tool.description
            $0.parametersJson = tool.parameters
            $0.serverURL = tool.serverURL
            $0.readOnly = Hector_Plugin_Hint(tool.hints.isReadOnly)
            $0.destructive = Hector_Plugin_Hint(tool.hints.isDestructive)
            $0.idempotent = Hector_Plugin_Hint(tool.hints.isIdempotent)
            $0.openWorld = Hector_Plugin_Hint(tool.hints.isOpenWorld)
        }
    }
}

extension Hector_Plugin_Hint {
    fileprivate init(_ claim: Bool?) {
        self =
            switch claim {
            case nil: .notSaid
            case true?: .true
            case false?: .false
            }
    }
}

import GRPC
import Messages
import SwiftProtobuf
import Testing

@Suite struct ToolServiceTests {
    @Test func `lists its tools with what it says of them`() async throws {
        try await withHost(of: Calculator()) { host in
            let discovered = try await host.call(
                ToolMethod.discoverTools, Hector_Plugin_Empty(),
                Hector_Plugin_DiscoverToolsResponse.self)
            #expect(discovered.success)
            let list = try await host.call(
                ToolMethod.listTools, Hector_Plugin_Empty(), Hector_Plugin_ListToolsResponse.self)
            let expected: [Hector_Plugin_ToolInfo] = [
                .with {
                    $0.name = "add"
                    $0.description_p = "Adds."
                    $0.parametersJson = #"{"type":"object"}"#
                    $0.readOnly = .true
                    $0.destructive = .false
                },
                .with {
                    $0.name = "fail"
                    $0.description_p = "Fails."
                    $0.parametersJson = "{}"
                    $0.serverURL = "http://x"
                },
            ]
            #expect(list.tools == expected)
        }
    }

    @Test(arguments: [("add", true), ("subtract", false)])
    func `knows a tool by its name`(name: String, found: Bool) async throws {
        try await withHost(of: Calculator()) { host in
            let answer = try await host.call(
                ToolMethod.getTool, Hector_Plugin_GetToolRequest.with { $0.name = name },
                Hector_Plugin_GetToolResponse.self)
            #expect(answer.found == found && answer.hasTool == found)
            #expect(answer.tool.name == (found ? name : ""))
        }
    }

    @Test func `runs a tool, or says why not`() async throws {
        try await withHost(of: Calculator()) { host in
            let sum = try await host.execute("add")
            #expect(sum.success && sum.error == "" && sum.toolName == "add")
            #expect(sum.content == "sum of [1,2]")
            #expect(sum.metadata == ["unit": "none"])
            #expect((0..<10_000).contains(sum.executionTimeMs))

            let failure = try await host.execute("subtract")
            #expect(!failure.success && failure.content == "")
            #expect(failure.error == "no tool 'subtract'" && failure.toolName == "subtract")
        }
    }

    @Test func `reports come before the result`() async throws {
        try await withHost(of: Counter()) { host in
            let updates = try await host.updates("count")
            let expected: [Hector_Plugin_ToolReport] = [
                .with { ($0.progress, $0.total, $0.message) = (1, 3, "at 1") },
                .with { ($0.progress, $0.total, $0.message) = (2, 3, "at 2") },
                .with { ($0.progress, $0.message) = (3, "at 3") },
            ]
            #expect(updates.dropLast().map(\.report) == expected)
            #expect(updates.last?.result.success == true)
            #expect(updates.last?.result.content == "counted")

            let failure = try await host.updates("other")
            #expect(failure.map(\.result.error) == ["no tool 'other'"])
            // A host that does not know reports.
            let result = try await host.execute("count")
            #expect(result.success && result.content == "counted")
        }
    }

    @Test func `a plugin without reports does not know the method`() async throws {
        try await withHost(of: Calculator()) { host in
            let error = await #expect(throws: GRPCError.self) { try await host.updates("add") }
            #expect(error?.code == .unimplemented)
        }
    }
}

extension Host {
    fileprivate func updates(_ name: String) async throws -> [Hector_Plugin_ToolUpdate] {
        let request = Hector_Plugin_ExecuteToolRequest.with { $0.name = name }
        return try await channel.withStream(
            ToolProgressMethod.executeToolWithProgress, request.serializedBytes(),
            timeout: .seconds(60), waitForReady: true
        ) { stream in
            var updates: [Hector_Plugin_ToolUpdate] = []
            while let bytes = try await stream.next() {
                updates.append(try Hector_Plugin_ToolUpdate(serializedBytes: bytes))
            }
            return updates
        }
    }

    fileprivate func execute(_ name: String) async throws -> Hector_Plugin_ToolResult {
        let request = Hector_Plugin_ExecuteToolRequest.with {
            $0.name = name
            $0.argumentsJson = "[1,2]"
        }
        return try await call(ToolMethod.executeTool, request, Hector_Plugin_ToolResult.self)
    }
}

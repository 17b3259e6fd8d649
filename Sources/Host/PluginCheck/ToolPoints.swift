internal import GRPC
internal import JSON
internal import JSONSchema
internal import Messages
internal import SwiftProtobuf
internal import Synchronization

func toolPoints(_ subject: Subject) -> [Point] {
    let tools = ToolWalk(subject)
    return [
        Point("DiscoverTools succeeds", quietly: tools.checkDiscovery),
        Point("ListTools names each tool once", tools.checkList),
        Point("the parameters of each tool are a JSON Schema of an object", tools.checkSchemas),
        Point("GetTool finds each tool as it is listed", quietly: tools.checkEach),
        Point("GetTool does not find a tool that is not there", quietly: tools.checkNone),
        Point("ExecuteTool runs the tool named", tools.checkExecution),
        cancellationPoint("ListTools", Hector_Plugin_Empty()),
        Point(
            "\(sideBySide) calls side by side are answered alike", quietly: tools.checkSideBySide),
    ]
}

/// The facts found about a tool provider during the check.
private final class ToolWalk: Sendable {
    private let subject: Subject
    private let tools = Mutex([Hector_Plugin_ToolInfo]())

    init(_ subject: Subject) { self.subject = subject }

    func checkDiscovery(_ caller: Caller) async throws {
        let response: Hector_Plugin_DiscoverToolsResponse? = try await caller.callIfServed(
            ToolMethod.discoverTools, Hector_Plugin_Empty())
        guard let response else { throw Inapplicable("its tools are always the same") }
        if !response.success { throw Finding("DiscoverTools failed: \(response.error)") }
    }

    func checkList(_ caller: Caller) async throws -> [String] {
        let found = try await list(caller)
        tools.withLock { $0 = found }
        var names: Set<String> = []
        for tool in found {
            if tool.name.isEmpty { throw Finding("a tool has no name") }
            if !names.insert(tool.name).inserted {
                throw Finding("two tools have the same name", [("name", tool.name)])
            }
        }
        return ["it has \(found.isEmpty ? "no tools" : found.map(\.name).joined(separator: ", "))"]
    }

    func checkSchemas(_ caller: Caller) async throws -> [String] {
        var notes: [String] = []
        for tool in try listed() {
            if tool.description_p.isEmpty { notes.append("'\(tool.name)' has no description") }
            // A tool without a schema takes any arguments.
            if tool.parametersJson.isEmpty { continue }
            let schema: Schema
            do { schema = try Schema(parsing: tool.parametersJson) } catch {
                throw Finding(
                    "the parameters of '\(tool.name)' are no JSON Schema", [("problem", "\(error)")]
                )
            }
            if let type = schema.source["type"], type.string != "object" {
                throw Finding(
                    "the parameters of '\(tool.name)' are of another type", expected: "object",
                    found: type.string ?? "\(type)")
            }
        }
        return notes
    }

    func checkEach(_ caller: Caller) async throws {
        for tool in try listed() {
            guard let found = try await get(tool.name, caller) else {
                throw Finding("GetTool does not find '\(tool.name)', which is listed")
            }
            if found != tool {
                throw Finding("GetTool has '\(tool.name)' otherwise than it is listed")
            }
        }
    }

    func checkNone(_ caller: Caller) async throws {
        if let tool = try await get("hector_check_no_such_tool", caller) {
            throw Finding("GetTool finds a tool that cannot be there", [("found", tool.name)])
        }
    }

    func checkExecution(_ caller: Caller) async throws -> [String] {
        guard let (name, arguments) = subject.execution else {
            throw Inapplicable("tools are run with --execute only")
        }
        let result: Hector_Plugin_ToolResult = try await caller.call(
            "ExecuteTool",
            Hector_Plugin_ExecuteToolRequest.with {
                $0.name = name
                $0.argumentsJson = arguments
            })
        if !result.success || !result.error.isEmpty {
            throw Finding("'\(name)' failed: \(result.error)")
        }
        if !result.toolName.isEmpty, result.toolName != name {
            throw Finding(
                "the result is that of another tool", expected: name, found: result.toolName)
        }
        return ["'\(name)' said \(result.content.utf8.count) bytes"]
    }

    func checkSideBySide(_ caller: Caller) async throws {
        let expected = try listed(mayBeEmpty: true)
        try await callSideBySide { _ in
            if try await self.list(caller) != expected {
                throw Finding("ListTools has another list")
            }
        }
    }

    private func list(_ caller: Caller) async throws(Finding) -> [Hector_Plugin_ToolInfo] {
        let response: Hector_Plugin_ListToolsResponse = try await caller.call(
            "ListTools", Hector_Plugin_Empty())
        return response.tools
    }

    private func listed(mayBeEmpty: Bool = false) throws -> [Hector_Plugin_ToolInfo] {
        let tools = tools.withLock { $0 }
        if tools.isEmpty, !mayBeEmpty { throw Inapplicable("it lists no tools") }
        return tools
    }

    private func get(
        _ name: String, _ caller: Caller
    ) async throws(Finding) -> Hector_Plugin_ToolInfo? {
        let request = Hector_Plugin_GetToolRequest.with { $0.name = name }
        let bytes: [UInt8]
        do throws(GRPCError) {
            bytes = try await caller.send(ToolMethod.getTool, caller.encoded(request))
        } catch  where error.code == .notFound {
            return nil
        } catch {
            throw await caller.finding(error, "GetTool")
        }
        let response: Hector_Plugin_GetToolResponse = try caller.decoded(bytes, "GetTool")
        return response.found ? response.tool : nil
    }
}

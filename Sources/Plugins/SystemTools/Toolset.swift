import Unix

/// The tools for one working directory.
package final class Toolset: Sendable {
    private let tools: [any SystemTool]

    /// - Throws: An error for a setting that cannot be used.
    package init(_ settings: ToolsetSettings) throws {
        let workspace = Workspace(
            directory: try ConfinedDirectory(settings.workingDirectory),
            mostOutput: settings.mostOutput, largestFile: settings.largestFile,
            protection: try ProtectedPaths(
                allowing: settings.allowedPaths, running: settings.protectedPaths))
        var tools: [any SystemTool] = [
            ReadFile(workspace: workspace),
            ListDirectory(workspace: workspace),
            GrepSearch(workspace: workspace, timeout: settings.searchTimeout),
        ]
        if !settings.isReadOnly {
            tools += [WriteFile(workspace: workspace), SearchReplace(workspace: workspace)]
            if !settings.allowedCommands.isEmpty {
                let programs = try AllowedPrograms(
                    settings.allowedCommands, additional: settings.environment)
                tools.append(
                    ExecuteCommand(
                        workspace: workspace, programs: programs, timeout: settings.commandTimeout))
            }
        }
        tools.append(TodoWrite(file: try settings.todoFile.map(TodoFile.init)))
        self.tools = tools
    }

    package var descriptions: [ToolDescription] { tools.map(\.description) }

    /// True for a tool whose results have what others may have written: the text of files, and the
    /// names of files.
    package func returnsForeignText(_ name: String) -> Bool {
        tools.first { $0.description.name == name }?.returnsForeignText ?? false
    }

    /// Calls a tool on a separate thread, which is interrupted when the task ends.
    ///
    /// - Parameter arguments: A JSON object.
    /// - Throws: The error to report to the model instead of a result.
    package func call(_ name: String, arguments: String) async throws -> ToolAnswer {
        guard let tool = tools.first(where: { $0.description.name == name }) else {
            throw ToolError("no tool '\(name)'\(reason(forNo: name))")
        }
        let arguments = try Arguments(json: arguments)
        return try await Interruption.onThread { try tool.run(arguments, until: $0) }
    }

    private func reason(forNo name: String) -> String {
        switch name {
        case "execute_command": ": the setting 'allowed_commands' allows no program"
        case "write_file", "search_replace": ": the setting 'read_only' forbids it"
        default: ", expected one of \(descriptions.map(\.name).joined(separator: ", "))"
        }
    }
}

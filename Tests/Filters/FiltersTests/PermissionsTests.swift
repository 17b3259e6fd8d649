import PluginHost
import Testing

@testable import ToolFilter

@Suite struct PermissionsTests {
    @Test(
        arguments: [
            ([], [], Permissions.Mode.hints, nil, nil, Permissions.Verdict.ask),
            ([], [], .hints, true, nil, .run),
            // A tool that claims both is not trusted.
            ([], [], .hints, true, true, .ask),
            ([], [], .hints, false, nil, .ask),
            ([], [], .ask, true, nil, .ask),
            ([], [], .always, nil, true, .run),
            ([], [], .never, true, nil, .refuse("--approve never")),
            (["read_*"], [], .never, nil, nil, .run),
            (["*"], ["read_[a-f]*"], .always, true, nil, .refuse("--deny 'read_[a-f]*'")),
            (["read"], [], .ask, true, nil, .ask),
            (["READ_FILE"], [], .ask, nil, nil, .ask),
            (["read?file"], [], .ask, nil, nil, .run),
        ] as [([String], [String], Permissions.Mode, Bool?, Bool?, Permissions.Verdict)])
    func `denied goes before allowed, and that before the mode`(
        allowed: [String], denied: [String], mode: Permissions.Mode, isReadOnly: Bool?,
        isDestructive: Bool?, verdict: Permissions.Verdict
    ) {
        let tool = Tools.Tool(
            name: "read_file",
            hints: Tools.Hints(isReadOnly: isReadOnly, isDestructive: isDestructive))
        let permissions = Permissions(allowed: allowed, denied: denied, mode: mode)
        #expect(permissions.verdict(on: tool) == verdict)
    }
}

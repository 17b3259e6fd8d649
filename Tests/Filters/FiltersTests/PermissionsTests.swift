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

    /// The hints that a tool gives: read-only, destructive, open world.
    typealias Hints = (Bool?, Bool?, Bool?)

    @Test(
        arguments: [
            ((true, nil, false), "", false, false), ((nil, false, false), "", false, false),
            // What a tool does not say may be so.
            ((true, nil, nil), "", true, true), ((nil, nil, false), "", true, false),
            ((true, nil, true), "", true, true), ((true, true, false), "", true, false),
            ((nil, false, nil), "", true, true),
            // Of a server only its word is known.
            ((true, nil, false), "stdio:", false, true), ((true, nil, nil), "stdio:", true, true),
            ((true, nil, false), "https://e.example", true, true),
        ] as [(Hints, String, Bool, Bool)])
    func `a tool may do harm, and its results are foreign, unless it says otherwise`(
        hints: Hints, server: String, mayDoHarm: Bool, isForeign: Bool
    ) {
        let tool = Tools.Tool(
            name: "t", serverURL: server,
            hints: Tools.Hints(
                isReadOnly: hints.0, isDestructive: hints.1, isOpenWorld: hints.2))
        #expect(tool.mayDoHarm == mayDoHarm)
        #expect(tool.hasForeignResults == isForeign)
        let verdict = Permissions(mode: .always).verdict(on: tool, isTainted: true)
        #expect(verdict == (mayDoHarm ? .askTainted : .run))
        #expect(Permissions(mode: .always).verdict(on: tool, isTainted: false) == .run)
    }
}

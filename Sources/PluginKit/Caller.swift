internal import GRPC

/// A host that calls a plugin, as far as a plugin can tell: the connection over which a call came.
///
/// A plugin that several hosts use can be fair to them with it. It says nothing about who the host
/// is.
public struct Caller: Hashable, Sendable {
    private let connection: Connection

    init(_ connection: Connection) { self.connection = connection }

    /// The caller whose call the current task answers; nil outside of calls.
    ///
    /// The task is cancelled when the caller gives the call up, has gone, or has waited for as long
    /// as it wanted to.
    @TaskLocal public static var current: Caller?
}

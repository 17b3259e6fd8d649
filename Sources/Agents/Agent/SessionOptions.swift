package import ArgumentParser
internal import FilterKit

/// The options that choose the session to continue.
package struct SessionOptions: ParsableArguments {
    @Flag(name: [.customShort("c"), .customLong("continue")], help: "Continue the last session.")
    package var goesOn = false

    @Option(
        help: ArgumentHelp("Continue this session, or start it.", valueName: "name"),
        completion: .custom { _, _, _ in Session.names })
    package var session: String?

    @Flag(help: "Do not keep a session.")
    package var noSession = false

    package init() {}

    package func validate() throws {
        if [goesOn, session != nil, noSession].filter({ $0 }).count > 1 {
            throw ValidationError("--continue, --session and --no-session exclude each other")
        }
    }

    /// Returns the session that was named, or the last one.
    ///
    /// - Returns: Nil if no session was asked for.
    /// - Throws: `Failure`.
    package func chosen(environment: [String: String]) throws -> Session? {
        if let session { return try Session(named: session, environment: environment) }
        guard goesOn else { return nil }
        guard let last = try Session.all(environment: environment).first else {
            throw Failure(.usage, "there is no session to go on with")
        }
        return last
    }
}

package import ArgumentParser
internal import FilterKit

/// The options that choose the session to continue.
package struct SessionOptions: ParsableArguments {
    @Flag(name: [.customShort("c"), .customLong("continue")], help: "Go on with the last session.")
    package var goesOn = false

    @Option(
        help: ArgumentHelp("Go on with this session, or begin it.", valueName: "name"),
        completion: .custom { _, _, _ in Session.names })
    package var session: String?

    @Flag(help: "Keep no session.")
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

internal import JSON
internal import Text

/// A server and its tools. It is started, or connected to, when it is first needed.
package actor Server {
    private let target: Target
    private let timeout: Duration
    private let longest: Duration
    private let events: Events
    private let isListStale: ChangeFlag

    private var revision: Revision?

    /// The HTTP transport that has worked.
    private var transport: ServerConnector.Transport?
    private var opening: Opening?
    private var openings = 0
    private var watching: Task<Void, any Error>?
    private let secrets: Secrets
    private var tools: [ServerTool] = []

    /// The number of lists that were asked for, and the number of the current one; 0 is none.
    private var listings = 0
    private var listed = 0

    /// The number of times that the server has ended since it last answered a call.
    private var deaths = 0

    /// The reason why it is no longer started.
    private var reasonToGiveUp: MCPError?

    /// The time at which the last call was answered.
    private var lastCall: ContinuousClock.Instant?

    /// True if the server announces changed tools on a different connection from that of its
    /// answers, so that the announcement may come after the result of the call that caused it.
    private var announcesChangesApart = false

    package enum Target: Sendable {
        case program(ServerProgram)
        case address(Address)

        var secrets: Secrets {
            switch self {
            case .program(let program): program.secrets
            case .address(let address): address.secrets
            }
        }
    }

    private struct Opening {
        let number: Int
        let session: Task<ServerSession, any Error>
    }

    /// The longest time to wait for a server to get ready, as its host does not wait longer.
    private static let longestStart = Duration.seconds(50)

    /// The longest time to wait after a call for the server to announce that its tools have
    /// changed.
    private static let longestDelayOfNews = Duration.milliseconds(150)

    /// The pauses in listening for changes after the server has ended that.
    private static let shortestPause = Duration.milliseconds(500)
    private static let longestPause = Duration.seconds(60)

    /// - Parameters:
    ///   - revision: The revision to use. Nil means any that the server supports.
    ///   - timeout: The time limit of one call, or of a server's silence if it reports progress.
    ///   - longest: The time limit of a call whose progress is reported.
    package init(
        _ target: Target, revision: Revision? = nil, timeout: Duration,
        longest: Duration = .seconds(3600),
        log: @escaping @Sendable (Events.Level, String) -> Void
    ) {
        self.target = target
        self.revision = revision
        self.timeout = timeout
        self.longest = max(longest, timeout)
        let flag = ChangeFlag()
        isListStale = flag
        let secrets = target.secrets
        self.secrets = secrets
        events = Events(log: { log($0, secrets.hide(in: $1)) }, toolsChanged: flag.set)
    }

    private var connector: ServerConnector {
        ServerConnector(
            target: target, timeout: min(timeout, Self.longestStart), events: events)
    }

    /// The address at which calls are answered. Empty for a child process on this machine.
    package nonisolated var url: String {
        switch target {
        case .program: ""
        case .address(let address): address.shown
        }
    }

    /// Asks the server for its tools again, and starts it even if it has died again and again.
    package func refresh() async throws {
        deaths = 0
        reasonToGiveUp = nil
        try await hidingSecrets { try await list() }
    }

    /// Returns the server's tools as it last listed them, or asks again if it has announced a
    /// change since.
    package func currentTools() async throws -> [ServerTool] {
        if announcesChangesApart, let lastCall {
            await isListStale.wait(until: lastCall + Self.longestDelayOfNews)
        }
        if listed == 0 || isListStale.isSet { try await hidingSecrets { try await list() } }
        return tools
    }

    /// Calls a tool, at most once.
    ///
    /// - Parameters:
    ///   - arguments: A JSON object; an empty text means one without members.
    ///   - onProgress: Gets the server's progress reports, on any thread.
    package func call(
        _ name: String, arguments: String,
        onProgress: @escaping @Sendable (CallProgress) -> Void = { _ in }
    ) async throws -> CallResult {
        let arguments = try Self.members(arguments)
        let watch = ProgressWatch(longest: longest) { [secrets] in
            onProgress($0.mapText(secrets.hide))
        }
        let result = try await hidingSecrets {
            do {
                return try await callOnce(name, arguments, watch)
            } catch MCPError.sessionLost {
                // The server has not looked at the call.
                return try await callOnce(name, arguments, watch)
            } catch MCPError.refused(let error) where error.isHeaderMismatch {
                // It has not done so here either: the set of arguments that are headers has
                // changed.
                try await list()
                return try await callOnce(name, arguments, watch)
            }
        }
        return result.isError ? result.mapText(secrets.hide) : result
    }

    private func callOnce(
        _ name: String, _ arguments: Members, _ watch: ProgressWatch
    ) async throws -> CallResult {
        let session = try await session()
        let mirrored = tools.first { $0.name == name }?.mirrored ?? []
        do {
            let result = try await session.call(
                name, arguments, mirrored: mirrored, timeout: timeout, progress: watch)
            deaths = 0
            lastCall = .now
            return result
        } catch MCPError.ended(let reason) {
            throw MCPError.ended(reason + "\nThe tool may have done its work or not.")
        }
    }

    /// Runs `body`, and hides secrets in the text of its errors.
    private func hidingSecrets<R>(_ body: () async throws -> R) async throws -> R {
        do { return try await body() } catch let error as MCPError {
            throw error.mapText(secrets.hide)
        }
    }

    /// Ends the server.
    package func close() async {
        watching?.cancel()
        opening?.session.cancel()
        let session = try? await opening?.session.value
        await session?.link.close()
    }

    private static func members(_ json: String) throws -> Members {
        if json.trimmed.isEmpty { return [:] }
        let value: Value
        do { value = try Value(parsing: Array(json.utf8)) } catch {
            throw MCPError.misused("the arguments are not JSON: \(error)")
        }
        guard let members = value.object else {
            throw MCPError.misused("the arguments are \(value.kind), not an object")
        }
        return members
    }

    private func list() async throws {
        do {
            try await listOnce()
        } catch MCPError.ended {
            try await listOnce()
        } catch MCPError.sessionLost {
            try await listOnce()
        }
    }

    private func listOnce() async throws {
        let session = try await session()
        listings += 1
        let number = listings
        // The flag is cleared first, so that a change announced in the meantime counts.
        isListStale.clear()
        let new: [ServerTool]
        do {
            new = try await session.tools(timeout: min(timeout, Self.longestStart)) {
                events.log(.warn, $0)
            }
        } catch {
            isListStale.set()
            throw error
        }
        // A list that was asked for later may have come earlier.
        guard number > listed else { return }
        tools = new
        listed = number
    }
}

// The start and restart of the server.
extension Server {
    /// Returns the conversation with the server, and opens one if none is still open.
    private func session() async throws -> ServerSession {
        while let opening {
            let session: ServerSession
            do { session = try await opening.session.value } catch {
                forget(opening)
                throw error
            }
            guard let failure = session.link.failure else { return session }
            // Another task may have come first.
            guard self.opening?.number == opening.number else { continue }
            forget(opening)
            // A process may still run without being of use.
            await session.link.close()
            if case .ended(let reason) = failure { try noteEnd(reason) }
        }
        if let reasonToGiveUp { throw reasonToGiveUp }
        openings += 1
        isListStale.set()
        let opening = Opening(number: openings, session: Task { try await open() })
        self.opening = opening
        return try await session()
    }

    /// - Throws: An error if the server had ended before, and is not to be started again.
    private func noteEnd(_ reason: String) throws(MCPError) {
        events.log(.warn, reason)
        deaths += 1
        guard deaths > 1 else { return }
        let error = MCPError.ended("\(reason)\nIt had been started again already.")
        reasonToGiveUp = error
        throw error
    }

    private func forget(_ opening: Opening) {
        if self.opening?.number == opening.number { self.opening = nil }
    }

    /// Starts the server, and once more if it ends before its first request.
    private func open() async throws -> ServerSession {
        do {
            return try await open(in: revision)
        } catch MCPError.ended(let reason) {
            try noteEnd(reason)
        }
        do {
            // The probe may have ended the server; that end does not count.
            let wasProbed = revision == nil
            let session = try await open(in: revision ?? .newestWithSession)
            if wasProbed { deaths = 0 }
            return session
        } catch MCPError.ended(let reason) {
            try noteEnd(reason)
            throw MCPError.ended(reason)
        }
    }

    private func open(in revision: Revision?) async throws -> ServerSession {
        let connection = try await connector.connect(in: revision, over: transport)
        transport = connection.transport
        // It will use the same revision the next time.
        self.revision = connection.session.revision
        announcesChangesApart = connection.announcesChangesApart
        watching?.cancel()
        watching = connection.session.mayTellOfChanges ? listen(to: connection.session) : nil
        return connection.session
    }
}

extension Server {
    /// Listens for changes if the server has to be asked to announce them.
    private func listen(to session: ServerSession) -> Task<Void, any Error> {
        Task { [events] in
            var pause = Self.shortestPause
            while session.link.failure == nil, !Task.isCancelled {
                let start = ContinuousClock.now
                do { try await session.listenForChanges() } catch let error as MCPError {
                    switch error {
                    case .refused, .misused: return
                    case .rejected(let status, _) where status < 500: return
                    default: break
                    }
                }
                // Changes may have happened while no task listened.
                events.toolsChanged()
                let hasLasted = .now - start > Self.longestPause
                pause = hasLasted ? Self.shortestPause : min(pause * 2, Self.longestPause)
                try await Task.sleep(for: pause)
            }
        }
    }
}

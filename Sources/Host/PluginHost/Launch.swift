internal import GRPC
internal import Glibc
internal import Messages
internal import OpenSSL
internal import SwiftProtobuf
internal import Unix
internal import Waiting

/// The steps of a plugin from its executable to its first answered call. If one fails, all are
/// undone.
struct Launch: Sendable {
    let specification: Specification
    let log: PluginLog
    let queue: CompletionQueue

    private var name: String { specification.name }
    private var limits: Specification.Limits { specification.limits }

    /// - Throws: The reason for the failure; the process has ended by then.
    func run() async throws(PluginError) -> Instance {
        switch specification.location {
        case .running(let address): try await connect(to: address)
        case .executable(let path): try await start(path)
        }
    }

    // MARK: A plugin of ours

    private func start(_ path: String) async throws(PluginError) -> Instance {
        let directory = try makeSocketDirectory()
        let begin = ContinuousClock.now
        let (instance, handshake) = try await connect(path, directory)
        do throws(PluginError) {
            try await initialize(instance)
            try serve(handshake.address)
        } catch {
            await instance.kill()
            throw error
        }
        let milliseconds = Int((ContinuousClock.now - begin) / .milliseconds(1))
        log.note(.debug, "ready at \(handshake.address) after \(milliseconds) ms")
        return instance
    }

    /// Starts a process and calls only its health service.
    ///
    /// - Parameter directory: The directory for its socket. It is removed once the process has
    ///   ended.
    func connect(
        _ path: String, _ directory: PrivateDirectory
    ) async throws(PluginError) -> (Instance, Handshake) {
        let firstLine = FirstLine(needsCertificate: specification.mutualTLS == true)
        let identity: Identity?
        let process: LineProcess
        do throws(PluginError) {
            try verifyChecksum(path)
            identity = try makeIdentity()
            process = try await spawn(path, environment(directory, identity), firstLine)
        } catch {
            directory.remove()
            throw error
        }
        log.note(.debug, "'\(path)' started, process \(process.processID ?? 0)")
        do {
            let handshake: Handshake
            do throws(PluginError) {
                handshake = try await self.handshake(from: firstLine, path, process.ending)
                note(firstLine, in: directory)
            } catch {
                note(firstLine, in: directory)
                throw error
            }
            try verifyReach(handshake.address)
            let address = handshake.address
            let security = try security(handshake, identity)
            let channel = Channel(to: address, security: security, queue: queue)
            let instance = Instance(
                channel: channel,
                process: Instance.Process(child: process, directory: directory),
                log: log, limits: limits, queue: queue)
            do throws(PluginError) {
                try await awaitAnswer(
                    instance, TransportCheck(address: address, security: security))
            } catch {
                await instance.kill()
                throw error
            }
            return (instance, handshake)
        } catch let error as PluginError {
            process.signal(SIGKILL)
            _ = await process.ending.waitRegardless()
            directory.remove()
            throw error
        } catch {
            preconditionFailure("only plugin errors are thrown above")
        }
    }

    /// Notes a socket in another directory, to be removed with the plugin's directory. Before
    /// go-plugin 1.6 sockets went into $TMPDIR, and a plugin for another host listens already when
    /// its handshake is refused.
    private func note(_ firstLine: FirstLine, in directory: PrivateDirectory) {
        guard let line = firstLine.line, let socket = Handshake.socket(in: line),
            !socket.hasPrefix(directory.path + "/")
        else { return }
        directory.note(leftover: socket)
    }

    /// Puts the socket where other processes look for it.
    private func serve(_ address: Address) throws(PluginError) {
        guard let served = specification.served else { return }
        guard case .unix(let socket) = address else {
            throw PluginError(
                .unsupported,
                "plugin '\(name)' listens on TCP at \(address), which cannot be found at "
                    + "'\(served.path)'; only a Unix socket can")
        }
        do {
            try served.lead(to: socket)
        } catch {
            throw PluginError(.unavailable, "\(error)")
        }
    }

    private func verifyChecksum(_ path: String) throws(PluginError) {
        guard let expected = specification.checksum else { return }
        let found: String
        do { found = try SHA256.hex(ofFile: path) } catch {
            throw PluginError(.unavailable, "cannot check plugin '\(name)': \(error)")
        }
        guard SHA256.areEqual(found, expected.lowercased()) else {
            throw PluginError(
                .notPermitted,
                "plugin '\(name)' is not the program it was: '\(path)' has the SHA-256 checksum "
                    + "\(found), expected \(expected)")
        }
    }

    private func makeIdentity() throws(PluginError) -> Identity? {
        guard specification.mutualTLS == true else { return nil }
        do { return try Identity() } catch {
            throw PluginError(
                .unavailable, "cannot make a certificate for plugin '\(name)': \(error)")
        }
    }

    /// Go's library puts `/plugin` and up to ten digits into the directory; other libraries use
    /// longer names.
    private static let longestDirectory = 70
    private static let directoryPrefix = "hector"

    func makeSocketDirectory() throws(PluginError) -> PrivateDirectory {
        let environment = specification.environment
        // A shared socket is made in the directory of its public path, so that it can be linked
        // there.
        let parents =
            specification.served.map { [Path.parent(of: $0.path)] }
            ?? [environment["TMPDIR"], environment["XDG_RUNTIME_DIR"], "/tmp"].compactMap { $0 }
        PrivateDirectory.sweep(Self.directoryPrefix, in: parents)
        do {
            return try PrivateDirectory.make(
                Self.directoryPrefix, in: parents, longest: Self.longestDirectory)
        } catch {
            throw PluginError(
                .unavailable, "cannot start plugin '\(name)': no place for its socket: \(error)")
        }
    }

    /// - Returns: The entries as `NAME=value`.
    private func environment(_ directory: PrivateDirectory, _ identity: Identity?) -> [String] {
        // A host that is itself a plugin must not pass on the variables from its own host.
        var environment = specification.environment.filter { !$0.key.hasPrefix("PLUGIN_") }
        environment["HECTOR_PLUGIN"] = "hector_plugin_v1"
        environment["PLUGIN_MIN_PORT"] = "10000"
        environment["PLUGIN_MAX_PORT"] = "25000"
        environment["PLUGIN_PROTOCOL_VERSIONS"] = "\(Handshake.version)"
        environment["PLUGIN_UNIX_SOCKET_DIR"] = directory.path
        environment["PLUGIN_CLIENT_CERT"] = identity?.certificate
        // Before go-plugin 1.6 sockets always went there, and a plugin did not start if their path
        // was too long.
        if let folder = environment["TMPDIR"], folder.utf8.count > Self.longestDirectory {
            environment["TMPDIR"] = directory.parent
        }
        return environment.map { "\($0.key)=\($0.value)" }
    }

    private func spawn(
        _ path: String, _ environment: [String], _ firstLine: FirstLine
    ) async throws(PluginError) -> LineProcess {
        let log = log
        do {
            return try await LineProcess.launch(path, environment: environment) { output, line in
                switch output {
                case .errors:
                    log.add(line)
                case .standard where !firstLine.isKnown:
                    firstLine.set(.line(Array(line)))
                case .standard:
                    log.add(output: line)
                }
            } onUnfinishedLine: { text in
                if !firstLine.isKnown { firstLine.set(unfinished: text) }
            } onOutputEnd: {
                firstLine.set(.outputEnded)
            } onExit: {
                firstLine.set(.ended($0))
            }
        } catch {
            throw PluginError(
                .unavailable,
                "cannot start plugin '\(name)': "
                    + "\(ExecutionProblem(error.code, running: path)?.description ?? "\(error)")")
        }
    }

    /// The longest time to wait for the end of a process whose standard output has ended, because
    /// its exit status says more.
    private static let longestExit = Duration.seconds(2)

    private func handshake(
        from first: FirstLine, _ path: String, _ ending: Latch<Ending>
    ) async throws(PluginError) -> Handshake {
        var outcome = await first.wait(atMost: limits.start)
        if case .outputEnded? = outcome, let ending = await ending.wait(atMost: Self.longestExit) {
            outcome = .ended(ending)
        }
        let problem: String
        switch outcome {
        case .line(let line)?:
            do { return try Handshake(line: line) } catch { problem = "\(error)" }
        case .unfinished(let text)?:
            do {
                var handshake = try Handshake(line: text)
                handshake.isTerminated = false
                log.note(.warn, "printed no newline after its handshake and was waited for")
                return handshake
            } catch {
                problem = error.description(ofUnfinished: text)
            }
        case .outputEnded?:
            problem = "closed its standard output before its handshake"
        case .ended(let ending)?:
            if isOfAnotherHost {
                // The plugin's own words about that are known.
                throw PluginError(
                    .unavailable,
                    "plugin '\(name)' \(ending) before its handshake; it expects another magic "
                        + "cookie than Hector's, so it is a plugin of something else")
            }
            var hint = File.hintAtFirstLine(of: path)
            if ending == .exited(0) { hint = hint ?? "is it a plugin at all?" }
            problem = "\(ending) before its handshake" + (hint.map { "; \($0)" } ?? "")
        case nil:
            problem = "printed no handshake within \(limits.start)"
        }
        try throwIfCancelled()
        throw PluginError(.unavailable, "plugin '\(name)' \(problem)\(log.tail)")
    }

    /// True if the plugin printed the message of go-plugin for a host that does not send the
    /// expected cookie.
    private var isOfAnotherHost: Bool { log.tail.contains("This binary is a plugin") }

    private func security(
        _ handshake: Handshake, _ identity: Identity?
    ) throws(PluginError) -> Security {
        switch (identity, handshake.certificate) {
        case (let identity?, let certificate?):
            return .mutualTLS(
                trusted: certificate, certificate: identity.certificate,
                privateKey: identity.privateKey, serverName: "localhost")
        case (_?, nil):
            throw PluginError(
                .unavailable,
                "plugin '\(name)' sent no certificate, but mTLS was asked for; if it cannot speak "
                    + "it, \(TransportCheck.doWithoutTLS)")
        case (nil, _?):
            throw PluginError(
                .unavailable,
                "plugin '\(name)' sent a certificate, but mTLS was not asked for; set 'mtls: true' "
                    + "in its entry of hector.yaml, or give 'hector plugin' --mtls")
        case (nil, nil):
            if case .tcp = handshake.address, specification.mutualTLS == nil {
                throw PluginError(
                    .unavailable,
                    "plugin '\(name)' listens on TCP without mTLS, where every user of this machine "
                        + "can reach it; set 'mtls: true' in its entry of hector.yaml, or 'mtls: "
                        + "false' to accept that; 'hector plugin' has --mtls and --no-mtls")
            }
            return .insecure
        }
    }

    /// Refuses an address that other machines can reach.
    private func verifyReach(_ address: Address) throws(PluginError) {
        guard address.isUnspecified else { return }
        throw PluginError(
            .notPermitted,
            "plugin '\(name)' listens at \(address), where other machines can reach it; "
                + "it has to listen on a Unix socket, or on 127.0.0.1")
    }

    /// The end of the wait for a first answer.
    private enum FirstAnswer: Sendable {
        case came
        case failed(GRPCError)
        case processEnded
        case cannotConnect(TransportCheck.Problem)
    }

    /// The time that a plugin has to answer before its connection is examined.
    private static let longestSilence = Duration.seconds(1)

    /// Waits until the plugin answers. Some plugins listen only after their handshake.
    private func awaitAnswer(
        _ instance: Instance, _ check: TransportCheck
    ) async throws(PluginError) {
        let limits = limits
        let answer = await withTaskGroup(of: FirstAnswer.self) { group in
            group.addTask {
                do throws(GRPCError) {
                    try await Instance.checkHealth(
                        instance.channel, limits.health, waitForReady: true)
                    return .came
                } catch {
                    return .failed(error)
                }
            }
            group.addTask {
                _ = await instance.process?.ending.wait()
                return .processEnded
            }
            group.addTask {
                while !Task.isCancelled {
                    try? await Task.sleep(for: Self.longestSilence)
                    if Task.isCancelled { break }
                    if let problem = await check.problem(), problem.isLasting {
                        return .cannotConnect(problem)
                    }
                }
                return .came
            }
            defer { group.cancelAll() }
            return await group.next() ?? .processEnded
        }
        try throwIfCancelled()
        let problem: String
        switch answer {
        case .came: return
        case .processEnded, .failed, .cannotConnect:
            if let ending = await instance.ending(within: .milliseconds(100)) {
                throw PluginError(
                    .unavailable, "plugin '\(name)' \(ending) after its handshake\(log.tail)")
            }
        }
        switch answer {
        case .came, .processEnded: return
        case .cannotConnect(let found): problem = found.description
        case .failed(let error):
            problem =
                await check.problem()?.description
                ?? "does not answer at \(check.address), where its handshake says it listens: "
                + reason(error)
        }
        throw PluginError(.unavailable, "plugin '\(name)' \(problem)\(log.tail)")
    }

    private func initialize(_ instance: Instance) async throws(PluginError) {
        let request = Hector_Plugin_InitializeRequest.with {
            $0.config = specification.configuration
        }
        let bytes: [UInt8]
        do {
            bytes = try await instance.channel.unary(
                "/\(specification.service)/Initialize", encode(request), timeout: limits.initialize)
        } catch {
            try throwIfCancelled()
            switch error.code {
            case .unimplemented:
                let problem = await mismatch(
                    of: instance.channel, with: specification.service, timeout: limits.health)
                throw PluginError(
                    .configuration,
                    "plugin '\(name)' \(problem ?? "does not have Initialize: \(error.words)")")
            case .deadlineExceeded where error.isPastDeadline:
                throw PluginError(
                    .unavailable,
                    "plugin '\(name)' did not answer Initialize within \(limits.initialize)\(log.tail)"
                )
            default:
                // The connection breaks a moment before the end of the process is visible.
                if let ending = await instance.ending(
                    within: error.code == .unavailable ? .seconds(2) : .zero)
                {
                    throw PluginError(
                        .unavailable, "plugin '\(name)' \(ending) in Initialize\(log.tail)")
                }
                throw refusal(of: error)
            }
        }
        let response: Hector_Plugin_InitializeResponse
        do { response = try decodeAnswer(bytes) } catch {
            // Records cannot even be tried, so this is a failure of the run and not of a record.
            throw PluginError(
                .unavailable, "plugin '\(name)' answered Initialize \(error.problem)\(log.tail)")
        }
        guard response.success else {
            let reason = response.error.isEmpty ? "no reason given" : printable(response.error)
            throw PluginError(
                .configuration, "plugin '\(name)' refused its configuration: \(reason)")
        }
    }

    /// Returns the error for the status with which the plugin ended Initialize. It says whether the
    /// configuration has to be changed, or a later start may succeed.
    private func refusal(of error: GRPCError) -> PluginError {
        let code: PluginError.Code
        switch error.code {
        case .unavailable, .deadlineExceeded, .aborted, .cancelled: code = .unavailable
        case .resourceExhausted: code = .exhausted
        case .permissionDenied, .unauthenticated: code = .notPermitted
        default:
            return PluginError(
                .configuration, "plugin '\(name)' refused its configuration: \(error.words)")
        }
        return PluginError(code, "plugin '\(name)' failed in Initialize: \(error.words)\(log.tail)")
    }

    // MARK: A plugin that runs already

    private func connect(to address: Address) async throws(PluginError) -> Instance {
        var isInitialized = false
        if case .unix(let path) = address {
            isInitialized = try await ServedSettings.ask(
                at: path, for: specification.requested, timeout: limits.initialize, queue: queue)
        }
        let channel = Channel(to: address, queue: queue)
        do {
            try await Instance.checkHealth(channel, limits.health, waitForReady: true)
        } catch {
            channel.close()
            try throwIfCancelled()
            throw PluginError(
                .unavailable,
                "no plugin answers at \(address): \(socketProblem(address) ?? reason(error))")
        }
        let instance = Instance(
            channel: channel, process: nil, log: log, limits: limits, queue: queue)
        do {
            if !isInitialized, await needsInitialize(instance) { try await initialize(instance) }
        } catch {
            await instance.cleanUp()
            throw error
        }
        return instance
    }

    /// Returns true if the plugin needs Initialize. The process that started it may have
    /// initialized it too. Plugins that use our libraries refuse settings that differ from those
    /// they have.
    private func needsInitialize(_ instance: Instance) async -> Bool {
        if !specification.requested.isEmpty { return true }
        guard
            let bytes = try? await instance.channel.unary(
                "/\(specification.service)/GetStatus", [], timeout: limits.health),
            let status = try? Hector_Plugin_StatusResponse(serializedBytes: bytes)
        else { return false }
        return ["unloaded", "loading"].contains(status.status)
    }

    /// Returns the system's error for a socket of which core only reports that it does not answer.
    private func socketProblem(_ address: Address) -> String? {
        guard case .unix(let path) = address else { return nil }
        return connectionProblem(at: path)?.reason
    }

    /// Returns the reason of a failure, for which core has only two texts.
    private func reason(_ error: GRPCError) -> String {
        error.isPastDeadline
            ? "nothing came back within \(limits.health)" : printable(error.message)
    }

    private func throwIfCancelled() throws(PluginError) {
        if Task.isCancelled {
            throw PluginError(.cancelled, "interrupted while plugin '\(name)' was starting")
        }
    }
}

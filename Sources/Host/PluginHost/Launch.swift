internal import GRPC
internal import Glibc
internal import OpenSSL
internal import PluginLock
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
    private var environment: LaunchEnvironment { LaunchEnvironment(specification: specification) }
    private var security: ConnectionSecurity { ConnectionSecurity(specification: specification) }

    private var initialization: Initialization {
        Initialization(specification: specification, log: log)
    }

    /// - Throws: The reason for the failure; the process has ended by then.
    func run() async throws(PluginError) -> Instance {
        switch specification.location {
        case .running(let address): try await connect(to: address)
        case .executable(let path): try await start(path)
        }
    }

    // MARK: A plugin of ours

    private func start(_ path: String) async throws(PluginError) -> Instance {
        let directory = try environment.makeSocketDirectory()
        let begin = ContinuousClock.now
        let (instance, handshake) = try await connect(path, directory)
        do throws(PluginError) {
            try await initialization.run(on: instance)
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
            let isLocked = try verifyLock(path)
            identity = try security.makeIdentity()
            process = try await spawn(path, directory, identity, isLocked, firstLine)
        } catch {
            directory.remove()
            throw error
        }
        log.note(.debug, "'\(path)' started, process \(process.processID ?? 0)")
        do {
            let handshake: Handshake
            do throws(PluginError) {
                handshake = try await HandshakeReading(specification: specification, log: log)
                    .handshake(from: firstLine, path, process.ending)
                note(firstLine, in: directory)
            } catch {
                note(firstLine, in: directory)
                throw error
            }
            let address = handshake.address
            if specification.confinement != nil, case .unix(let socket) = address {
                try verifyPlace(of: socket, in: directory)
            }
            try security.verifyReach(address, handshake)
            try verifyOwner(of: address, in: directory)
            let transport = try security.security(handshake, identity)
            let channel = Channel(to: address, security: transport, queue: queue)
            let instance = Instance(
                channel: channel,
                process: Instance.Process(child: process, directory: directory),
                log: log, limits: limits, queue: queue)
            do throws(PluginError) {
                try await FirstAnswer(specification: specification, log: log)
                    .wait(for: instance, TransportCheck(address: address, security: transport))
                try verifyOwner(of: address, in: directory)
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

    /// Refuses a socket of a confined plugin anywhere else than right in the folder that it was given:
    /// what this process does with that path, the plugin may not do itself.
    private func verifyPlace(
        of socket: String, in directory: PrivateDirectory
    ) throws(PluginError) {
        func names(_ path: String) -> [Substring] {
            path.split(separator: "/").filter { $0 != "." }
        }
        let folder = Path.parent(of: socket)
        if socket.hasPrefix("/"), names(folder) == names(directory.path) {
            SocketGate.link(from: socket)
            // One that is absent is reported as that.
            guard let file = try? File(socket, followsLink: false) else { return }
            if file.kind == .socket { return }
        }
        throw PluginError(
            .notPermitted,
            "plugin '\(name)' is confined, and '\(socket)' is not a socket in the folder that "
                + "PLUGIN_UNIX_SOCKET_DIR names")
    }

    /// Refuses a socket that a plugin has put elsewhere than asked, if another user has it.
    private func verifyOwner(
        of address: Address, in directory: PrivateDirectory
    ) throws(PluginError) {
        guard case .unix(let path) = address, !path.hasPrefix(directory.path + "/") else { return }
        do throws(OwnSocket.Danger) { try OwnSocket(path).check() } catch {
            throw PluginError(.notPermitted, "plugin '\(name)': \(error)")
        }
    }

    /// Notes a socket in another directory, to be removed with the plugin's directory. Before
    /// go-plugin 1.6 sockets went into $TMPDIR, and a plugin for another host listens already when
    /// its handshake is refused.
    private func note(_ firstLine: FirstLine, in directory: PrivateDirectory) {
        guard specification.confinement == nil, let line = firstLine.line,
            let socket = Handshake.socket(in: line),
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

    /// Checks that an installed plugin is what was installed.
    ///
    /// - Returns: False for a plugin that was not installed.
    private func verifyLock(_ path: String) throws(PluginError) -> Bool {
        do throws(PluginLockError) {
            guard let folder = try LockedFolder(of: path) else { return false }
            try folder.verify(cache: BaseDirectories(environment: specification.environment).cache)
            return true
        } catch {
            throw PluginError(
                .notPermitted,
                "cannot use plugin '\(name)': \(error); see 'hector plugin verify', or install it "
                    + "again")
        }
    }

    private func spawn(
        _ path: String, _ directory: PrivateDirectory, _ identity: Identity?, _ isLocked: Bool,
        _ firstLine: FirstLine
    ) async throws(PluginError) -> LineProcess {
        let log = log
        let environment = environment.variables(directory, identity, isLocked: isLocked)
        let confinement = try confinement(path, directory)
        do {
            return try await LineProcess.launch(
                path, environment: environment, confinement: confinement
            ) { output, line in
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

    /// Returns the limits of the process, with what each plugin needs.
    private func confinement(
        _ path: String, _ directory: PrivateDirectory
    ) throws(PluginError) -> Confinement? {
        guard var confinement = specification.confinement else { return nil }
        if let problem = confinement.refusal(of: name) { throw PluginError(.notPermitted, problem) }
        confinement.readable.append(path + ".plugin.yaml")
        confinement.writable.append(directory.path)
        confinement.socketFolder = directory.path
        return confinement
    }

    // MARK: A plugin that runs already

    private func connect(to address: Address) async throws(PluginError) -> Instance {
        let running = RunningPlugin(name: name, address: address)
        let (channel, isVerified) = try running.channel(queue)
        do throws(PluginError) {
            return try await instance(on: channel, running, isVerified: isVerified)
        } catch {
            channel.close()
            throw error
        }
    }

    private func instance(
        on channel: Channel, _ running: RunningPlugin, isVerified: Bool
    ) async throws(PluginError) -> Instance {
        let address = running.address
        var isInitialized = false
        if case .unix(let path) = address {
            isInitialized = try await ServedSettings.ask(
                at: path, for: specification.requested, timeout: limits.initialize, queue: queue)
        }
        do {
            try await Instance.checkHealth(channel, limits.health, waitForReady: true)
        } catch {
            try specification.throwIfCancelled()
            let reason = socketProblem(address) ?? error.reason(within: limits.health)
            throw PluginError(.unavailable, "no plugin answers at \(address): \(reason)")
        }
        if !isVerified { try running.verifyPeer() }
        let instance = Instance(
            channel: channel, process: nil, log: log, limits: limits, queue: queue)
        do {
            if !isInitialized, await initialization.isNeeded(by: instance) {
                try await initialization.run(on: instance)
            }
        } catch {
            await instance.cleanUp()
            throw error
        }
        return instance
    }

    /// Returns the system's error for a socket of which core only reports that it does not answer.
    private func socketProblem(_ address: Address) -> String? {
        guard case .unix(let path) = address else { return nil }
        return connectionProblem(at: path)?.reason
    }
}

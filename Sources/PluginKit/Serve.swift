import GRPC
internal import GivenSettings
import Glibc
import OpenSSL
import Unix
internal import Waiting

extension Plugin {
    /// Serves the plugin. `@main` calls this.
    // A function that runs on its caller's executor would not be found by `@main` in another
    // module.
    @concurrent public static func main() async {
        await serve(Self())
    }
}

/// Serves the one of several plugins by whose name this executable was called.
///
/// A type has to be named here to be served: linkers drop the conformances of those that are not.
package func serve(oneOf plugins: [any Plugin.Type]) async -> Never {
    let name = SharedExecutable.program(among: plugins.map { $0.manifest.name })
    for plugin in plugins where plugin.manifest.name == name { await serve(plugin.init()) }
    preconditionFailure("'\(name)' is none of the plugins")
}

/// Serves a plugin to the host that started this process, until the host or SIGTERM ends it. Then
/// current calls get a moment to finish, and the process exits with status 0.
///
/// Standard output belongs to the handshake. Output printed after it goes to standard error.
public func serve(_ plugin: any Plugin) async -> Never {
    guard let launch = Launch(environment: environmentVariable) else {
        writeAll(Array(Launch.notAHost.utf8), to: STDERR_FILENO)
        leave(1)
    }
    if KnownSecrets.add(environment: Environment.current) {
        MemoryProtection.forbidCoreFiles()
    }
    let termination = Latch<Void>()
    // Ctrl-C is the host's to handle; it reaches plugins that are in its process group too.
    signal(SIGINT, SIG_IGN)
    prepareSignals()
    saveAddressSpace()
    keepFreedMemory()
    onTermination { _ in termination.set() }
    let log = Logger()
    // gRPC core ends the process if it does not get the resources it needs.
    let need = ResourceNeed(descriptors: 8, addressSpace: 64 << 20, threads: 8)
    if let shortage = need.shortage {
        log.error("cannot serve: \(shortage)")
        leave(71)
    }
    do {
        try await serve(plugin, as: launch, until: termination, log: log) { handshake in
            let failure = writeAll(Array(handshake.utf8), to: STDOUT_FILENO)
            guard failure == 0 else { throw SystemError(failure, "write the handshake") }
            redirectPrinting()
        } ended: {
            // Core's cleanup may wait ten seconds for one of its backup polling threads (seen with
            // gRPC 1.51: grpc_shutdown joins the executor), and it cleans up only things that the
            // end of the process cleans up as well.
            leave()
        }
        leave()
    } catch {
        log.error("cannot serve", ["error": text(of: error)])
        leave(1)
    }
}

/// - Parameters:
///   - grace: The time that current calls have to finish at the end.
///   - announce: Hands the handshake line to the host, once the server listens.
///   - ended: Called when calls are no longer possible, the plugin has shut down, and its socket is
///     gone.
func serve(
    _ plugin: any Plugin, as launch: Launch, until termination: Latch<Void>, log: Logger,
    grace: Duration = timeForCallsToEnd, announce: @Sendable (_ handshake: String) throws -> Void,
    ended: @Sendable () -> Void = {}
) async throws {
    let socket = launch.socketPath(number: .random(in: 0 ... .max))
    if !socket.hasPrefix(launch.folder) {
        log.warn("socket put into /tmp, its path would be too long", ["folder": launch.folder])
    }
    let (security, certificate) = try launch.security()
    let lifecycle = Lifecycle(plugin, log: log)
    let handlers =
        GRPC.Health(services: ["plugin"]).handlers + goPluginHandlers(termination)
        + handlers(of: plugin, lifecycle)
    defer { removeSocket(socket) }
    try await withCompletionQueue { queue in
        try await withServer(
            on: .unix(socket), security: security, handlers: handlers, queue: queue
        ) { server in
            try restrict(socket: socket, toGroup: launch.group)
            log.debug("plugin address", ["address": socket, "network": "unix"])
            try announce(launch.handshake(socket: socket, certificate: certificate))
            _ = await termination.wait()
            await server.shutDown(grace: grace)
            await lifecycle.shutDown()
            removeSocket(socket)
            ended()
        }
    }
}

/// The time for calls to end. It is less than the two seconds after which a go-plugin host kills
/// the plugin.
let timeForCallsToEnd = Duration.milliseconds(1500)

extension Launch {
    /// - Returns: The security for listening, and the certificate for the handshake.
    fileprivate func security() throws -> (Security, certificate: String) {
        guard let clientCertificate else { return (.insecure, "") }
        let identity = try Identity()
        let security = Security.mutualTLS(
            trusted: try Certificate(pem: clientCertificate).pem,
            certificate: identity.certificate, privateKey: identity.privateKey,
            serverName: "localhost")
        return (security, try Certificate(pem: identity.certificate).handshakeField)
    }
}

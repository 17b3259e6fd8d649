internal import Configuration
internal import FilterKit
internal import PluginFilterKit
package import PluginHost
internal import Unix

/// The range of a plugin's log lines that are shown.
package enum LogDetail: Sendable {
    case few, most, all

    func shows(_ level: LogLine.Level) -> Bool {
        switch (self, level) {
        case (_, .error), (_, .warn), (.all, _): true
        case (.most, let level): level != .trace
        case (.few, _): false
        }
    }
}

/// Keeps a plugin running at a socket until the task is cancelled, with its lines on standard
/// error.
///
/// - Throws: `Failure` if it cannot be started or restarted, or if the path cannot be used.
package func serve(
    _ specification: Specification, at path: String, _ detail: LogDetail
) async throws {
    guard case .executable = specification.location else {
        throw Failure(
            .configuration,
            "the plugin '\(specification.name)' runs already: its entry has a 'socket'; "
                + "name one that has a path")
    }
    if Specification.Location.readsAsHostAndPort(path) {
        throw Failure(
            .usage,
            "'\(path)' reads as HOST:PORT, and a plugin is served at the path of a Unix socket only; "
                + "write './\(path)' for a file of that name")
    }
    if specification.mutualTLS == true {
        throw Failure(
            .configuration,
            "the plugin '\(specification.name)' is to use mTLS, but who uses --socket has no "
                + "certificate; remove 'mtls: true', or give --no-mtls, to serve it to this user only"
        )
    }
    var specification = specification
    let socket = try socket(at: Path.absolute(path, in: Directory.current))
    defer { socket.remove() }
    specification.served = socket
    specification.environment[ServiceManager.variable] = nil
    let name = specification.name
    do {
        try await withPluginQueue { [specification] queue in
            defer { ServiceManager.notify("STOPPING=1") }
            try await servePlugin(specification, queue: queue) { line in
                guard detail.shows(line.level) else { return }
                Diagnostics.line(
                    "\(name): \(line.level.rawValue): \(Settings.masked(line.message))")
            } onFailedShutdown: {
                Diagnostics.error($0.message)
            } onStart: {
                ServiceManager.notify("READY=1\nSTATUS=Serving \(name) at \(socket.path)")
            }
        }
    } catch let error as PluginError {
        if error.code != .cancelled { throw Failure(error) }
    }
}

private func socket(at path: String) throws(Failure) -> ServedSocket {
    let folder = Path.parent(of: path)
    if let reason = OwnSocket.dangerOfFolder(folder) {
        throw Failure(
            .notPermitted,
            "cannot serve at '\(path)': \(reason); choose a folder that only you can write to, such "
                + "as one under $XDG_RUNTIME_DIR or of 'mkdir -m 700'")
    }
    let socket: ServedSocket
    do { socket = try ServedSocket(path) } catch { throw failure(error, at: path) }
    // Another plugin's server may be listening there.
    let settings = ServedSocket.settings(of: path)
    do { try ServedSocket.clear(settings) } catch { throw failure(error, at: settings) }
    return socket
}

private func failure(_ error: SystemError, at path: String) -> Failure {
    switch error.code {
    case ServedSocket.isInUse:
        Failure(
            .unavailable,
            "another server listens at '\(path)'; stop it first, or choose another path")
    case ServedSocket.isTaken:
        Failure(.ioError, "'\(path)' is there already and is no socket; choose another path")
    default: Failure(.ioError, "\(error)")
    }
}

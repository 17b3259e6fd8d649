package import PackageFiles
internal import Unix

/// Puts the files of a plugin into an empty folder.
///
/// - Parameters:
///   - key: The public key, in PEM, that has to have signed it.
///   - isOffline: True if only what was fetched before is used.
package func fetchPackage(
    _ origin: Origin, into folder: String, key: String?, isOffline: Bool,
    environment: [String: String]
) async throws(PackageError) -> FetchResult {
    let source: FetchRequest.Source
    switch origin.kind {
    case .folder:
        var writer = PackageWriter(folder)
        try writer.addCopy(of: origin.text)
        try writer.finish()
        return FetchResult()
    case .archive: source = .archive(origin.text)
    case .registry: source = .reference(origin.text)
    }
    let request = FetchRequest(source, into: folder, key: key, isOffline: isOffline)
    let result = try await run(request, environment: environment)
    if let problem = result.problem { throw problem }
    return result
}

/// The longest time that a download may take.
private let longest = Duration.seconds(6 * 3600)

/// Returns the variables that fetching needs: those for paths, servers in between, certificates and
/// credentials. Keys are not among them.
func needed(_ environment: [String: String]) -> [String: String] {
    environment.filter { name, _ in
        ["CURL_CA_BUNDLE", "DOCKER_CONFIG", "HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "TMPDIR"]
            .contains(name)
            || ["LC_", "SSL_CERT_", "XDG_"].contains(where: name.hasPrefix)
            || name.lowercased().hasSuffix("_proxy")
    }
}

/// Returns the limits of the process that reads what others wrote; nil where the kernel cannot keep
/// them, or if the user has turned them off for all plugins.
private func confinement(
    of request: FetchRequest, _ environment: [String: String]
) -> Confinement? {
    var confinement = Confinement(writable: [request.folder])
    switch request.source {
    case .archive(let path): confinement.readable = [path]
    case .reference:
        let directories = BaseDirectories(environment: environment)
        func add(_ path: String?) {
            guard let path, !path.isEmpty else { return }
            confinement.readable.append(Path.absolute(path, in: Directory.current))
        }
        for name in ["CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"] { add(environment[name]) }
        let docker = environment["DOCKER_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        add((docker ?? directories.home.map { "\($0)/.docker" }).map { "\($0)/config.json" })
        if let cache = directories.cache {
            confinement.writable.append("\(cache)/hector/oci")
            confinement.created.append("\(cache)/hector/oci")
        }
        confinement.ports = .all
    }
    return confinement.unmet.isEmpty && environment["HECTOR_CONFINE"] != "off" ? confinement : nil
}

private func run(
    _ request: FetchRequest, environment: [String: String]
) async throws(PackageError) -> FetchResult {
    let program = Path.parent(of: Directory.executable ?? "/") + "/hector-fetch"
    guard File.isExecutable(program) else {
        throw PackageError(
            .unavailable, "cannot fetch: '\(program)', a part of Hector, is not installed")
    }
    let execution: Execution
    do {
        let folder = try ConfinedDirectory(request.folder)
        execution = try await Interruption.onThread { interruption in
            try Execution.run(
                program, arguments: [program, request.text],
                environment: needed(environment).map { "\($0.key)=\($0.value)" }, in: folder,
                timeout: longest, mostOutput: 1 << 20,
                confinement: confinement(of: request, environment), until: interruption)
        }
    } catch {
        throw PackageError(.unavailable, "cannot fetch: \(error)")
    }
    guard case .exited(0) = execution.ending,
        let result = FetchResult(execution.output.beginning + Array(execution.output.end))
    else {
        let words = String(decoding: execution.errors.end.suffix(500), as: UTF8.self)
        throw PackageError(
            .unavailable,
            execution.isTimedOut
                ? "cannot fetch: it takes longer than six hours"
                : "cannot fetch: 'hector-fetch' \(execution.ending) \(words)")
    }
    return result
}

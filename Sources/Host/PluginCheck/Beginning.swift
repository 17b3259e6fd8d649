internal import GRPC
internal import Messages
internal import PluginHost
internal import SwiftProtobuf

let manifestDescription = "the manifest file is correct"

func manifestPoint(_ subject: Subject) -> StandalonePoint {
    StandalonePoint(description: manifestDescription) {
        if subject.manifest == nil {
            guard subject.manifestProblems.isEmpty else {
                throw manifestFinding(subject.manifestProblems)
            }
            throw Inapplicable("there is none: it can be used by its path, not found by its name")
        }
        return subject.manifestProblems
    }
}

func manifestFinding(_ problems: [String]) -> Finding {
    Finding(
        problems.first ?? "there is no manifest",
        problems.dropFirst().enumerated().map { ("problem_\($0.offset + 2)", $0.element) })
}

/// Returns the points about the beginning of a process.
func beginningPoints(_ subject: Subject) -> [Point] {
    [
        Point("grpc.health.v1.Health says that 'plugin' is serving", quietly: checkHealthService),
        Point(
            "Initialize takes the settings",
            quietly: { try await initialize($0, subject.specification.configuration) }),
        Point("GetStatus is 'ready' after Initialize", quietly: checkStatus),
        Point("Health is good", quietly: checkHealth),
        Point("GetManifest agrees with the manifest file") { try await compare($0, subject) },
    ]
}

private func checkHealthService(_ caller: Caller) async throws {
    let request = Grpc_Health_V1_HealthCheckRequest.with { $0.service = "plugin" }
    let reply: Grpc_Health_V1_HealthCheckResponse? = try await caller.callIfServed(
        HealthMethod.check, request)
    guard let reply else { throw Finding("there is no service grpc.health.v1.Health") }
    if reply.status != .serving {
        throw Finding(
            "'plugin' is not serving", expected: "SERVING", found: "\(reply.status)".uppercased())
    }
}

/// - Throws: `Finding`.
func initialize(_ caller: Caller, _ configuration: [String: String]) async throws {
    if let refusal = try await refusal(caller, of: configuration) {
        throw Finding("Initialize refused the settings: \(refusal)")
    }
}

/// Returns the objection of Initialize to settings; nil if it accepts them.
private func refusal(
    _ caller: Caller, of configuration: [String: String]
) async throws(Finding) -> String? {
    let request = Hector_Plugin_InitializeRequest.with { $0.config = configuration }
    let response: Hector_Plugin_InitializeResponse = try await caller.call("Initialize", request)
    switch (response.success, response.error) {
    case (true, ""): return nil
    case (true, let error):
        throw Finding("Initialize succeeded and yet has an error", [("error", error)])
    case (false, ""): throw Finding("Initialize refused the settings without saying why")
    case (false, let error): return error
    }
}

private func checkStatus(_ caller: Caller) async throws {
    let response: Hector_Plugin_StatusResponse = try await caller.call(
        "GetStatus", Hector_Plugin_StatusRequest())
    if response.status != "ready" {
        throw Finding("the status is another", expected: "ready", found: response.status)
    }
}

private func checkHealth(_ caller: Caller) async throws {
    let response: Hector_Plugin_HealthResponse = try await caller.call(
        "Health", Hector_Plugin_HealthRequest())
    if !response.healthy { throw Finding("the plugin is not healthy: \(response.message)") }
}

/// Compares the answer with the file. Every field may be empty, and the others have to agree with
/// the file.
private func compare(_ caller: Caller, _ subject: Subject) async throws -> [String] {
    let answer: Hector_Plugin_ManifestResponse = try await caller.call(
        "GetManifest", Hector_Plugin_ManifestRequest())
    guard let manifest = subject.manifest else { throw Inapplicable("there is no manifest file") }
    let answered = [
        "name": answer.name, "version": answer.version, "author": answer.author,
        "description": answer.description_p, "type": answer.type, "protocol": answer.protocol,
        "hector_version": answer.hectorVersion,
    ]
    var differences: [(name: String, text: String)] = []
    for (name, written) in manifest.fields {
        guard let said = answered[name], !said.isEmpty, said != written else { continue }
        differences.append((name, "'\(said)', in the file '\(written)'"))
    }
    for (name, said) in answer.capabilities.sorted(by: { $0.key < $1.key }) {
        let written = manifest.capabilities[name]
        guard written != said else { continue }
        let file = written.map { "'\($0)'" } ?? "nothing"
        differences.append(("capabilities.\(name)", "'\(said)', in the file \(file)"))
    }
    if !differences.isEmpty { throw Finding("it says something else than the file", differences) }
    return answer.name.isEmpty ? ["GetManifest leaves the name empty, which it may"] : []
}

/// Returns true if the plugin answers in any way.
func answers(_ caller: Caller) async -> Bool {
    do throws(GRPCError) {
        _ = try await caller.process.channel.unary(
            "/\(caller.service)/GetStatus", [], timeout: min(caller.timeout, .seconds(5)))
        return true
    } catch {
        return !error.isPastDeadline && error.code != .unavailable
    }
}

/// Returns the points that each need a separate process, since Initialize is called only once per
/// process.
func settingPoints(
    _ subject: Subject, _ queue: PluginQueue, _ log: @escaping @Sendable (LogLine) -> Void
) -> [StandalonePoint] {
    let configuration = subject.specification.configuration
    @Sendable func tryOut(_ configuration: [String: String]) async throws -> String? {
        do {
            return try await withBareProcess(
                of: subject.specification, queue: queue, log: log
            ) { process in
                try await refusal(
                    Caller(
                        process: process, service: subject.specification.service,
                        timeout: subject.timeout), of: configuration)
            }
        } catch let error as PluginError where error.code != .cancelled {
            throw Finding(error.message)
        }
    }
    var points = subject.manifest.map(\.requiredSettings)?.map { name in
        StandalonePoint(description: "Initialize refuses to go without the setting '\(name)'") {
            var less = configuration
            less[name] = nil
            guard let refusal = try await tryOut(less) else {
                throw Finding(
                    "Initialize succeeded without '\(name)', which the manifest requires")
            }
            return ["it says: \(refusal)"]
        }
    }
    if points?.isEmpty ?? true {
        points = [
            StandalonePoint(description: "Initialize refuses to go without a required setting") {
                throw Inapplicable("the manifest requires none")
            }
        ]
    }
    let unknown = "hector_check_unknown_setting"
    return (points ?? []) + [
        StandalonePoint(description: "Initialize refuses or ignores an unknown setting") {
            let refusal = try await tryOut(configuration.merging([unknown: "1"]) { $1 })
            return [refusal.map { "it refuses: \($0)" } ?? "it ignores"]
        }
    ]
}

internal import HTTP
internal import JSON
internal import Text

/// A connection to a registry for one repository: it answers challenges, follows redirections, and
/// asks again when the network fails.
///
/// The user's credentials and tokens go to the registry itself and to the server that it names for
/// tokens, never to a server that it redirects to.
final class RegistryConnection {
    private let reference: Reference
    private let client = Client()
    private let credentials: Credentials?

    /// The field `Authorization`, once the registry has asked for it.
    private var authorization: String?

    private static let mostRedirects = 5

    /// The pauses before the second and later tries.
    private static let pauses: [Duration] = [.milliseconds(200), .seconds(1), .seconds(3)]

    init(_ reference: Reference, environment: [String: String]) {
        self.reference = reference
        credentials = Credentials(for: reference.registry, environment: environment)
    }

    private enum Step<R> {
        case done(R)
        case redirect(URL)
        case challenged([Challenge])
        case busy(after: Duration?, status: Int)
    }

    /// Gets something of the repository and runs `body` with an answer of status 200 or 206.
    ///
    /// - Parameters:
    ///   - path: The path after the repository's name.
    ///   - headers: The fields of the request.
    ///   - body: Called again with another answer if it throws ``HTTPError``.
    func get<R>(
        _ path: String, _ headers: () -> KeyValuePairs<String, String>,
        _ body: (Response) async throws -> R
    ) async throws(RegistryError) -> R {
        var tries = 0
        while true {
            let failure: RegistryError
            var pause = tries < Self.pauses.count ? Self.pauses[tries] : nil
            do {
                switch try await answer(path, headers(), body) {
                case .done(let result): return result
                case .redirect, .challenged:
                    throw RegistryError(.refused, "'\(reference.registry)' redirects in circles")
                case .busy(let wanted, let status):
                    failure = RegistryError(
                        .unreachable, "'\(reference.registry)' answered with status \(status)")
                    if let wanted, pause != nil { pause = min(wanted, .seconds(30)) }
                }
            } catch let error as RegistryError {
                throw error
            } catch let error as HTTPError {
                switch error.kind {
                case .interrupted, .silent: break
                // One more time, for a registry that is just being started again.
                case .unreachable: if tries > 0 { pause = nil }
                case .untrusted: throw RegistryError(.refused, error.message)
                case .tooLong, .invalid: throw RegistryError(.wrong, error.message)
                case .cancelled: pause = nil
                }
                failure = RegistryError(.unreachable, error.message)
            } catch {
                throw RegistryError(.wrong, "\(error)")
            }
            guard let pause else { throw failure }
            tries += 1
            do { try await Task.sleep(for: pause) } catch { throw failure }
        }
    }

    /// Makes a request, once more with a token if the registry wants one.
    private func answer<R>(
        _ path: String, _ headers: KeyValuePairs<String, String>,
        _ body: (Response) async throws -> R
    ) async throws -> Step<R> {
        let start = try URL("\(reference.base)/v2/\(reference.repository)/\(path)")
        var url = start
        var hasAnswered = false
        for _ in 0...Self.mostRedirects {
            switch try await request(url, path, start.origin == url.origin, headers, body) {
            case .redirect(let target):
                try check(target)
                url = target
            case .challenged(let challenges):
                if hasAnswered { throw denied }
                hasAnswered = true
                authorization = try await answer(to: challenges)
            case let step: return step
            }
        }
        return .redirect(url)
    }

    private func request<R>(
        _ url: URL, _ path: String, _ isOwn: Bool, _ headers: KeyValuePairs<String, String>,
        _ body: (Response) async throws -> R
    ) async throws -> Step<R> {
        var request = Request("GET", url, headers: Headers(headers), silence: .seconds(60))
        if isOwn, let authorization { request.headers.append("Authorization", authorization) }
        return try await client.withResponse(to: request) { response in
            switch response.status {
            case 200, 206: return .done(try await body(response))
            case 301, 302, 303, 307, 308:
                guard let location = response.headers["location"] else {
                    throw RegistryError(.wrong, "'\(url.origin)' redirects to nowhere")
                }
                return .redirect(try url.resolving(location))
            case 401 where isOwn:
                let fields = response.headers.fields.filter {
                    $0.name.lowercased() == "www-authenticate"
                }
                return .challenged(fields.compactMap { Challenge($0.value) })
            case 401, 403: throw denied
            case 404:
                throw RegistryError(
                    .missing,
                    "'\(reference.registry)' has no \(path) in '\(reference.repository)'")
            // Asked to go on, it has nothing more.
            case 416:
                throw RegistryError(
                    .wrong, "'\(reference.registry)' has only a part of \(path)")
            case 408, 429, 500, 502, 503, 504:
                let wanted = response.headers["retry-after"].flatMap { UInt16($0) }
                return .busy(after: wanted.map { .seconds(Int($0)) }, status: response.status)
            case let status:
                throw RegistryError(.wrong, "'\(url.origin)' answered with status \(status)")
            }
        }
    }

    private var denied: RegistryError {
        RegistryError(
            .refused,
            "'\(reference.registry)' does not let us read '\(reference.repository)'"
                + (credentials == nil
                    ? ": put credentials for it into ~/.docker/config.json, as 'docker login' does"
                    : " with the credentials in docker's configuration"))
    }

    /// Refuses a redirection to a server without TLS, unless all of it stays on this machine.
    private func check(_ target: URL) throws(RegistryError) {
        if target.origin.hasPrefix("https:") { return }
        let isHere = Authority(origin: target.origin)?.isLoopback ?? false
        guard reference.base.hasPrefix("http:"), isHere else {
            throw RegistryError(
                .refused, "'\(reference.registry)' redirects to '\(target.origin)', without TLS")
        }
    }

    // MARK: Tokens

    private func answer(to challenges: [Challenge]) async throws -> String {
        for case .bearer(let realm, let service, let scope) in challenges {
            return "Bearer " + (try await token(realm, service, scope))
        }
        guard challenges.contains(.basic), let basic = credentials?.basic else { throw denied }
        return basic
    }

    private func token(
        _ realm: String, _ service: String?, _ scope: String?
    ) async throws -> String {
        let address = try URL(realm)
        try check(address)
        var query = [("scope", scope ?? "repository:\(reference.repository):pull")]
        if let service { query.append(("service", service)) }
        var request: Request
        if case .identityToken(let token)? = credentials {
            query += [
                ("grant_type", "refresh_token"), ("client_id", "hector"), ("refresh_token", token),
            ]
            request = Request(
                "POST", address,
                headers: Headers(["Content-Type": "application/x-www-form-urlencoded"]),
                body: Array(form(query).utf8), silence: .seconds(60))
        } else {
            let separator = address.text.contains("?") ? "&" : "?"
            request = Request(
                "GET", try URL(address.text + separator + form(query)), silence: .seconds(60))
            if let basic = credentials?.basic { request.headers.append("Authorization", basic) }
        }
        return try await client.withResponse(to: request) { response in
            switch response.status {
            case 200: break
            case 400, 401, 403: throw denied
            case 408, 429, 500, 502, 503, 504:
                throw HTTPError(
                    .interrupted, "'\(address.origin)' answered with status \(response.status)")
            case let status:
                throw RegistryError(.wrong, "'\(address.origin)' answered with status \(status)")
            }
            let value = try? Value(parsing: try await response.body(limit: 1 << 20))
            guard let token = value?["token"]?.string ?? value?["access_token"]?.string else {
                throw RegistryError(.wrong, "'\(address.origin)' sent no token")
            }
            return token
        }
    }
}

/// Returns names and values as `application/x-www-form-urlencoded`.
private func form(_ pairs: [(String, String)]) -> String {
    pairs.map { "\($0)=\(encoded($1))" }.joined(separator: "&")
}

private func encoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return text.utf8.map { byte -> String in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            String(Unicode.Scalar(byte))
        default: "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }
    }.joined()
}

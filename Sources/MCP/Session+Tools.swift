internal import JSON

extension Session {
    /// All tools of the server, in its order, page by page.
    ///
    /// - Parameter reject: Told why a tool is left out.
    func tools(
        timeout: Duration, reject: (_ name: String, _ reason: String) -> Void
    ) async throws -> [Tool] {
        var tools: [Tool] = []
        var names: Set<String> = []
        var cursors: Set<String> = []
        var params: Members = [:]
        for _ in 0..<Self.mostPages {
            let request = Request(method: "tools/list", params: params, timeout: timeout)
            let page: Value
            do { page = try await send(request) } catch MCPError.refused(let error)
                where error.code == RPCError.methodNotFound && capabilities["tools"] == nil
            {
                return []
            }
            guard let list = page["tools"]?.array else {
                throw MCPError.misbehaved("answered tools/list without a list of tools")
            }
            for entry in list {
                let name = entry["name"]?.string ?? ""
                do throws(MalformedMessage) {
                    let tool = try Tool(entry, mirroring: mirrorsArguments)
                    if names.insert(tool.name).inserted {
                        tools.append(tool)
                    } else {
                        reject(name, "there is another of that name")
                    }
                } catch {
                    reject(name, error.problem)
                }
            }
            guard let cursor = page["nextCursor"]?.string, !cursor.isEmpty else { return tools }
            guard cursors.insert(cursor).inserted else {
                throw MCPError.misbehaved("lists its tools in a circle")
            }
            params = ["cursor": .string(cursor)]
        }
        throw MCPError.misbehaved("lists its tools on more than \(Self.mostPages) pages")
    }

    private static let mostPages = 1000

    /// Whether arguments can be headers too.
    private var mirrorsArguments: Bool { link.readsHeaders && revision.isStateless }

    /// Whether it is worth to ask the server to tell of changes.
    ///
    /// One with sessions may tell of them, and ask whether we are there, whatever it has said.
    var mayTellOfChanges: Bool {
        !revision.isStateless || capabilities["tools"]?["listChanged"]?.bool == true
    }

    /// Returns when the server no longer tells whether its tools have changed.
    ///
    /// - Throws: `.refused`, `.rejected` or `.misused` if it never will this way.
    func listenForChanges() async throws {
        guard revision.isStateless else { return try await link.listen() }
        _ = try await send(
            Request(
                method: "subscriptions/listen",
                params: ["notifications": ["toolsListChanged": true]]))
    }

    /// Calls a tool, once.
    ///
    /// - Parameter mirrored: Which arguments go as headers too.
    func call(
        _ name: String, _ arguments: Members, mirrored: [MirroredArgument], timeout: Duration
    ) async throws -> CallResult {
        var request = Request(
            method: "tools/call",
            params: ["name": .string(name), "arguments": .object(arguments)], timeout: timeout)
        request.headers = [("Mcp-Name", headerValue(name))]
        for argument in mirrored {
            if let value = argument.value(in: arguments) {
                request.headers.append((argument.header, value))
            }
        }
        return try await finish(request)
    }

    /// Repeats a request for as long as the server only needs to be asked again, which it may
    /// have us do to keep nothing in memory between the rounds.
    private func finish(_ request: Request) async throws -> CallResult {
        var next = request
        for round in 0..<10 {
            let result = try await send(next)
            switch result["resultType"]?.string ?? "complete" {
            case "complete": return CallResult(result)
            case "input_required":
                let wanted = result["inputRequests"]?.object ?? [:]
                if let first = wanted.first {
                    let method = first.value["method"]?.string ?? "input"
                    throw MCPError.misbehaved("asks for \(method), which cannot be given here")
                }
                next = request
                if let state = result["requestState"] {
                    next.params.append("requestState", state)
                }
                try await Task.sleep(for: .milliseconds(min(50 << round, 250)))
            case let kind:
                throw MCPError.misbehaved("answered with a '\(kind)', which is not known here")
            }
        }
        throw MCPError.misbehaved("asked ten times to be asked again")
    }
}

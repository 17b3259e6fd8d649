internal import JSON

extension ServerSession {
    /// Returns all tools of the server, in its order, page by page.
    ///
    /// - Parameters:
    ///   - timeout: The longest time to wait for one page.
    ///   - warn: Gets a description of each part of the list that is wrong and left out.
    func tools(timeout: Duration, warn: (String) -> Void) async throws -> [ServerTool] {
        let end = ContinuousClock.now + Self.longestListing
        var list = ToolList()
        var cursors: Set<String> = []
        var params: Members = [:]
        for _ in 0..<Self.mostPages {
            let left = end - .now
            guard left > .zero else {
                throw MCPError.misbehaved(
                    "lists its tools for more than \(Self.longestListing.inSeconds)")
            }
            let request = Request(method: "tools/list", params: params, timeout: min(timeout, left))
            let page: Value
            do { page = try await send(request) } catch MCPError.refused(let error)
                where error.code == RPCError.methodNotFound && capabilities["tools"] == nil
            {
                return []
            }
            try list.add(page["tools"], mirroring: mirrorsArguments, warn)
            guard let cursor = page["nextCursor"]?.string, !cursor.isEmpty else {
                return list.tools
            }
            guard cursors.insert(cursor).inserted else {
                warn("lists its tools in a circle of pages; each is used once")
                return list.tools
            }
            params = ["cursor": .string(cursor)]
        }
        throw MCPError.misbehaved("lists its tools on more than \(Self.mostPages) pages")
    }

    private static let mostPages = 1000

    /// The longest time that all pages together may take.
    private static let longestListing = Duration.seconds(120)

    /// True if arguments can be headers, too.
    private var mirrorsArguments: Bool { link.readsHeaders && revision.isStateless }

    /// True if it is worth asking the server to announce changes.
    ///
    /// A server with sessions may announce them, and send pings, whatever it has declared.
    var mayTellOfChanges: Bool {
        !revision.isStateless || capabilities["tools"]?["listChanged"]?.bool == true
    }

    /// Returns when the server no longer announces changes of its tools.
    ///
    /// - Throws: `.refused`, `.rejected` or `.misused` if it never will in this way.
    func listenForChanges() async throws {
        guard revision.isStateless else { return try await link.listen() }
        _ = try await send(
            Request(
                method: "subscriptions/listen",
                params: ["notifications": ["toolsListChanged": true]]))
    }

    /// Calls a tool, once.
    ///
    /// - Parameter mirrored: The arguments that are also sent as headers.
    func call(
        _ name: String, _ arguments: Members, mirrored: [MirroredArgument], timeout: Duration,
        progress: ProgressWatch? = nil
    ) async throws -> CallResult {
        var request = Request(
            method: "tools/call",
            params: ["name": .string(name), "arguments": .object(arguments)], timeout: timeout,
            progress: progress)
        request.headers = [("Mcp-Name", headerValue(name))]
        for argument in mirrored {
            if let value = argument.value(in: arguments) {
                request.headers.append((argument.header, value))
            }
        }
        return try await finish(request)
    }

    /// Repeats a request as long as the server only needs to be asked again, which lets it keep no
    /// state in memory between the rounds.
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

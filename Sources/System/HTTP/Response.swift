/// An answer of which the head has come.
package struct Response: Sendable {
    /// As in RFC 9110, section 15.
    package let status: Int
    package let headers: Headers

    let transfer: Transfer

    /// The next bytes of the body, as many as have come, or nil after the last.
    ///
    /// While nobody asks for more than 256 KiB, the server is kept waiting.
    package func next() async throws(HTTPError) -> [UInt8]? {
        try await transfer.next()
    }

    /// The rest of the body.
    ///
    /// - Throws: `.tooLong` for more than `limit` bytes.
    package func body(limit: Int) async throws(HTTPError) -> [UInt8] {
        var body: [UInt8] = []
        while let bytes = try await next() {
            guard body.count + bytes.count <= limit else {
                throw HTTPError(
                    .tooLong, "'\(transfer.origin)' answered with more than \(limit) bytes")
            }
            if body.isEmpty { body = bytes } else { body += bytes }
        }
        return body
    }

    /// The first bytes of the body, or fewer if that is all there is or it ends in an error.
    package func beginning(limit: Int) async -> [UInt8] {
        var body: [UInt8] = []
        while body.count < limit, let bytes = try? await next() { body += bytes }
        return Array(body.prefix(limit))
    }

    /// Reads on to the end if that is near, so that the connection can be used again. What is
    /// left after `limit` is given up.
    package func drain(within limit: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { while (try? await next()) != nil {} }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }
}

/// An answer whose head has arrived.
package struct Response: Sendable {
    /// The status code of RFC 9110, section 15.
    package let status: Int
    package let headers: Headers

    let transfer: Transfer

    /// Returns the next bytes of the body, as many as have arrived, or nil after the last.
    ///
    /// The server is kept waiting while 256 KiB have not been read by the caller.
    package func next() async throws(HTTPError) -> [UInt8]? {
        try await transfer.next()
    }

    /// Returns the rest of the body.
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

    /// Returns the first bytes of the body, or fewer if the body is shorter or ends in an error.
    package func beginning(limit: Int) async -> [UInt8] {
        var body: [UInt8] = []
        while body.count < limit, let bytes = try? await next() { body += bytes }
        return Array(body.prefix(limit))
    }

    /// Reads to the end if that is near, so that the connection can be used again. Whatever is left
    /// after `limit` is dropped.
    package func drain(within limit: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { while (try? await next()) != nil {} }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }
}

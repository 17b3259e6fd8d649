import Foundation
import Synchronization

/// The server's end of a connection. Its methods block.
package final class Connection: Sendable {
    private let descriptor: Int32
    private let state = Mutex(State())

    private struct State {
        var unread: [UInt8] = []
        var isClosed = false
    }

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    // MARK: In

    /// - Returns: nil if there is no more.
    func receive() -> Received? {
        guard let head = read(until: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: head, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        guard let body = read(length) else { return nil }
        return Received(
            method: String(words[0]), path: String(words[1]), headers: headers, body: body)
    }

    private func read(until end: [UInt8]) -> [UInt8]? {
        while true {
            let found = state.withLock { state -> [UInt8]? in
                guard let range = state.unread.firstRange(of: end) else { return nil }
                defer { state.unread.removeSubrange(..<range.upperBound) }
                return Array(state.unread[..<range.lowerBound])
            }
            if let found { return found }
            guard fill() else { return nil }
        }
    }

    private func read(_ count: Int) -> [UInt8]? {
        while state.withLock({ $0.unread.count }) < count { guard fill() else { return nil } }
        return state.withLock { state in
            defer { state.unread.removeFirst(count) }
            return Array(state.unread.prefix(count))
        }
    }

    private func fill() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        state.withLock { $0.unread += buffer[..<count] }
        return true
    }

    /// Waits until the other end has gone.
    package func waitForEnd() {
        while fill() {}
    }

    // MARK: Out

    package func send(_ bytes: some Sequence<UInt8>) throws {
        let bytes = Array(bytes)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EPIPE) }
            sent += count
        }
    }

    package func send(_ text: String) throws { try send(text.utf8) }

    /// Sends a whole answer.
    package func answer(
        _ body: String, status: Int = 200, headers: [String: String] = [:],
        type: String = "application/json"
    ) throws {
        var text = "HTTP/1.1 \(status) Status\r\nContent-Type: \(type)\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        try send("\(text)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// Sends the head of an answer that comes in chunks.
    package func begin(_ status: Int = 200, type: String = "text/event-stream") throws {
        try send(
            "HTTP/1.1 \(status) Status\r\nContent-Type: \(type)\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n")
    }

    package func chunk(_ bytes: some Collection<UInt8>) throws {
        try send("\(String(bytes.count, radix: 16))\r\n")
        try send(bytes)
        try send("\r\n")
    }

    package func chunk(_ text: String) throws { try chunk(text.utf8) }

    /// Sends the end of an answer in chunks.
    package func end() throws { try send("0\r\n\r\n") }

    /// Sends each as a separate event.
    package func events(_ events: [String]) throws {
        for event in events { try chunk("data: \(event)\n\n") }
    }

    /// Ends the connection as a server that has finished does.
    package func close() {
        state.withLock { $0.isClosed = true }
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Ends the connection as a server that has crashed does.
    package func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &linger,
            socklen_t(MemoryLayout<Foundation.linger>.size))
        // Takes effect when the server closes the descriptor.
        state.withLock { $0.isClosed = true }
    }
}

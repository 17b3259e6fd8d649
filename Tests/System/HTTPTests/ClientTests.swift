import Foundation
import HTTP
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct ClientTests {
    @Test func `a request is sent as it is and its answer is read`() async throws {
        let server = try Loopback { request, connection in
            try connection.answer(
                "heard \(request.text)", status: 201, headers: ["X-Twice": " a  b "],
                type: "text/plain")
        }
        let request = Request(
            "POST", try URL("\(server.url)/a/b?c=d"),
            headers: Headers(["X-Key": "secret", "X-Empty": "", "X-Umlaut": "ä"]),
            body: Array("hällo".utf8))
        try await Client().withResponse(to: request) { response in
            #expect(response.status == 201)
            #expect(response.headers["x-TWICE"] == "a  b")
            #expect(response.headers["X-Absent"] == nil)
            let body = try await response.body(limit: 100)
            #expect(String(decoding: body, as: UTF8.self) == "heard hällo")
        }
        let received = try #require(server.received.first)
        #expect(received.method == "POST")
        #expect(received.path == "/a/b?c=d")
        #expect(received.headers["x-key"] == "secret")
        #expect(received.headers["x-empty"] == "")
        #expect(received.headers["x-umlaut"] == "ä")
        #expect(received.headers["user-agent"] == "hector")
        #expect(received.headers["expect"] == nil)
        #expect(received.headers["host"] == "127.0.0.1:\(server.port)")
    }

    @Test(arguments: ["a\nb", "a\r\nX-Other: b", "a\0b", "a\u{7F}"])
    func `a header that would become two is refused, unshown`(value: String) async throws {
        let server = try Loopback { _, connection in try connection.answer("") }
        let request = Request("GET", try URL(server.url), headers: Headers(["X-Key": value]))
        let error = await #expect(throws: HTTPError.self) {
            try await Client().withResponse(to: request) { _ in }
        }
        #expect(error?.kind == .invalid)
        #expect(error?.message == "the header 'X-Key' has characters that cannot be sent")
        #expect(server.received.isEmpty)
    }

    @Test func `connections are used again`() async throws {
        let server = try Loopback { request, connection in
            try connection.answer("\(request.number)")
        }
        let client = Client()
        for number in 0..<5 {
            #expect(try await client.text(of: server.url) == "\(number)")
        }
        #expect(server.connections == 1)
    }

    @Test func `many requests are under way at once`() async throws {
        let count = 50
        let arrived = Mutex(0)
        let all = Signal()
        // No request is answered before all have arrived.
        let server = try Loopback { _, connection in
            let isLast = arrived.withLock { arrived in
                arrived += 1
                return arrived == count
            }
            if isLast { all.give() }
            all.block()
            try connection.answer("yes")
        }
        let client = Client()
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<count { group.addTask { try await client.text(of: server.url) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == Array(repeating: "yes", count: count))
    }

    @Test func `what comes before the answer proper is passed over`() async throws {
        let server = try Loopback { _, connection in
            try connection.send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
            try connection.send(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n")
            try connection.chunk("body")
            try connection.send("0\r\nX-End: 1\r\n\r\n")
        }
        try await Client().withResponse(to: Request("GET", URL(server.url))) { response in
            #expect(response.status == 200)
            #expect(response.headers["link"] == nil)
            let body = try await response.next()
            let ends = [try await response.next(), try await response.next()]
            #expect(body == Array("body".utf8))
            #expect(ends == [nil, nil])
        }
    }

    // MARK: Redirects

    @Test(arguments: [307, 308])
    func `is sent on within the same server`(status: Int) async throws {
        let server = try Loopback { request, connection in
            if request.path == "/old" {
                try connection.answer("", status: status, headers: ["Location": "new?x=1"])
            } else {
                try connection.answer("\(request.method) \(request.path) \(request.text)")
            }
        }
        let request = Request(
            "POST", try URL("\(server.url)/old"), headers: Headers(["X-Key": "k"]),
            body: Array("b".utf8))
        #expect(try await Client().text(of: request) == "POST /new?x=1 b")
        #expect(server.received.map { $0.headers["x-key"] } == ["k", "k"])
    }

    @Test func `another server gets nothing`() async throws {
        let other = try Loopback { _, connection in try connection.answer("got it") }
        let server = try Loopback { [url = other.url] _, connection in
            try connection.answer("elsewhere", status: 307, headers: ["Location": "\(url)/steal"])
        }
        let request = Request("GET", try URL(server.url), headers: Headers(["X-Key": "k"]))
        try await Client().withResponse(to: request) { response in
            #expect(response.status == 307)
            let body = try await response.body(limit: 100)
            #expect(body == Array("elsewhere".utf8))
        }
        #expect(other.received.isEmpty)
    }

    @Test(arguments: [301, 302, 303])
    func `is not sent on as another request`(status: Int) async throws {
        let server = try Loopback { _, connection in
            try connection.answer("", status: status, headers: ["Location": "/new"])
        }
        let request = Request("POST", try URL("\(server.url)/old"))
        let answered = try await Client().withResponse(to: request) { $0.status }
        #expect(answered == status)
        #expect(server.received.count == 1)
    }

    @Test func `a circle ends`() async throws {
        let server = try Loopback { _, connection in
            try connection.answer("", status: 308, headers: ["Location": "/again"])
        }
        let error = await #expect(throws: HTTPError.self) {
            try await Client().text(of: server.url)
        }
        #expect(error?.message == "'\(server.url)' redirects in circles")
        #expect(server.received.count == 5)
    }

    // MARK: Failure

    @Test func `a server that is not there cannot be reached`() async throws {
        let server = try Loopback { _, _ in }
        server.stop()
        let error = await #expect(throws: HTTPError.self) {
            try await Client().text(of: server.url)
        }
        #expect(error?.kind == .unreachable)
        #expect(error?.message.hasPrefix("cannot reach '\(server.url)': ") == true)
    }

    @Test func `a name that is none cannot be reached`() async throws {
        let error = await #expect(throws: HTTPError.self) {
            try await Client().text(of: "http://user:secret@name.invalid/path?key=secret")
        }
        #expect(error?.kind == .unreachable)
        #expect(error?.message.contains("secret") == false)
    }

    @Test(arguments: [true, false])
    func `a connection that breaks before the answer is lost`(resets: Bool) async throws {
        let server = try Loopback { _, connection in
            if resets { connection.reset() } else { connection.close() }
        }
        let error = await #expect(throws: HTTPError.self) {
            try await Client().text(of: server.url)
        }
        #expect(error?.kind == .interrupted)
        #expect(error?.message.hasPrefix("lost the connection to '\(server.url)': ") == true)
    }

    @Test(arguments: [true, false])
    func `what had come before the connection broke is read first`(isChunked: Bool) async throws {
        let server = try Loopback { _, connection in
            if isChunked {
                try connection.begin()
                try connection.chunk("half")
            } else {
                try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf")
            }
            connection.close()
        }
        try await Client().withResponse(to: Request("GET", URL(server.url))) { response in
            var text: [UInt8] = []
            let error = await #expect(throws: HTTPError.self) {
                while let bytes = try await response.next() { text += bytes }
            }
            #expect(text == Array("half".utf8))
            #expect(error?.kind == .interrupted)
        }
    }

    @Test func `a server that does not speak HTTP is an error`() async throws {
        let server = try Loopback { _, connection in
            try connection.send("220 mail.example.com ESMTP\r\n")
            connection.close()
        }
        await #expect(throws: HTTPError.self) { try await Client().text(of: server.url) }
    }

    @Test(arguments: ["", "half"])
    func `a server that falls silent is given up`(beginning: String) async throws {
        let server = try Loopback { _, connection in
            if !beginning.isEmpty {
                try connection.begin()
                try connection.chunk(beginning)
            }
            connection.waitForEnd()
        }
        let request = Request("GET", try URL(server.url), silence: .milliseconds(200))
        let start = ContinuousClock.now
        let error = await #expect(throws: HTTPError.self) {
            try await Client().text(of: request)
        }
        #expect(error?.kind == .silent)
        #expect(error?.message == "'\(server.url)' said nothing for 0.2 seconds")
        #expect(ContinuousClock.now - start >= .milliseconds(200))
    }

    @Test func `a server that is slow but not silent is waited for`() async throws {
        let server = try Loopback { _, connection in
            try connection.begin()
            for _ in 0..<20 {
                usleep(50_000)
                try connection.chunk(".")
            }
            try connection.end()
        }
        let request = Request("GET", try URL(server.url), silence: .milliseconds(500))
        #expect(try await Client().text(of: request) == String(repeating: ".", count: 20))
    }

    @Test func `more than the limit is refused`() async throws {
        let server = try Loopback { _, connection in
            try connection.begin()
            while true { try connection.chunk(String(repeating: "x", count: 1000)) }
        }
        let error = await #expect(throws: HTTPError.self) {
            try await Client().withResponse(to: Request("GET", URL(server.url))) {
                _ = try await $0.body(limit: 10_000)
            }
        }
        #expect(error?.kind == .tooLong)
        #expect(error?.message == "'\(server.url)' answered with more than 10000 bytes")
    }

    // MARK: Back-pressure

    @Test func `a server whose answer is not read is kept waiting`() async throws {
        let sent = Mutex(0)
        let isStuck = Signal()
        let total = 64 << 20
        let server = try Loopback { _, connection in
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            let piece = [UInt8](repeating: 7, count: 1 << 20)
            let watch = Thread {
                // The server is stuck when it makes no more progress.
                var last = -1
                while true {
                    usleep(300_000)
                    let now = sent.withLock { $0 }
                    if now == last { break }
                    last = now
                }
                isStuck.give()
            }
            watch.start()
            for _ in 0..<64 {
                try connection.send(piece)
                sent.withLock { $0 += piece.count }
            }
        }
        // Waiting for the reader does not count as silence of the server, however short the limit.
        let request = Request("GET", try URL(server.url), silence: .milliseconds(100))
        try await Client().withResponse(to: request) { response in
            await isStuck.wait()
            #expect(sent.withLock { $0 } < total / 2)
            var count = 0
            while let bytes = try await response.next() {
                count += bytes.count
                #expect(bytes.count <= 512 * 1024)
            }
            #expect(count == total)
        }
    }

    @Test func `an answer that is read slowly and in large pieces is whole`() async throws {
        let bytes = (0..<(4 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let server = try Loopback { _, connection in
            try connection.begin(type: "application/octet-stream")
            for start in stride(from: 0, to: bytes.count, by: 9973) {
                try connection.chunk(bytes[start..<min(start + 9973, bytes.count)])
            }
            try connection.end()
        }
        try await Client().withResponse(to: Request("GET", URL(server.url))) { response in
            var read: [UInt8] = []
            while let piece = try await response.next() {
                read += piece
                await Task.yield()
            }
            #expect(read == bytes)
        }
    }

    // MARK: Cancellation

    @Test(arguments: [false, true])
    func `cancelling the task gives the request up`(hasBegun: Bool) async throws {
        let (isAsked, isGivenUp) = (Signal(), Signal())
        let server = try Loopback { _, connection in
            if hasBegun {
                try connection.begin()
                try connection.chunk("beginning")
            }
            isAsked.give()
            connection.waitForEnd()
            isGivenUp.give()
        }
        let task = Task { try await Client().text(of: server.url) }
        await isAsked.wait()
        task.cancel()
        let error = await #expect(throws: HTTPError.self) { try await task.value }
        #expect(error?.kind == .cancelled)
        await isGivenUp.wait()
    }

    @Test func `leaving an answer unread gives it up`() async throws {
        let isGivenUp = Signal()
        let server = try Loopback { _, connection in
            try connection.begin()
            connection.waitForEnd()
            isGivenUp.give()
        }
        let client = Client()
        try await client.withResponse(to: Request("GET", URL(server.url))) { _ in }
        await isGivenUp.wait()
    }

    @Test func `a task that is cancelled before it asks gets an error`() async throws {
        let server = try Loopback { _, connection in connection.waitForEnd() }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await Client().text(of: server.url)
        }
        let error = await #expect(throws: HTTPError.self) { try await task.value }
        #expect(error?.kind == .cancelled)
    }
}

extension Client {
    func text(of url: String) async throws -> String {
        try await text(of: Request("GET", URL(url)))
    }

    func text(of request: Request) async throws -> String {
        try await withResponse(to: request) { response in
            String(decoding: try await response.body(limit: 100 << 20), as: UTF8.self)
        }
    }
}

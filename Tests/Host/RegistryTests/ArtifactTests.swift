import Foundation
import OpenSSL
import PackageFiles
import Synchronization
import TestSupport
import Testing
import Text

@testable import Registry

/// Artifacts from a registry that misbehaves, on this machine and without TLS. A real registry is in
/// the tests of the commands.
@Suite(.timeLimit(.minutes(10))) struct ArtifactTests {
    private let folder: TemporaryFolder
    private let layer: [UInt8]

    init() throws {
        folder = try TemporaryFolder()
        // Large enough to arrive in pieces.
        let data = Data((0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
        try FileManager.default.createDirectory(
            atPath: folder.path + "/p", withIntermediateDirectories: false)
        try folder.write(data, to: "p/data")
        let tar = Process()
        tar.executableURL = URL(fileURLWithPath: "/bin/tar")
        tar.arguments = ["-C", folder.path + "/p", "-cf", folder.path + "/p.tar", "data"]
        try tar.run()
        tar.waitUntilExit()
        layer = Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/p.tar")))
    }

    private static func digest(_ bytes: [UInt8]) -> String { "sha256:" + SHA256.hex(of: bytes) }

    private var manifest: String {
        #"{"schemaVersion":2,"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","#
            + #""digest":"\#(Self.digest(layer))","size":\#(layer.count)}]}"#
    }

    private func unpack(
        _ server: Loopback, environment: [String: String] = ["HOME": "/nonexistent"]
    ) async throws(PackageError) -> String {
        let reference = try Reference("oci+http://127.0.0.1:\(server.port)/p:1")
        let cache: BlobCache
        do throws(RegistryError) { cache = try BlobCache(folder.path + "/cache") } catch {
            throw error.asPackageError
        }
        let artifact = Artifact(
            reference, cache: cache, environment: environment, isOffline: false)
        try? FileManager.default.createDirectory(
            atPath: folder.path + "/out", withIntermediateDirectories: false)
        return try await artifact.unpack(into: folder.path + "/out", signedBy: nil)
    }

    private var isUnpacked: Bool {
        let out = try? Data(contentsOf: URL(fileURLWithPath: folder.path + "/out/data"))
        let packed = try? Data(contentsOf: URL(fileURLWithPath: folder.path + "/p/data"))
        return out != nil && out == packed
    }

    private var partials: [String] {
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: folder.path + "/cache/blobs")
        return (names ?? []).filter { $0.hasPrefix(".") }
    }

    @Test(arguments: [true, false])
    func `a download that breaks off goes on, or begins again`(hasRanges: Bool) async throws {
        let (layer, manifest) = (layer, manifest)
        let server = try Loopback { request, connection in
            guard request.path.contains("/blobs/") else { return try connection.answer(manifest) }
            let range = request.headers["range"].flatMap { Int($0.dropFirst(6).dropLast()) } ?? 0
            let start = hasRanges ? range : 0
            let status = start > 0 ? 206 : 200
            try connection.send(
                "HTTP/1.1 \(status) OK\r\nContent-Length: \(layer.count - start)\r\n\r\n")
            // The third answer is whole.
            let end = request.number < 3 ? start + 300_000 : layer.count
            try connection.send(layer[start..<end])
            if request.number < 3 { connection.close() }
        }
        #expect(try await unpack(server) == Self.digest(Array(manifest.utf8)))
        #expect(isUnpacked)
        let ranges = server.received.map { $0.headers["range"] ?? "" }
        #expect(ranges == ["", "", "bytes=300000-", hasRanges ? "bytes=600000-" : "bytes=300000-"])
        #expect(partials == [])
        // Again, from the cache.
        try FileManager.default.removeItem(atPath: folder.path + "/out")
        server.stop()
        _ = try await unpack(server)
        #expect(isUnpacked)
    }

    @Test func `a registry that never finishes is given up, and nothing is left`() async throws {
        let manifest = manifest
        let server = try Loopback { request, connection in
            guard request.path.contains("/blobs/") else { return try connection.answer(manifest) }
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nbeginning")
            connection.close()
        }
        let error = await #expect(throws: PackageError.self) { try await unpack(server) }
        #expect(error?.meaning == .unavailable)
        #expect(!isUnpacked)
        #expect(partials == [])
    }

    @Test func `more bytes than there should be, or others, are refused`() async throws {
        for change in [[UInt8(1)], []] {
            let (layer, manifest) = (layer, manifest)
            let server = try Loopback { request, connection in
                guard request.path.contains("/blobs/") else {
                    return try connection.answer(manifest)
                }
                var bytes = layer + change
                bytes[0] ^= 1
                try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)\r\n\r\n")
                try connection.send(bytes)
            }
            let error = await #expect(throws: PackageError.self) { try await unpack(server) }
            #expect(error?.meaning == .notPermitted, "\(error?.message ?? "")")
            #expect(!isUnpacked)
            #expect(partials == [])
        }
    }

    @Test func `layers that are too many bytes together are not fetched`() async throws {
        let one = #"{"mediaType":"application/vnd.oci.image.layer.v1.tar","#
        let layers = (0..<3).map { number in
            one + #""digest":"\#(Self.digest([UInt8(number)]))","size":\#(1 << 30)}"#
        }
        let manifest = #"{"schemaVersion":2,"layers":[\#(layers.joined(separator: ","))]}"#
        let server = try Loopback { _, connection in try connection.answer(manifest) }
        let error = await #expect(throws: PackageError.self) { try await unpack(server) }
        #expect(error?.message.contains("more than \(PackageLimits().bytes) bytes") == true)
        #expect(server.received.count == 1)
    }

    @Test func `a tag is remembered only with a package that was accepted`() async throws {
        let (layer, manifest) = (layer, manifest)
        let isGood = Mutex(false)
        let server = try Loopback { request, connection in
            guard request.path.contains("/blobs/") else { return try connection.answer(manifest) }
            var bytes = layer
            if !isGood.withLock({ $0 }) { bytes[0] ^= 1 }
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)\r\n\r\n")
            try connection.send(bytes)
        }
        let refs = folder.path + "/cache/refs"
        _ = await #expect(throws: PackageError.self) { try await unpack(server) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: refs) == [])
        isGood.withLock { $0 = true }
        _ = try await unpack(server)
        #expect(try FileManager.default.contentsOfDirectory(atPath: refs).count == 1)
    }

    @Test func `credentials go to the registry and not to where it redirects`() async throws {
        let (layer, manifest) = (layer, manifest)
        let store = try Loopback { _, connection in
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(layer.count)\r\n\r\n")
            try connection.send(layer)
        }
        let target = store.url
        let server = try Loopback { request, connection in
            guard request.headers["authorization"] != nil else {
                return try connection.answer(
                    "", status: 401, headers: ["WWW-Authenticate": #"Basic realm="x""#])
            }
            guard request.path.contains("/blobs/") else { return try connection.answer(manifest) }
            try connection.answer("", status: 307, headers: ["Location": target + "/blob"])
        }
        let auth = Base64.encode(Array("user:secret".utf8))
        try folder.write(
            #"{"auths":{"127.0.0.1:\#(server.port)":{"auth":"\#(auth)"}}}"#, to: "config.json")
        _ = try await unpack(server, environment: ["DOCKER_CONFIG": folder.path])
        #expect(isUnpacked)
        #expect(server.received.last?.headers["authorization"] == "Basic \(auth)")
        #expect(store.received.map { $0.headers["authorization"] } == [nil])
    }

    @Test func `a token is asked for with the credentials, and used`() async throws {
        let (layer, manifest) = (layer, manifest)
        let tokens = try Loopback { _, connection in try connection.answer(#"{"token":"t"}"#) }
        let realm = tokens.url + "/token"
        let server = try Loopback { request, connection in
            guard request.headers["authorization"] == "Bearer t" else {
                return try connection.answer(
                    "", status: 401,
                    headers: [
                        "WWW-Authenticate":
                            #"Bearer realm="\#(realm)",service="s p",scope="repository:p:pull""#
                    ])
            }
            guard request.path.contains("/blobs/") else { return try connection.answer(manifest) }
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(layer.count)\r\n\r\n")
            try connection.send(layer)
        }
        _ = try await unpack(server)
        #expect(tokens.received.map(\.path) == ["/token?scope=repository%3Ap%3Apull&service=s%20p"])
        #expect(tokens.received.map { $0.headers["authorization"] } == [nil])
    }

    @Test(arguments: [401, 403]) func `a registry that says no is not asked again`(status: Int)
        async throws
    {
        let server = try Loopback { _, connection in try connection.answer("", status: status) }
        let error = await #expect(throws: PackageError.self) { try await unpack(server) }
        #expect(error?.meaning == .notPermitted)
        #expect(error?.message.contains("docker login") == true)
        #expect(server.received.count == 1)
    }

    @Test(arguments: ["http://example.org/blob", "http://169.254.169.254/x", "ftp://127.0.0.1/x"])
    func `a redirection without TLS to elsewhere is refused`(location: String) async throws {
        let server = try Loopback { _, connection in
            try connection.answer("", status: 302, headers: ["Location": location])
        }
        let error = await #expect(throws: PackageError.self) { try await unpack(server) }
        #expect(error?.meaning == .notPermitted)
    }

    @Test func `redirections end`() async throws {
        let server = try Loopback { request, connection in
            try connection.answer("", status: 302, headers: ["Location": request.path + "x"])
        }
        let error = await #expect(throws: PackageError.self) { try await unpack(server) }
        #expect(error?.message.contains("circles") == true)
    }

    @Test func `a busy registry is asked again`() async throws {
        let (layer, manifest) = (layer, manifest)
        let server = try Loopback { request, connection in
            if request.number < 2 {
                return try connection.answer("", status: 503, headers: ["Retry-After": "0"])
            }
            guard request.path.contains("/blobs/") else { return try connection.answer(manifest) }
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(layer.count)\r\n\r\n")
            try connection.send(layer)
        }
        _ = try await unpack(server)
        #expect(isUnpacked)
    }

    @Test func `a digest that the registry states has to be right`() async throws {
        let manifest = manifest
        let server = try Loopback { _, connection in
            try connection.answer(
                manifest,
                headers: ["Docker-Content-Digest": Self.digest([])])
        }
        let error = await #expect(throws: PackageError.self) { try await unpack(server) }
        #expect(error?.meaning == .notPermitted)
    }

    @Test func `the cache stays within its limit, and a damaged blob is fetched again`() throws {
        let cache = try BlobCache(folder.path + "/cache", limit: 250)
        for number in 0..<4 {
            let bytes = [UInt8](repeating: UInt8(number), count: 100)
            try cache.keep(bytes, Self.digest(bytes))
            // Files of one tick of the clock would be equally old.
            usleep(20_000)
        }
        cache.trim()
        let kept = (0..<4).map { number in
            cache.bytes(Self.digest([UInt8](repeating: UInt8(number), count: 100)), limit: 100)
                != nil
        }
        #expect(kept == [false, false, true, true])
        let digest = Self.digest([UInt8](repeating: 3, count: 100))
        try Data("x".utf8).write(to: URL(fileURLWithPath: cache.path(digest)))
        #expect(cache.find(digest) == nil)
        #expect(!FileManager.default.fileExists(atPath: cache.path(digest)))
    }
}

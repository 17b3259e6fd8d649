import GRPC
import Testing

@testable import PluginHost

@Suite struct HandshakeTests {
    @Test(arguments: [
        ("1|1|unix|/tmp/plugin1|grpc", Address.unix("/tmp/plugin1")),
        ("1|1|unix|/tmp/plugin1|grpc|", .unix("/tmp/plugin1")),
        ("1|1|unix|/tmp/plugin1|grpc||true", .unix("/tmp/plugin1")),
        // Old plugins put other short text where a certificate belongs.
        ("1|1|unix|relative|grpc|abc", .unix("relative")),
        ("  1|1|tcp|127.0.0.1:1234|grpc\r", .tcp(host: "127.0.0.1", port: 1234)),
        ("1|1|tcp|[::1]:1234|grpc", .tcp(host: "::1", port: 1234)),
    ])
    func `tells where the plugin listens`(line: String, address: Address) throws {
        let handshake = try Handshake(line: line)
        #expect(handshake.address == address)
        #expect(handshake.certificate == nil)
    }

    @Test(arguments: [
        ("", HandshakeError.malformed("")),
        ("hello", .malformed("hello")),
        ("1|1|unix", .malformed("1|1|unix")),
        ("2|1|unix|/p|grpc", .coreVersion("2")),
        ("x|1|unix|/p|grpc", .coreVersion("x")),
        ("1|7|unix|/p|grpc", .version("7")),
        ("1|x|unix|/p|grpc", .version("x")),
        ("1|1|pipe|/p|grpc", .network("pipe")),
        ("1|1|unix||grpc", .address("")),
        ("1|1|tcp|127.0.0.1|grpc", .address("127.0.0.1")),
        ("1|1|tcp|127.0.0.1:0|grpc", .address("127.0.0.1:0")),
        ("1|1|tcp|127.0.0.1:65536|grpc", .address("127.0.0.1:65536")),
        ("1|1|unix|/p", .transport("netrpc")),
        ("1|1|unix|/p|netrpc", .transport("netrpc")),
        ("1|1|unix|/p|http", .transport("http")),
    ])
    func `says what is wrong`(line: String, error: HandshakeError) {
        #expect(throws: error) { try Handshake(line: line) }
    }

    @Test func `a path too long for a socket is refused`() {
        let path = String(repeating: "x", count: 108)
        #expect(throws: HandshakeError.longSocket(path)) {
            try Handshake(line: "1|1|unix|\(path)|grpc")
        }
    }

    @Test func `a certificate that is none is refused`() {
        let text = String(repeating: "A", count: 60)
        #expect(throws: HandshakeError.self) { try Handshake(line: "1|1|unix|/p|grpc|\(text)") }
    }

    @Test func `what a plugin prints cannot command the terminal`() {
        let error = HandshakeError.malformed("\u{1b}[2Jhello\u{7}")
        #expect(error.description.hasPrefix("printed '\\u001b[2Jhello\\u0007'"))
    }
}

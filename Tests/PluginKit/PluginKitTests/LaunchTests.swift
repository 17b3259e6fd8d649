import Testing

@testable import PluginKit

@Suite struct LaunchTests {
    @Test(arguments: [nil, "", "hector_plugin_v2", "HECTOR_PLUGIN_V1"])
    func `needs the cookie`(cookie: String?) {
        #expect(launch(cookie.map { ["HECTOR_PLUGIN": $0] } ?? [:]) == nil)
    }

    @Test(arguments: [
        ("1", 1), ("1,2,3", 1), ("3,1", 1), ("2,3", 1), (nil, 1), ("", 1), ("x", 1), ("1, 2", 1),
    ])
    func `speaks the only version there is`(offered: String?, version: Int) {
        #expect(Launch.version(offered: offered, supported: [1]) == version)
    }

    @Test(arguments: [
        ("5,6", 6), ("6,5", 6), ("7,5", 5), ("7", 4), ("", 4), (nil, 4), ("x,5", 5),
    ])
    func `speaks the highest common version, or its lowest`(offered: String?, version: Int) {
        #expect(Launch.version(offered: offered, supported: [4, 5, 6]) == version)
    }

    @Test(arguments: [
        ([:], "/tmp"),
        (["TMPDIR": "/var/tmp"], "/var/tmp"),
        (["TMPDIR": "/var/tmp", "PLUGIN_UNIX_SOCKET_DIR": "/run/x"], "/run/x"),
        (["TMPDIR": "/var/tmp", "PLUGIN_UNIX_SOCKET_DIR": ""], "/var/tmp"),
        (["TMPDIR": ""], "/tmp"),
    ])
    func `puts the socket where the host wants it`(
        environment: [String: String], folder: String
    ) throws {
        let launch = try #require(started(environment))
        #expect(launch.socketPath(number: 42) == folder + "/plugin42")
    }

    @Test func `puts the socket into tmp if its path would be too long`() throws {
        let name = "/plugin4294967295"
        let longest = String(repeating: "x", count: 106 - name.utf8.count)
        let fits = try #require(started(["TMPDIR": "/" + longest]))
        #expect(fits.socketPath(number: .max).utf8.count == 107)
        #expect(fits.socketPath(number: .max).hasPrefix("/x"))
        let tooLong = try #require(started(["TMPDIR": "/x" + longest]))
        #expect(tooLong.socketPath(number: .max) == "/tmp" + name)
    }

    @Test func `a root folder has one slash`() throws {
        #expect(try #require(started(["TMPDIR": "/"])).socketPath(number: 1) == "/plugin1")
    }

    @Test(arguments: [
        ([:], "", "1|1|unix|/s|grpc|\n"),
        (["PLUGIN_PROTOCOL_VERSIONS": "1"], "MIIB", "1|1|unix|/s|grpc|MIIB\n"),
        (["PLUGIN_MULTIPLEX_GRPC": "true"], "", "1|1|unix|/s|grpc||false\n"),
        (["PLUGIN_MULTIPLEX_GRPC": ""], "", "1|1|unix|/s|grpc|\n"),
    ])
    func `prints the handshake`(
        environment: [String: String], certificate: String, line: String
    ) throws {
        let launch = try #require(started(environment))
        #expect(launch.handshake(socket: "/s", certificate: certificate) == line)
    }

    @Test func `takes what is empty for not there`() throws {
        let launch = try #require(
            started(["PLUGIN_CLIENT_CERT": "", "PLUGIN_UNIX_SOCKET_GROUP": ""]))
        #expect(launch.clientCertificate == nil)
        #expect(launch.group == nil)
    }

    private func started(_ environment: [String: String]) -> Launch? {
        launch(environment.merging(["HECTOR_PLUGIN": "hector_plugin_v1"]) { $1 })
    }

    private func launch(_ environment: [String: String]) -> Launch? {
        Launch { environment[$0] }
    }
}

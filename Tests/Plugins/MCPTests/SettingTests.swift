import Testing

@testable import MCP

struct JSONSettingsTests {
    @Test(
        arguments: [
            (#"["-y","server"]"#, ["-y", "server"]), ("[]", []),
            ("[1.50, true]", ["1.50", "true"]),
            ("", nil), ("-y server", nil), ("[null]", nil), ("[[]]", nil), (#"{"a":"b"}"#, nil),
        ] as [(String, [String]?)])
    func `a list of strings is read`(json: String, expected: [String]?) {
        #expect(strings(inJSON: json) == expected)
    }

    @Test(
        arguments: [
            (#"{"A":"b","C":1,"D":false}"#, ["A=b", "C=1", "D=false"]), ("{}", []),
            ("[]", nil), (#"{"A":null}"#, nil), (#"{"A":{}}"#, nil), ("A=b", nil),
        ] as [(String, [String]?)])
    func `an object of strings is read`(json: String, expected: [String]?) {
        #expect(stringMembers(inJSON: json)?.map { "\($0)=\($1)" } == expected)
    }
}

struct ProgramTests {
    @Test func `a server gets what any program needs and what it was given, and no keys of ours`() {
        let program = ServerProgram(
            command: "server", arguments: [], additional: ["TOKEN": "t", "LANG": "de"],
            own: [
                "PATH": "/bin", "HOME": "/home/a", "LANG": "C", "LC_ALL": "C", "HTTPS_PROXY": "p",
                "https_proxy": "q", "OPENAI_API_KEY": "secret", "HECTOR_PLUGIN": "x",
            ])
        #expect(
            program.environment == [
                "HOME=/home/a", "HTTPS_PROXY=p", "LANG=de", "LC_ALL=C", "PATH=/bin", "TOKEN=t",
                "https_proxy=q",
            ])
    }

    @Test(
        arguments: [
            ("sh", "/bin/sh"), ("no-such-program", nil), ("./a/server", "./a/server"),
            ("~/server", "/home/a/server"),
        ] as [(String, String?)])
    func `a program is found as a shell finds it`(command: String, path: String?) {
        let program = ServerProgram(
            command: command, arguments: [], additional: [:],
            own: ["PATH": "/nowhere:/bin", "HOME": "/home/a"])
        #expect(program.path == path)
    }
}

struct AddressTests {
    @Test(arguments: [
        ("http://127.0.0.1:80/mcp", "http://127.0.0.1/mcp"),
        ("https://user:pass%2Fword@Example.org/mcp?key=1#x", "https://example.org/mcp"),
        ("https://example.org", "https://example.org/"),
    ])
    func `a password or a query is never shown`(url: String, shown: String) throws {
        #expect(try #require(Address(url: url, headers: [])).shown == shown)
    }

    @Test(arguments: ["", "example.org/mcp", "ftp://example.org", "http://", "file:///etc/passwd"])
    func `what is no address of a web server is refused`(url: String) {
        #expect(Address(url: url, headers: []) == nil)
    }
}

struct SecretsTests {
    @Test(arguments: [
        (["Bearer sk-123456"], "key sk-123456: no", "key …: no"),
        (["Bearer sk-123456"], "'Bearer sk-123456'", "'…'"),
        (["12345678", "1234567890"], "1234567890 12345678", "… …"),
        (["true", "1234567", ""], "true 1234567", "true 1234567"),
        ([], "text", "text"),
    ])
    func `what a server was trusted with is in no text`(
        values: [String], text: String, expected: String
    ) {
        #expect(Secrets(values).hide(in: text) == expected)
    }
}

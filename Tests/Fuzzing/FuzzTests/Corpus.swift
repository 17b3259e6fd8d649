import Foundation
import Messages
import SwiftProtobuf
import TestSupport

/// Good inputs, from the data of other tests where there are some.
enum Corpus {
    /// Returns the files of a folder of the tests whose names end so, sorted by their paths.
    static func files(_ folder: String, ending: String) -> [[UInt8]] {
        let root = URL(fileURLWithPath: "\(Project.root)/Tests/\(folder)").standardized
        let paths =
            FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(ending) && !$0.contains("node_modules") }.sorted()
            .prefix(80)
            .compactMap { path in
                let data = FileManager.default.contents(atPath: "\(root.path)/\(path)")
                return data.flatMap { $0.count < 1 << 14 ? [UInt8]($0) : nil }
            }
    }

    private static func texts(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    // MARK: JSON

    static let json = texts([
        #"{"id":"a","content":"te\u00e9\ud83d\ude00xt","vector":[1,-2.5e3,0.1],"metadata":{"n":1}}"#,
        #"["a\"b\\c\/\b\f\n\r\t",true,false,null,[],{},[[[[]]]]]"#, #""only text""#, "-0.0e-0",
        #"{"a":1,"a":2,"messages":[{"role":"user","content":"x"}],"tools":[]}"#,
    ])

    static let jsonTokens = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\udc00", "null", "true", "1e",
        "0.", "[[[[[[[[", "{\"a\":", "\"content\"", "\"vector\"", "\"messages\"",
    ]

    static let schemas = texts([
        #"{"type":"object","properties":{"a":{"type":"integer","minimum":0,"multipleOf":0.1}},"required":["a"],"additionalProperties":false}"#,
        ##"{"$defs":{"n":{"anyOf":[{"$ref":"#/$defs/n"},{"type":"null"}]}},"$ref":"#/$defs/n"}"##,
        #"{"type":"array","items":{"type":"string","pattern":"^a[0-9]{2,3}$","format":"date-time"},"uniqueItems":true,"contains":{"const":"a12"}}"#,
        #"{"if":{"required":["x"]},"then":{"minProperties":2},"else":{"not":{}},"dependentSchemas":{"a":{}},"unevaluatedProperties":false}"#,
        ##"{"enum":[1,"a",null,{"b":[]}],"oneOf":[true,false],"$dynamicRef":"#m","$dynamicAnchor":"m","$id":"http://h/a"}"##,
    ])

    static let schemaTokens = [
        "$ref", "$defs", "$id", "#/$defs/n", "$dynamicRef", "pattern", "patternProperties", "allOf",
        "items", "prefixItems", "unevaluatedItems", "(?=a)", "^(a+)+$", "multipleOf", "1e-308",
    ]

    // MARK: YAML

    static let yaml = texts([
        "a: &x [1, 0o17, 0x1f, .inf, ~, yes]\nb: *x\n<<: {c: 'd''e', \"f\\u00e9\": |2-\n    text\n}\n",
        "plugins:\n  llm_providers:\n    m: { path: ./m, config: { api_key: \"${K:-a}\", n: 1 } }\n",
        "agents:\n  a:\n    llm: m\n    tools: [t, {provider: o, allow: ['r*'], approve: ask}]\n",
        "%YAML 1.2\n---\n- !!str 1\n- >-\n  folded\n  text\n...\n---\nsecond\n",
    ])

    static let yamlTokens = [
        "&a ", "*a", "<<: ", "- ", "? ", ": ", "|\n", ">\n", "---\n", "...\n", "!!str ",
        "!!binary ",
        "${A}", "${A:-${B}}", "$$", "{", "}", "[", "]", "\t", "#", "'", "\"", "\\x",
        "api_key_file: ",
        "api_key_command: ", "config: ", "plugins:\n", "agents:\n",
    ]

    // MARK: Plugins

    static let handshakes = texts([
        "1|1|unix|/tmp/plugin1|grpc", "1|1|tcp|127.0.0.1:1234|grpc|",
        "1|1|tcp|[::1]:1234|grpc||true",
        "1|1|unix|/tmp/x|grpc|" + String(repeating: "TUlJQg", count: 30) + "|false",
        "2|1|unix|/p|netrpc",
    ])

    static let logLines = texts([
        #"{"@level":"info","@message":"opened","@module":"x","@timestamp":"2026-01-01T00:00:00Z","n":1}"#,
        "[WARN] careful", "panic: runtime error\n\ngoroutine 1 [running]:\nmain.main()",
        "plain \u{1b}[31m",
    ])

    static let messages: [[UInt8]] = {
        let search = Hector_Plugin_SearchResponse.with {
            $0.results = [
                .with {
                    $0.id = "a"
                    $0.score = 0.5
                    $0.content = "text"
                    $0.vector = [1, 2]
                    $0.metadata = ["k": "v"]
                }
            ]
        }
        let generated = Hector_Plugin_GenerateResponse.with {
            $0.text = "hi"
            $0.toolCalls = [.with { $0.name = "f" }]
            $0.tokensUsed = 7
        }
        let embedded = Hector_Plugin_EmbedResponse.with { $0.vector = [0.1, 0.2, .nan] }
        let asked = Hector_Plugin_InitializeRequest.with { $0.config = ["a": "b", "": "c"] }
        let all: [any SwiftProtobuf.Message] = [search, generated, embedded, asked]
        return all.map { (try? $0.serializedBytes()) ?? [] }
    }()

    // MARK: HTTP/2

    static let frameTokens = [
        "PRI * HTTP/2.0", "grpc-status", "grpc-message", "%F0%9F", "te", "trailers",
    ]

    private static func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt8, _ payload: [UInt8])
        -> [UInt8]
    {
        let count = payload.count
        return [
            UInt8(count >> 16), UInt8(count >> 8 & 255), UInt8(count & 255), type, flags, 0, 0, 0,
            stream,
        ]
            + payload
    }

    private static func header(_ name: String, _ value: String) -> [UInt8] {
        [0, UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)]
            + Array(value.utf8)
    }

    private static func message(_ bytes: [UInt8]) -> [UInt8] {
        [0, 0, 0, 0, UInt8(bytes.count)] + bytes
    }

    static let serverFrames: [[UInt8]] = {
        let settings = frame(4, 0, 0, []) + frame(4, 1, 0, [])
        let head = frame(1, 4, 1, [0x88] + header("content-type", "application/grpc"))
        func end(_ status: String) -> [UInt8] {
            frame(1, 5, 1, header("grpc-status", status) + header("grpc-message", "a%20b"))
        }
        return [
            settings + head + frame(0, 0, 1, message([1, 2, 3])) + end("0"),
            settings + head + end("5"), settings + frame(3, 0, 1, [0, 0, 0, 8]),
            settings + frame(7, 0, 0, [0, 0, 0, 1, 0, 0, 0, 0]),
            settings + frame(6, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]) + head
                + frame(8, 0, 0, [0, 0, 1, 0]) + end("0"),
        ]
    }()

    static let clientFrames: [[UInt8]] = {
        let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
        let head = frame(
            1, 4, 1,
            [0x83, 0x86] + header(":path", "/test.Echo/Echo") + header(":authority", "localhost")
                + header("content-type", "application/grpc") + header("te", "trailers")
                + header("grpc-timeout", "100m"))
        let start = preface + frame(4, 0, 0, [0, 4, 0, 1, 0, 0])
        return messages.map { start + head + frame(0, 1, 1, message(Array($0.prefix(200)))) }
            + [start + head + frame(3, 0, 1, [0, 0, 0, 8]), start + head + frame(9, 4, 1, [])]
    }()

    // MARK: MCP

    static let rpc = texts([
        #"{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"t","description":"d","inputSchema":{"type":"object","properties":{"a":{"type":["string","null"]}}},"annotations":{"readOnlyHint":true}}],"nextCursor":"c"}}"#,
        #"{"jsonrpc":"2.0","id":"2","result":{"content":[{"type":"text","text":"x"},{"type":"image","data":"aGk=","mimeType":"image/png"},{"type":"resource","resource":{"uri":"a://b","text":"y"}}],"structuredContent":{"a":1},"isError":false}}"#,
        #"{"jsonrpc":"2.0","id":3,"error":{"code":-32601,"message":"no","data":{"a":[1]}}}"#,
        #"[{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}},{"id":4,"method":"ping"}]"#,
    ])

    // MARK: Documents

    /// Documents of all kinds, each after a byte that says which.
    static let documents: [[UInt8]] = kinds.enumerated().flatMap { place, kind in
        files("Documents", ending: kind.ending).prefix(8).map { [UInt8(place)] + $0 }
    }

    static let kinds: [(ending: String, name: String)] = [
        (".txt", "a.txt"), (".md", "a.md"), (".html", "a.html"), (".csv", "a.csv"),
        (".eml", "a.eml"),
        (".mbox", "a.mbox"), (".ipynb", "a.ipynb"), (".jsonl", "a.jsonl"), (".py", "a.py"),
        (".c", "a.c"), (".xml", "a.xml"), (".8", "a.8"),
    ]

    static let expressions = texts([
        "^a.*(b|c)+$", #"(?P<n>\w+)\s*=\s*"[^"]*""#, "[[:alpha:]]{2,5}?", #"\bfoo\b|\x{1F600}"#,
        "(?i)ab?",
    ])

    static let globs = texts(["**/*.md", "a/{b,c}/[!d-f]?.txt", "!/x/**", "[[:alpha:]]*", "a\\*b"])
}

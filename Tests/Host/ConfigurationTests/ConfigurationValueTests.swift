import Configuration
import Foundation
import Testing
import YAML

@Suite struct ConfigurationValueTests {
    @Test(arguments: [
        ("0.70", "0.70"), ("1000", "1000"), ("0x1F", "0x1F"), ("True", "True"), ("''", ""),
        ("'${KEY}'", "k"), ("text", "text"), ("|\n  a\n  b", "a\nb\n"), ("", ""), ("~", "~"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("[]", "[]"), ("{}", "{}"),
        ("[a, '1', 1, 1.50, true, null, ~]", #"["a","1",1,1.50,true,null,null]"#),
        ("{b: 1, a: {c: [2]}}", #"{"b":1,"a":{"c":[2]}}"#),
        ("[+7, 017, 0o17, 0xff, .5, 5., 1e3]", "[7,17,15,255,0.5,5.0,1e3]"),
        ("[.inf, -.INF, .nan]", #"[".inf","-.INF",".nan"]"#),
        (
            #"["\"\\\n\r\t\b\0\u001f\x7fé\u2028😀/"]"#,
            #"["\"\\\n\r\t\u0008\u0000\u001f\#u{7f}é\#u{2028}😀/"]"#
        ),
        ("['${KEY}', '${PORT}', '$$']", #"["k","8080","$"]"#),
        ("{'${KEY}': 1}", #"{"${KEY}":1}"#),
        ("&x [*y]", "[{\"k\":1}]"),
    ])
    func `a scalar is as written, the rest is JSON`(yaml: String, value: String) throws {
        let indented = yaml.replacingOccurrences(of: "\n", with: "\n    ")
        let head = "plugins:\n llm_providers:\n  l:\n   config:\n    z: &y {k: 1}\n"
        let read = try configuration(
            head + "    a: \(indented)\n", ["KEY": "k", "PORT": "8080"])
        #expect(read.values["a"] == value)
        #expect(read.problems == [])
    }

    @Test func `nested values are read back as they were written`() throws {
        let read = try configuration(
            "plugins: { llm_providers: { l: { config: { a: [\"\\\"\\\\\\0\\u2028é\", 1.5, null] } } } }"
        )
        let json = try #require(read.values["a"])
        let values = try JSONDecoder().decode([JSONItem].self, from: Data(json.utf8))
        #expect(values == [.string("\"\\\0\u{2028}é"), .number(1.5), .null])
    }

    @Test func `an unset variable is reported where it stands`() throws {
        let read = try configuration(
            """
            plugins:
              llm_providers:
                l:
                  config:
                    a: [x, { k: '${NONE}' }]
                    b: ${NONE}
            """)
        let keys = "'plugins.llm_providers.l.config"
        #expect(
            read.problems == [
                "5:21: \(keys).a' needs 'NONE', which is not in the environment",
                "6:12: \(keys).b' needs 'NONE', which is not in the environment",
            ])
    }
}

func evaluate(
    _ setting: ConfigurationValue, _ environment: [String: String]
) throws -> (String, [String]) {
    var problems: [YAMLError] = []
    let value = setting.value(in: environment, gathering: &problems)
    return (value, problems.map { "\($0.mark.line):\($0.mark.column): \($0.problem)" })
}

private enum JSONItem: Decodable, Equatable {
    case null, number(Double), string(String)

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .string(try container.decode(String.self))
        }
    }
}

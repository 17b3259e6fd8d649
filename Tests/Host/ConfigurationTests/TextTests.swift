import Configuration
import Testing

@Suite struct TextTests {
    static let environment = ["KEY": "k", "EMPTY": "", "_9": "nine", "DOLLAR": "${KEY}"]

    @Test(arguments: [
        ("plain", "plain"), ("${KEY}", "k"), ("a${KEY}b${KEY}", "akbk"), ("${EMPTY}", ""),
        ("${_9}", "nine"), ("${NONE:-d}", "d"), ("${EMPTY:-d}", "d"), ("${KEY:-d}", "k"),
        ("${NONE:-}", ""), ("${NONE:-${KEY}!}", "k!"), ("${NONE:-$$}", "$"),
        ("${KEY:-${NONE}}", "k"),
        ("$$", "$"), ("$${KEY}", "${KEY}"), ("$$$", "$$"), ("$", "$"), ("$KEY", "$KEY"),
        ("5$", "5$"),
        ("^a$|}", "^a$|}"), ("${DOLLAR}", "${KEY}"), ("é${KEY}日", "ék日"),
    ])
    func `variables have their values`(text: String, value: String) throws {
        let text = try defaultLLM("defaults: { llm: '\(text)' }")
        #expect(try text.value(in: Self.environment) == value)
    }

    @Test(arguments: [
        "${", "${}", "${KEY", "${1A}", "${KEY-d}", "${KEY:d}", "${A B}", "${A:-${}}", "${É}",
    ])
    func `a variable that is written wrong is reported with the file`(text: String) {
        #expect(read("defaults: { llm: '\(text)' }").problems.count == 1)
    }

    @Test func `defaults in defaults come to an end`() {
        let text = String(repeating: "${A:-", count: 10_000)
        #expect(
            read("defaults: { llm: '\(text)' }").problems
                == ["1:18: 'defaults.llm' has defaults more than 16 deep"])
    }

    @Test func `an unset variable is an error where it is used`() throws {
        let text = try defaultLLM("defaults:\n  llm: a${NONE}b${NEITHER}\n")
        let error = #expect(throws: SettingsError.self) { try text.value(in: Self.environment) }
        #expect(error?.meaning == .configuration)
        #expect(
            error.map { "\($0)" } == """
                f:2:8: 'defaults.llm' needs 'NONE', which is not in the environment
                      llm: a${NONE}b${NEITHER}
                           ^
                f:2:8: 'defaults.llm' needs 'NEITHER', which is not in the environment
                      llm: a${NONE}b${NEITHER}
                           ^
                """)
    }

    private func defaultLLM(_ text: String) throws -> Text {
        try #require(try settings(text).defaults[.llmProvider])
    }
}

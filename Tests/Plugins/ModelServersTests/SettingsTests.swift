import Anthropic
import HTTP
import JSON
import OpenAI
import PluginKit
import Testing

@testable import ModelServers

@Suite struct SettingsTests {
    @Test func `what is not set comes from the environment`() throws {
        let settings = try ChatSettings(
            Configuration([:]),
            environment: ["OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://a.example/v1"])
        #expect(settings.server.base.text == "http://a.example/v1")
        #expect(settings.server.key == "k")
        #expect(settings.server.timeout == .seconds(600))
        #expect(settings.server.retries == RetryPolicy(most: 3, delay: .seconds(1)))
        #expect(settings.model == nil && settings.temperature == nil && settings.maxTokens == nil)
    }

    @Test func `what is set comes first`() throws {
        let settings = try ChatSettings(
            Configuration([
                "base_url": "http://b.example/", "api_key": "own", "model": "m", "timeout": "2s",
                "max_retries": "0", "retry_delay": "10ms", "headers": #"{"X-A":"b"}"#,
                "temperature": "0.5", "max_tokens": "7", "parameters": #"{"seed":1}"#,
            ]),
            environment: ["OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://a.example/v1"])
        #expect(settings.server.base.text == "http://b.example/")
        #expect(settings.server.key == "own")
        #expect(settings.server.timeout == .seconds(2))
        #expect(settings.server.retries == RetryPolicy(most: 0, delay: .milliseconds(10)))
        #expect(settings.server.headers.map(\.name) == ["X-A"])
        #expect(settings.model == "m" && settings.temperature == 0.5 && settings.maxTokens == 7)
        #expect(settings.parameters == ["seed": 1])
    }

    @Test func `a key that is set to nothing is none`() throws {
        let settings = try ChatSettings(
            Configuration(["api_key": "", "base_url": "http://a.example"]),
            environment: ["OPENAI_API_KEY": "k"])
        #expect(settings.server.key == nil)
    }

    @Test(
        arguments: [
            ([:], .missing("api_key", expected: "a key, here or in OPENAI_API_KEY")),
            (
                ["api_key": "abc\n"],
                .invalid(
                    "api_key", "…",
                    expected: "a key without blanks and line breaks, here or in OPENAI_API_KEY")
            ),
            (
                ["base_url": "ftp://me:secret@x"],
                .invalid("base_url", "…", expected: "an address with http:// or https://")
            ),
            (
                ["headers": #"{"X-Key": 1}"#],
                .invalid(
                    "headers", "…",
                    expected: #"a JSON object of strings, such as {"X-Team": "search"}"#)
            ),
            (
                ["temperature": "2.5"],
                .invalid("temperature", "2.5", expected: "a number from 0.0 to 2.0")
            ),
            (
                ["max_tokens": "0"],
                .invalid(
                    "max_tokens", "0", expected: "a whole number from 1 to \(Int.max)")
            ),
            (["timeout": "0"], .invalid("timeout", "0", expected: "more than nothing")),
            (
                ["parameters": "[]"],
                .invalid(
                    "parameters", "[]", expected: #"a JSON object, such as {"top_p": 0.9}"#)
            ),
        ] as [([String: String], ConfigurationError)])
    func `refuses`(settings: [String: String], error: ConfigurationError) {
        var settings = settings
        if !settings.isEmpty, settings["base_url"] == nil { settings["base_url"] = "http://a" }
        #expect(throws: error) { try ChatSettings(Configuration(settings), environment: [:]) }
    }

    @Test func `no error shows a key`() {
        let key = "sk-secret-0123456789 "
        #expect {
            try ChatSettings(Configuration(["api_key": key]), environment: [:])
        } throws: { !"\($0)".contains("sk-secret") }
        #expect {
            try ChatSettings(Configuration([:]), environment: ["OPENAI_API_KEY": key])
        } throws: { !"\($0)".contains("sk-secret") }
    }

    @Test func `unknown settings are refused by each plugin`() {
        let settings = Configuration(["modle": "x"])
        #expect(throws: ConfigurationError.self) { try ChatSettings(settings, environment: [:]) }
        #expect(throws: ConfigurationError.self) {
            try EmbeddingSettings(settings, environment: [:])
        }
        #expect(throws: ConfigurationError.self) {
            try MessagesSettings(settings, environment: [:])
        }
    }

    @Test(arguments: [
        ("https://api.anthropic.com", "v1/messages"), ("http://a/v1", "messages"),
        ("http://a/v1/", "messages"), ("http://a/x", "x/v1/messages"),
    ])
    func `Anthropic's address is known with and without the version`(
        base: String, path: String
    ) throws {
        let settings = try MessagesSettings(
            Configuration(["base_url": base, "api_key": "k", "model": "m"]), environment: [:])
        let url = try settings.server.base.appending(path: settings.path)
        #expect(url.text.hasSuffix("/\(path)"))
        #expect(!url.text.contains("v1/v1"))
    }
}

import GivenSettings
import Testing

@Suite struct GivenSettingsTests {
    private let given = GivenSettings([
        "dimension": "64", "api_key": "k-1", "url": "http://u:pw@host/", "model": "llama3:8b",
        "servers": #"[{"a":1,"b":[1.50,2]}]"#, "version": "1.10",
    ])

    @Test(arguments: [
        [:], ["dimension": "64"], ["api_key": "k-1", "model": "llama3:8b"],
        ["servers": #" [ {"b":[1.5,2e0], "a":1.0} ]"#], ["url": "http://u:pw@host/"],
    ])
    func `what is so already does not differ`(asked: [String: String]) {
        #expect(given.difference(from: asked) == nil)
    }

    @Test(arguments: [
        ("dimension", "32", "'dimension' is '64', not '32'"),
        ("dimension", "", "'dimension' is '64', not ''"),
        ("color", "red", "'color' is not set, and would be 'red'"),
        ("version", "1.1", "'version' is '1.10', not '1.1'"),
        ("api_key", "k-2", "'api_key' is another than the one given"),
        ("password", "pw", "'password' is not set"),
        ("url", "http://host/", "'url' is another than the one given"),
        ("model", #"x" -H "Authorization: y"#, "'model' is another than the one given"),
        ("servers", #"[{"a":1,"b":[2,1.5]}]"#, "'servers' is another than the one given"),
        ("servers", "[", "'servers' is another than the one given"),
    ])
    func `what differs is named, and no secret shown`(name: String, value: String, text: String) {
        #expect(given.difference(from: [name: value]) == text)
    }

    @Test func `all that differs is named`() {
        #expect(
            given.difference(from: ["model": "b", "dimension": "1", "version": "1.10"])
                == "'dimension' is '64', not '1', 'model' is 'llama3:8b', not 'b'")
    }

    @Test(arguments: [
        ("api_key", true), ("token", true), ("TOKEN_FILE", false), ("max_tokens", false),
        ("headers", true), ("monkey_business", false),
    ])
    func `secrets are known by their names`(name: String, isSecret: Bool) {
        #expect(GivenSettings.isSecret(name) == isSecret)
    }
}

import Agent
import FilterKit
import Shell
import Testing

@Suite struct CompletionTests {
    @Test(arguments: [
        (".agent ", Completion.agents), (".agent a", .agents), (".session 2026", .sessions),
        (".search ", .stores), (".search docs te", .words([])), (".plugin p", .plugins),
        (".tool e", .tools), (".set allow e", .tools), (".index no", .stores), (".save fi", .files),
        (".run ", .files), ("!cat fi", .files),
        ("|tee fi", .files), ("what is in fi", .files), (".verbose o", .words(["on", "off"])),
        (".set stream o", .words(["on", "off"])), (".set approve ", .words(Preferences.approvals)),
        (".set ", .words(Preferences.names)), (".exit ", .words([])), (".nothing x", .files),
        (".", .words(Verb.allCases.map { ".\($0)" })),
    ])
    func `a word is completed by what stands before it`(line: String, completion: Completion) {
        let start =
            line.utf8.count
            - line.split(separator: " ", omittingEmptySubsequences: false)
            .last!.utf8.count
        #expect(Completion(line, start: start) == completion)
    }

    private var preferences: Preferences {
        Preferences(AgentOverrides(), streams: nil, isStyled: true)
    }

    @Test func `settings change what they name`() throws {
        var preferences = preferences
        #expect(try preferences.set("verbose on") == false)
        #expect(preferences.isVerbose)
        #expect(try preferences.set("stream off") == false)
        #expect(preferences.streams == false)
        #expect(try preferences.set("system Be brief.") == true)
        #expect(preferences.overrides.system == "Be brief.")
        #expect(try preferences.set("timeout 5m") == true)
        #expect(preferences.overrides.longestWait == .seconds(300))
        #expect(try preferences.set("allow read_*") == true)
        #expect(preferences.overrides.permissions == ["--allow", "read_*"])
        #expect(try preferences.set("temperature=0.5") == true)
        #expect(try preferences.set("temperature=0.7") == true)
        #expect(preferences.overrides.options == ["temperature=0.7"])
        #expect(preferences.text.contains("temperature       0.7\n"))
    }

    @Test func `what was set can be taken back`() throws {
        var preferences = preferences
        for setting in [
            "verbose on", "stream off", "styling off", "model qwen3", "system Be brief.",
            "max-iterations 3", "max-tokens-total 9", "timeout 5m", "allow a", "deny b", "allow c",
            "approve never",
        ] {
            _ = try preferences.set(setting)
        }
        #expect(preferences.text.contains("timeout           300s\n"))
        _ = try preferences.set("allow default")
        #expect(preferences.overrides.permissions == ["--deny", "b", "--approve", "never"])
        for name in Preferences.names { _ = try preferences.set("\(name) default") }
        #expect(preferences.text == self.preferences.text)
        #expect(preferences.overrides.longestWait == self.preferences.overrides.longestWait)
    }

    @Test(arguments: ["=default", " default"])
    func `a setting of the plugin's can be taken back`(ending: String) throws {
        var preferences = preferences
        _ = try preferences.set("seed=1")
        _ = try preferences.set("sentences=2")
        #expect(try preferences.set("sentences\(ending)") == true)
        #expect(preferences.overrides.options == ["seed=1"])
        #expect(throws: Failure.self) { try preferences.set("sentences\(ending)") }
        #expect(throws: Failure.self) { try preferences.set("see\(ending)") }
        #expect(preferences.overrides.options == ["seed=1"])
    }

    @Test func `what the command line has given outlives what was set`() throws {
        var overrides = AgentOverrides()
        overrides.model = "qwen3"
        overrides.options = ["seed=1", "sentences=4"]
        overrides.system = "Be brief."
        overrides.permissions = ["--deny", "erase"]
        let given = Preferences(overrides, streams: true, isStyled: true)
        var preferences = given
        let settings = [
            "model other", "seed=2", "system Be long.", "stream off", "deny write", "allow read",
        ]
        for setting in settings { _ = try preferences.set(setting) }
        #expect(preferences.text.contains("model             other\n"))
        #expect(preferences.overrides.options == ["sentences=4", "seed=2"])
        for name in Preferences.names { _ = try preferences.set("\(name) default") }
        _ = try preferences.set("seed=default")
        _ = try preferences.set("sentences=default")
        #expect(preferences.overrides.model == "qwen3")
        #expect(preferences.overrides.options.sorted() == ["seed=1", "sentences=4"])
        #expect(preferences.overrides.permissions == ["--deny", "erase"])
        #expect(preferences.overrides.system == "Be brief.")
        #expect(preferences.streams == true)
    }

    @Test func `settings show no secret and no control character`() throws {
        var preferences = preferences
        _ = try preferences.set("api_key=sk-123")
        _ = try preferences.set("stop=a b")
        _ = try preferences.set("system a\u{1b}[31m")
        #expect(preferences.overrides.options == ["api_key=sk-123", "stop=a b"])
        #expect(
            Pipeline.shown(["x", "--option", "api_key=sk-123", "--option", "stop=a b"])
                == "x --option 'api_key=********' --option 'stop=a b'")
        #expect(preferences.text.contains("api_key           ********\n"))
        #expect(preferences.text.contains(#"system            a\u001b[31m"#))
    }

    @Test(arguments: [
        ("verbos on", "'verbos' is no setting, nor KEY=VALUE for the model's plugin: did you"),
        ("verbose", "'.set verbose' needs a value"),
        ("verbose maybe", "'verbose' is on or off, not 'maybe'"),
        ("max-iterations 0", "max-iterations must be a whole number of at least 1, not '0'"),
        ("timeout soon", "timeout must be a time such as 90s, not 'soon'"),
        ("approve some", "approve must be ask, always, never or hints, not 'some'"),
        ("=x", "'=x' is no setting"),
        ("seed=default", "'seed' was not set, so there is nothing to take back"),
        ("seed default", "'seed' is no setting"),
    ])
    func `a wrong setting changes nothing`(text: String, message: String) {
        var preferences = preferences
        let failure = #expect(throws: Failure.self) { try preferences.set(text) }
        #expect(failure?.message.hasPrefix(message) == true)
        #expect(preferences.text == self.preferences.text)
    }

    @Test(arguments: [
        "plain", "two\nlines", "back\\slash", "\\n", "\\\\n\n", "", "日本\n\n",
        "regex \\\u{301}n", "a\r\nb",
    ])
    func `a typed line comes back from its file as it was`(text: String) {
        let line = HistoryEntry.encoded(text)
        #expect(!line.contains(UInt8(ascii: "\n")))
        #expect(HistoryEntry.decoded(line[...]).utf8.elementsEqual(text.utf8))
    }

    @Test func `columns are as wide as they look`() {
        #expect(
            Table(rows: [["日本", "x"], ["e\u{301}", "yy"], ["abc", ""]]).text
                == "日本  x\ne\u{301}     yy\nabc   \n")
    }
}

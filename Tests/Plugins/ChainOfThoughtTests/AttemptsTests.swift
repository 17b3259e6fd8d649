import Testing

@testable import ChainOfThought

@Suite struct AttemptsTests {
    private func attempts(_ calls: (String, String, String)...) -> Attempts {
        var attempts = Attempts()
        for (name, arguments, result) in calls {
            attempts.note(name, arguments, result: result, error: nil)
        }
        return attempts
    }

    @Test func `a call is futile after its second repetition with the same result`() {
        var attempts = Attempts()
        for expected in [false, false, true, true] {
            attempts.note("read", #"{"a":1,"b":2}"#, result: "text", error: nil)
            #expect(attempts.isFutile("read", #"{"b": 2, "a": 1}"#) == expected)
        }
        #expect(!attempts.isFutile("read", #"{"a":1}"#))
        #expect(!attempts.isFutile("write", #"{"a":1,"b":2}"#))
    }

    @Test func `calls in turns are repeated too`() {
        let attempts = attempts(
            ("a", "{}", "1"), ("b", "{}", "2"), ("a", "{}", "1"), ("b", "{}", "2"), ("a", "", "1"))
        #expect(attempts.isFutile("a", "{}") && !attempts.isFutile("b", "{}"))
    }

    @Test func `a call whose result changes may go on`() {
        let attempts = attempts(("poll", "{}", "1"), ("poll", "{}", "2"), ("poll", "{}", "3"))
        #expect(!attempts.isFutile("poll", "{}"))
    }

    @Test func `the report tells what was tried and what to do`() {
        #expect(Attempts().report == "")
        var attempts = attempts(("read", #"{"path":"a"}"#, "text"))
        attempts.note("read", #"{"path":"b"}"#, result: "", error: "no such\nfile")
        #expect(
            attempts.report == """
                Tool calls so far, oldest first; their results are in the conversation:
                - read {"path":"a"}: done
                - read {"path":"b"}: failed: no such file
                """)
        attempts.note("read", #"{"path":"a"}"#, result: "text", error: nil)
        #expect(
            attempts.report.contains("- read {\"path\":\"a\"}: done, 2 times with the same result"))
        #expect(attempts.report.contains("You have repeated read {\"path\":\"a\"} and"))
        #expect(!attempts.report.contains("The run ends"))
        attempts.note("read", #"{"path":"a"}"#, result: "text", error: nil)
        #expect(attempts.report.contains("The run ends"))
    }

    @Test func `survives being saved, beside what is another's`() {
        var attempts = attempts(("a", #"{"x":"\"\n✓"}"#, "1"), ("a", #"{"x":"\"\n✓"}"#, "1"))
        attempts.note("b", "no JSON", result: "", error: "")
        var state = ["other": "kept"]
        attempts.save(in: &state)
        #expect(Attempts(savedIn: state) == attempts)
        #expect(state["other"] == "kept")
        Attempts().save(in: &state)
        #expect(state == ["other": "kept"])
    }

    @Test(arguments: [
        "", "{}", "null", "[1]", "[{}]", "[", #"[{"name":"a"}]"#,
        #"[{"name":"a","arguments":"{}","digest":"0","repetitions":-1}]"#,
    ])
    func `a state that cannot be read is forgotten`(text: String) {
        #expect(Attempts(savedIn: [Attempts.key: text]) == Attempts())
    }

    @Test func `does not grow without limit`() {
        var attempts = Attempts()
        for number in 0..<200 {
            let path = String(repeating: "x", count: 1000)
            attempts.note("a", "{\"n\":\(number),\"path\":\"\(path)\"}", result: "", error: path)
        }
        #expect(attempts.attempts.count == Attempts.most)
        #expect(attempts.report.utf8.count < 20_000)
        #expect(attempts.report.contains("\"n\":199"))
    }
}

import Testing

@testable import Configuration

/// The part of a text that a user may show to others.
struct SecretTests {
    @Test(arguments: [
        // URLs: passwords, and names in queries.
        ("https://me:pw@h:1/a", "https://me:********@h:1/a"),
        (
            "see https://h/?key=k&q=1#access_token=t now",
            "see https://h/?key=********&q=1#access_token=******** now"
        ),
        ("https://ghp_0123@h/x", "https://********@h/x"),
        ("postgres://me@h/db", "postgres://me@h/db"),
        ("postgres://me:p@ss@h/db", "postgres://me:********@h/db"),
        ("postgres://me:a/b@h/db", "postgres://me:********@h/db"),
        ("http://a:b@c http://d:e@f", "http://a:********@c http://d:********@f"),
        ("https://h/a?sig=1;b=2", "https://h/a?sig=********;b=2"),
        ("https://me:${PW}@h/?key=${KEY}", "https://me:${PW}@h/?key=${KEY}"),
        ("https://me:${PW:-abc}@h", "https://me:********@h"),
        // Options and variables.
        ("srv --token X -v", "srv --token ******** -v"), ("srv --token=X", "srv --token=********"),
        ("srv --api-key 'a b' x", "srv --api-key '********' x"), ("--token -v", "--token -v"),
        ("API_KEY=x B=1 srv", "API_KEY=******** B=1 srv"), ("--token $TOKEN", "--token $TOKEN"),
        ("env PGPASSWORD='p q' psql", "env PGPASSWORD=******** psql"),
        ("host=h password=p user=u", "host=h password=******** user=u"),
        ("hector-embed -o api_key=x --option n=1", "hector-embed -o api_key=******** --option n=1"),
        ("-oapi_key=x", "-oapi_key=********"),
        ("--url=https://a:b@c", "--url=https://a:********@c"),
        ("sh -c 'srv --secret s'", "sh -c 'srv --secret ********'"),
        ("srv --max-tokens 5 --tokenizer t", "srv --max-tokens 5 --tokenizer t"),
        ("srv --token-file f", "srv --token-file f"),
        // Passwords after -p, which is also for ports and paths.
        ("sshpass -p hunter2 ssh h", "sshpass -p ******** ssh h"),
        ("sshpass -phunter2 ssh h", "sshpass -p******** ssh h"),
        ("/usr/bin/mysql -u me -pse/cret db", "/usr/bin/mysql -u me -p******** db"),
        ("docker run -p 8080:80 -p 127.0.0.1:1:2 x", "docker run -p 8080:80 -p 127.0.0.1:1:2 x"),
        ("mkdir -p /a/b ./c", "mkdir -p /a/b ./c"), ("find -print -prune", "find -print -prune"),
        ("unzip -P s3cret a.zip", "unzip -P ******** a.zip"),
        ("srv -p $PW -p -v", "srv -p $PW -p -v"),
        // Headers.
        ("curl -H \"Authorization: Bearer x\" u", "curl -H \"Authorization: Bearer ********\" u"),
        ("curl -H 'X-Api-Key: k' -H 'Accept: a'", "curl -H 'X-Api-Key: ********' -H 'Accept: a'"),
        ("curl '-HCookie: c'", "curl '-HCookie: ********'"),
        ("Authorization: Basic eA==", "Authorization: Basic ********"),
        ("curl --header=Authorization:x", "curl --header=Authorization:********"),
        ("curl -u me:pw --user you:pw", "curl -u me:******** --user you:********"),
        ("got Bearer abcdefgh1", "got Bearer ********"),
        // Keys that are known by their form, and JSON.
        ("use sk-0123456789abcdef", "use ********"),
        (#"{"api_key": "x\"y", "n":"z"}"#, #"{"api_key": "********", "n":"z"}"#),
        // Prose.
        ("It's Paul's key, don't tell", "It's Paul's key, don't tell"),
        ("Answer in two words.", "Answer in two words."), ("", ""), ("  a \n b  ", "  a \n b  "),
        ("'", "'"), ("\"a", "\"a"), ("=x", "=x"), ("://", "://"), ("a://@", "a://@"),
    ])
    func `a text is shown without secrets`(text: String, shown: String) {
        #expect(Settings.masked(text) == shown)
        // A second pass changes nothing.
        #expect(Settings.masked(shown) == shown)
    }

    @Test func `of a list of words the one after a secret option is masked`() {
        #expect(
            Settings.masked(words: [
                "srv", "--token", "a b", "-H", "Authorization: Bearer x", "--verbose", "TOKEN=t",
                "curl --password p", "https://a:b@c/",
            ]) == [
                "srv", "--token", "********", "-H", "Authorization: Bearer ********", "--verbose",
                "TOKEN=********", "curl --password ********", "https://a:********@c/",
            ])
    }

    @Test(arguments: [
        ("      api_key: sk-1 # mine", "      api_key: ******** # mine"),
        ("  config: { api_key: \"a, b\", n: 1 }", "  config: { api_key: ********, n: 1 }"),
        ("{api_key: abc, token: 'd e'}", "{api_key: ********, token: ********}"),
        ("apikey: abc", "apikey: ********"),
        ("  Authorization: Bearer x y", "  Authorization: ********"),
        ("api_key: \"${KEY}\"", "api_key: \"${KEY}\""), ("api_key: ${KEY}", "api_key: ${KEY}"),
        ("api_key: ${KEY:-abc}", "api_key: ********"),
        ("api_key_file: ./key", "api_key_file: ./key"),
        ("api_key:", "api_key:"), ("model: gpt # a: b", "model: gpt # a: b"),
        ("base_url: http://a:b@c", "base_url: http://a:********@c"),
        ("args: [srv, -p, hunter2]", "args: [srv, -p, hunter2]"),
        ("api_key : abc", "api_key : ********"), ("api_key:abc", "api_key:********"),
        ("api_key: &k abc", "api_key: ********"), ("api_key: !!str abc", "api_key: ********"),
        ("api_key: | abc", "api_key: ********"), ("api_key: [abc", "api_key: ********"),
        (#"api_key: "a\"b" # c"#, "api_key: ******** # c"),
        (#"api_key: "a"b c"#, "api_key: ********"), ("api_key: 'a''b", "api_key: ********"),
        ("api_key: a{b,c", "api_key: ********"), ("'api_key' : a", "'api_key' : ********"),
        ("{\"api_key\":\"a\", n: 1}", "{\"api_key\":********, n: 1}"),
        ("api_key:\tabc", "api_key:\t********"), ("  api_key abc # x", "  api_key ********"),
        ("- headers", "- headers"), ("api_key", "api_key"),
    ])
    func `a line of a file is shown without secrets`(line: String, shown: String) {
        #expect(Settings.masked(line: line) == shown)
    }

    @Test(arguments: [
        "api_key:\n  abc", "api_key: &k\n\n  # x\n  abc", "a: { api_key:\nabc }",
        "api_key: |\n  x\n  abc", "a: { api_key: \"x\nabc\" }", "api_key:\n- abc",
        "api_key: x\n  abc", "- api_key: >-\n    abc",
    ])
    func `a line that goes on with a secret is not shown`(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(Settings.masked(lineAt: lines.count - 1, of: lines) == "********")
    }

    @Test func `a line after a secret is shown`() {
        let lines = ["m:", "  api_key: abc", "  model: x", "n:", "  headers:", "    Accept: y"]
        #expect(Settings.masked(lineAt: 2, of: lines) == "  model: x")
        #expect(Settings.masked(lineAt: 5, of: lines) == "    Accept: y")
    }

    @Test(arguments: ["api_key: *abc-1234", "api_key abc-1234", "api_key: ${abc1234"])
    func `an error does not quote what is not shown of its line`(line: String) {
        let text =
            "plugins:\n  llm_providers:\n    m:\n      path: x\n      config:\n        \(line)\n"
        let (_, problems) = Settings.read(
            Array(text.utf8), file: "f", directory: "/", environment: [:])
        let shown = problems.map { "\($0)" }.joined()
        #expect(problems.count == 1 && shown.contains("'********'"), "\(shown)")
        #expect(!shown.contains("1234"))
    }

    @Test func `the error about a line does not show its secret`() {
        let text = "plugins:\n  llm_providers:\n    m:\n      apikey: sk-or-not-1234\n"
        let (_, problems) = Settings.read(
            Array(text.utf8), file: "f", directory: "/", environment: [:])
        #expect(problems.count == 1)
        #expect("\(problems)".contains("unknown key 'apikey'"))
        #expect(!problems.map { "\($0)" }.joined().contains("1234"))
    }

    @Test func `a long line with many mistakes is read`() {
        // Each mistake shows the line, of which the secrets are looked for only once.
        let text = "a: {" + String(repeating: "1f, .inf", count: 2000) + "}\n"
        let (_, problems) = Settings.read(
            Array(text.utf8), file: "f", directory: "/", environment: [:])
        #expect(problems.count > 1000)
        #expect(problems.map { "\($0)" }.count == problems.count)
    }

    @Test func `of a list of words the one after -p is masked`() {
        let words = ["/usr/bin/server", "-p", "hunter2", "-p", "8080", "-P", "x"]
        #expect(
            Settings.masked(words: words)
                == ["/usr/bin/server", "-p", "********", "-p", "8080", "-P", "********"])
        #expect(Settings.masked(words: ["mysql", "-phunter2"]) == ["mysql", "-p********"])
    }

    @Test(arguments: [
        ("api_key", true), ("apiKey", true), ("API-KEY", true), ("db_pass", true), ("pwd", true),
        ("headers", true), ("env", true), ("client_secret", true), ("auth", true), ("dsn", true),
        ("max_tokens", false), ("api_key_file", false), ("token_file", false), ("bypass", false),
        ("author", false), ("path", false), ("model", false),
    ])
    func `a name is secret`(name: String, isSecret: Bool) {
        #expect(Settings.isSecret(name) == isSecret)
    }
}

import GivenSettings
import Testing

@Suite(.serialized) struct KnownSecretsTests {
    @Test func `secrets that were given are left out of texts`() {
        let added = KnownSecrets.add(settings: [
            "api_key": "known/secret+1", "model": "not-secret-model", "token": "short",
            "headers": #"{"Authorization":"Bearer known-in-header","Accept":"text/plain;q=1"}"#,
            "base_url": "http://me:known-password@host:1/v1",
        ])
        #expect(added)
        for secret in [
            "known/secret+1", "known%2Fsecret%2B1", "Bearer known-in-header", "known-in-header",
            "known-password",
        ] {
            #expect(KnownSecrets.redacted("a \(secret) b") == "a ******** b")
        }
        for text in ["not-secret-model", "short", "text/plain;q=1", "http://host:1/v1", ""] {
            #expect(KnownSecrets.redacted(text) == text)
        }
    }

    @Test func `settings without secrets add none`() {
        #expect(!KnownSecrets.add(settings: ["model": "a-long-model-name", "api_key": ""]))
        #expect(
            !KnownSecrets.add(environment: [
                "PATH": "/usr/bin", "TLS_KEY": "/home/me/key.pem", "EDITOR": "vi",
            ]))
        #expect(KnownSecrets.redacted("a-long-model-name /home/me/key.pem").hasPrefix("a-long"))
    }

    @Test(arguments: [
        // A key in Base64 that begins as a path does, and passwords of URLs.
        (["SOME_KEY": "/9j4AAQSkZJRgABAQ+ab/cd=="], "/9j4AAQSkZJRgABAQ+ab/cd=="),
        (["DATABASE_URL": "postgres://me:database%2Fpass@h/db"], "database%2Fpass"),
        (["DATABASE_URL": "postgres://me:database%2Fpass@h/db"], "database/pass"),
        // me:database/pass
        (["DATABASE_URL": "postgres://me:database%2Fpass@h/db"], "bWU6ZGF0YWJhc2UvcGFzcw=="),
        (["https_proxy": "http://me:proxy-pass-1@h"], "proxy-pass-1"),
        (["A_TOKEN": "quote\"and/slash"], #"quote\"and/slash"#),
        (["A_TOKEN": "quote\"and/slash"], #"quote\"and\/slash"#),
        (["A_TOKEN": "first-line-of-a-key\nsecond-line-of-a-key"], "second-line-of-a-key"),
    ])
    func `a secret is found in each form in which it is written`(
        environment: [String: String], form: String
    ) {
        #expect(KnownSecrets.add(environment: environment))
        #expect(KnownSecrets.redacted("a \(form) b") == "a ******** b")
    }

    @Test func `the header of a key in PEM is in every one`() {
        let header = "-----BEGIN PRIVATE KEY-----"
        KnownSecrets.add(environment: ["PEM_KEY": "\(header)\nMIIEvQIBADANBgkqhkiG\n"])
        #expect(KnownSecrets.redacted("\(header) MIIEvQIBADANBgkqhkiG") == "\(header) ********")
    }

    @Test func `a setting with a password in its URL is a secret`() {
        #expect(KnownSecrets.hasPassword(url: "https://u:pw@host/x"))
        for text in ["https://u@host", "https://host:1/a@b", "u:pw@host", "https://u:@host"] {
            #expect(!KnownSecrets.hasPassword(url: text))
        }
        KnownSecrets.add(settings: ["user": "someone", "password": "basic-password"])
        // someone:basic-password
        #expect(KnownSecrets.redacted("c29tZW9uZTpiYXNpYy1wYXNzd29yZA==") == "********")
    }

    @Test func `secret variables are left out, too`() {
        #expect(KnownSecrets.add(environment: ["SOME_API_KEY": "variable-secret-1"]))
        #expect(KnownSecrets.redacted("variable-secret-1") == "********")
    }
}

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

    @Test func `secret variables are left out, too`() {
        #expect(KnownSecrets.add(environment: ["SOME_API_KEY": "variable-secret-1"]))
        #expect(KnownSecrets.redacted("variable-secret-1") == "********")
    }
}

import Shell
import Testing

@Suite struct SecretLineTests {
    @Test(arguments: [
        ".set api_key=abc", " .set api_key=abc", ".set api_key abc", ".set token=x y",
        "!curl -H 'Authorization: Bearer abcdefgh' http://h", "!export API_KEY=abc",
        "| curl -u me:pw http://h", ".set base_url=http://me:pw@h",
        "Is sk-0123456789abcdef right?",
    ])
    func `a line that sets a secret is not kept`(line: String) {
        #expect(SecretLine.hasSecret(line))
    }

    @Test(arguments: [
        ".set model gpt", ".set temperature=0.5", ".set api_key=default", "", ".history",
        "What is password: hashing?", "How do I rotate a key?", "!ls -l", ".set max_tokens=9",
    ])
    func `any other line is kept`(line: String) {
        #expect(!SecretLine.hasSecret(line))
    }
}

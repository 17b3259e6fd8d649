import Testing
import Text

@Suite struct SuggestionTests {
    @Test(
        arguments: [
            ("pth", "path"), ("PATH", "path"), ("paht", "path"), ("enable", "enabled"), ("x", nil),
            ("llm_provider", "llm_providers"), ("", nil),
        ] as [(String, String?)])
    func `a near name is suggested`(name: String, near: String?) {
        #expect(suggestion(for: name, among: ["path", "enabled", "llm_providers"]) == near)
    }
}

import Testing

/// The project's own README, whose commands are the tour that a new user takes.
struct ReadmeTests {
    @Test func `the commands of the README print what it says`() async throws {
        let result = try await Shell().run("cd $ROOT && Tests/Examples/run-readme --here README.md")
        #expect(result.errors == "")
        #expect(result.output.hasSuffix("commands print what it says\n"))
    }
}

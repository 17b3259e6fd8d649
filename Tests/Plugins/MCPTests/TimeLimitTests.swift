import JSON
import Testing

@testable import MCP

@Suite(.timeLimit(.minutes(5))) struct TimeLimitTests {
    @Test func `reports extend a limit, but not for ever`() async {
        let watch = ProgressWatch(longest: .seconds(6)) { _ in }
        let start = ContinuousClock.now
        let error = await failure {
            try await within(.seconds(3), extendedBy: watch) {
                while true {
                    watch.receive(["progress": 1])
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
        }
        #expect(ContinuousClock.now - start >= .seconds(6))
        #expect(
            error == "the MCP server did not answer within 3 s, and reports extend that to no more "
                + "than 6 s")
    }

    @Test func `silence after a report is a limit of its own`() async {
        let watch = ProgressWatch(longest: .seconds(60)) { _ in }
        watch.receive(["progress": 1])
        let error = await failure {
            try await within(.milliseconds(200), extendedBy: watch) {
                try await Task.sleep(for: .seconds(60))
            }
        }
        #expect(error == "the MCP server did not answer within 0.2 s of its last report")
    }
}

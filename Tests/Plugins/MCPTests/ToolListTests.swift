import JSON
import Testing

@testable import MCP

struct ToolListTests {
    @Test func `a list that is too long is refused`() throws {
        var list = ToolList()
        func page(_ numbers: Range<Int>) -> Value {
            .array(numbers.map { ["name": .string("tool-\($0)")] })
        }
        try list.add(page(0..<10_000), mirroring: false) { _ in }
        #expect(list.tools.count == 10_000)
        #expect(throws: MCPError.misbehaved("lists more than 10000 tools")) {
            try list.add(page(10_000..<10_001), mirroring: false) { _ in }
        }
    }
}

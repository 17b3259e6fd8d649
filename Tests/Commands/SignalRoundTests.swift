import Foundation
import Testing

/// Random signals at random moments. `HECTOR_SIGNAL_ROUNDS` is the number of them.
@Suite struct SignalRoundTests {
    @Test func `after random signals no process, no socket and no folder is left`() async throws {
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              llm_providers:
                model: { path: "${FOREIGN}/python-llm", config: { obeys: echo } }
              tool_providers:
                tools: { path: "${FOREIGN}/python-tools" }
            document_stores:
              notes: { path: ./notes }
            agents:
              a: { llm: extractive-llm, document_stores: [notes] }
              t: { llm: model, tools: [tools] }

            """, to: "hector.yaml")
        let rounds = ProcessInfo.processInfo.environment["HECTOR_SIGNAL_ROUNDS"] ?? "24"
        let seed = UInt32.random(in: 0..<1_000_000)
        let result = try await shell.run(
            """
            mkdir notes
            for i in $(seq 200); do echo "Rotate key $i twice a year. $RANDOM" > notes/$i.md; done
            hector index run notes -q
            python3 $ROOT/Tests/Foreign/python/rounds.py \(rounds) \(seed)
            """)
        #expect(result.lines == ["\(rounds) rounds"], "\(result.output)\(result.errors)")
        #expect(shell.leftovers == [])
    }
}

import Foundation
import TestSupport
import Testing

/// Every parser with inputs that others could have made: none ends the process, takes long or takes
/// much memory.
@Suite(.serialized, .timeLimit(.minutes(60))) struct FuzzTests {
    @Test(arguments: FuzzTarget.allCases)
    func `a parser stands whatever it is given`(target: FuzzTarget) async throws {
        let folder = try TemporaryFolder()
        let batch = Batch(target, in: folder.path)
        let result = await #expect(processExitsWith: .success) { [batch = batch as Batch] in
            await batch.run()
        }
        if result == nil { Issue.record("\(batch.report())") }
        let count = (batch.last ?? -1) - batch.first + 1
        if ProcessInfo.processInfo.environment["HECTOR_FUZZ_SECONDS"] != nil {
            print("\(target): \(count) inputs of seed \(batch.seed)")
        }
        // All good inputs are among them: one that takes the whole time would hide the others.
        #expect(count >= target.mutator.corpus.count)
    }

    @Test(arguments: FuzzTarget.allCases)
    func `the corpus of a parser is there, and inputs can be made again`(target: FuzzTarget) {
        let mutator = target.mutator
        let isThere = mutator.corpus.contains { !$0.isEmpty }
        #expect(isThere)
        for number in [0, 1000, 123_456] {
            #expect(mutator.input(number, seed: 7) == mutator.input(number, seed: 7))
        }
        #expect(mutator.input(5000, seed: 7) != mutator.input(5001, seed: 7))
    }
}

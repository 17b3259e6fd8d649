import Synchronization
import Testing

@testable import FilterKit

@Suite struct SequencerTests {
    @Test func `units come out in the order they began`() async {
        let sequencer = Sequencer(isOrdered: true)
        let numbers = (0..<4).map { _ in sequencer.begin(size: 1) }
        for number in numbers.reversed() { sequencer.finish(number, size: 1, output("\(number)")) }
        sequencer.close()
        #expect(await rest(of: sequencer) == "0123")
    }

    @Test func `without order they come out as they end`() async {
        let sequencer = Sequencer(isOrdered: false)
        let numbers = (0..<4).map { _ in sequencer.begin(size: 1) }
        for number in numbers.reversed() { sequencer.finish(number, size: 1, output("\(number)")) }
        sequencer.close()
        #expect(await rest(of: sequencer) == "3210")
    }

    @Test func `nothing is written after the last`() async {
        let sequencer = Sequencer(isOrdered: true)
        let numbers = (0..<3).map { _ in sequencer.begin(size: 1) }
        var last = output("1")
        last.isLast = true
        sequencer.finish(numbers[2], size: 1, output("2"))
        sequencer.finish(numbers[1], size: 1, last)
        #expect(!sequencer.isOver)
        sequencer.finish(numbers[0], size: 1, output("0"))
        #expect(sequencer.isOver)
        #expect(await rest(of: sequencer) == "01")
        #expect(await !sequencer.waitForTurn(parallel: 1))
    }

    @Test func `only so many run at once`() async {
        let sequencer = Sequencer(isOrdered: true)
        #expect(await sequencer.waitForTurn(parallel: 2))
        let first = sequencer.begin(size: 1)
        #expect(await sequencer.waitForTurn(parallel: 2))
        _ = sequencer.begin(size: 1)
        async let turn = sequencer.waitForTurn(parallel: 2)
        sequencer.finish(first, size: 1, output(""))
        #expect(await turn)
    }

    @Test func `nothing begins while too much waits to be written`() async {
        let sequencer = Sequencer(isOrdered: true)
        let number = sequencer.begin(size: 0)
        var large = Sequencer.Output()
        large.records = [UInt8](repeating: 0, count: 65 << 20)
        sequencer.finish(number, size: 0, large)
        async let turn = sequencer.waitForTurn(parallel: 2)
        sequencer.release(await sequencer.take())
        #expect(await turn)
    }

    @Test func `what holds others back is reported once`() async {
        let reports = Reports()
        let sequencer = Sequencer(isOrdered: true, window: 1000) { waiting in
            reports.waiting.withLock { $0.append(waiting) }
        }
        _ = sequencer.begin(size: 1)
        let numbers = (0..<5).map { _ in sequencer.begin(size: 1) }
        let turn = Task { await sequencer.waitForTurn(parallel: 8) }
        for number in numbers {
            sequencer.finish(number, size: 1, output(String(repeating: "x", count: 200)))
        }
        turn.cancel()
        _ = await turn.value
        #expect(reports.waiting.withLock { $0.count } <= 1)
        let again = Task { await sequencer.waitForTurn(parallel: 8) }
        while reports.waiting.withLock({ $0.isEmpty }) { await Task.yield() }
        again.cancel()
        _ = await again.value
        #expect(reports.waiting.withLock { $0.count } == 1)
    }

    @Test func `what the window has no room for waits in a file`() async throws {
        let sequencer = Sequencer(
            isOrdered: true, window: 3000, spill: try SpilledOutputs(in: "/tmp"))
        let first = sequencer.begin(size: 1)
        for number in 1...9 {
            #expect(await sequencer.waitForTurn(parallel: 8))
            let unit = sequencer.begin(size: 1)
            var output = output(String(repeating: "\(number)", count: 2000))
            output.errors = Array("e\(number)".utf8)
            sequencer.finish(unit, size: 1, output)
        }
        sequencer.finish(first, size: 1, output("0"))
        sequencer.close()
        let outputs = try await sequencer.take().map(sequencer.loaded)
        #expect(
            outputs.map { String(decoding: $0.records, as: UTF8.self) }
                == ["0"] + (1...9).map { String(repeating: "\($0)", count: 2000) })
        #expect(
            outputs.map { String(decoding: $0.errors, as: UTF8.self) }
                == [""] + (1...9).map { "e\($0)" })
    }

    private final class Reports: Sendable {
        let waiting = Mutex([Int]())
    }

    @Test func `waiting for a turn ends when the task is cancelled`() async {
        let sequencer = Sequencer(isOrdered: true)
        _ = sequencer.begin(size: 0)
        let waiting = Task { await sequencer.waitForTurn(parallel: 1) }
        waiting.cancel()
        #expect(await !waiting.value)
    }

    private func output(_ text: String) -> Sequencer.Output {
        var output = Sequencer.Output()
        output.records = Array(text.utf8)
        return output
    }

    private func rest(of sequencer: Sequencer) async -> String {
        var text = ""
        while true {
            let outputs = await sequencer.take()
            if outputs.isEmpty { return text }
            text += outputs.map { String(decoding: $0.records, as: UTF8.self) }.joined()
            sequencer.release(outputs)
        }
    }
}

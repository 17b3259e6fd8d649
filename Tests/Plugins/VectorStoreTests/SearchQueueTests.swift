import Synchronization
import TestSupport
import Testing
import Waiting

@testable import VectorStore

@Suite(.timeLimit(.minutes(10))) struct SearchQueueTests {
    /// A gate at which threads wait.
    private final class Gate: Sendable {
        private let isOpen = Monitor(false)
        private let reached = Latch<Void>()

        func open() {
            isOpen.withLock { $0 = true }
            isOpen.signal()
        }

        /// Blocks a thread until the gate is open.
        func pass() {
            reached.set()
            _ = isOpen.wait { $0 ? true : nil }
            isOpen.signal()
        }

        /// Waits for the first thread at the gate.
        func isReached() async { await reached.waitRegardless() }
    }

    private final class Journal: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func note(_ line: String) { lines.withLock { $0.append(line) } }
    }

    @Test(arguments: [1, 2, 7, 100, 1000])
    func `results come in the order of their items`(slice: Int) async throws {
        let queue = SearchQueue<Int>(threads: 4)
        let items = Array(0..<100)
        let results = try await queue.perform(items, slice: slice, for: 1) { items, _ in
            #expect(items.count <= slice)
            return items.map { $0 * 2 }
        }
        #expect(results == items.map { $0 * 2 })
        let none = try await queue.perform([Int](), slice: slice, for: 1) { items, _ in items }
        #expect(none.isEmpty && queue.count == 0)
    }

    @Test func `callers take turns`() async throws {
        let queue = SearchQueue<String>(threads: 1)
        let (gate, journal) = (Gate(), Journal())
        // What `perform` adds is in the queue when an immediate task has returned.
        func search(_ items: [String], for caller: String?) -> Task<[String], any Error> {
            Task.immediate {
                try await queue.perform(items, slice: 2, for: caller) { items, _ in
                    journal.note(items.joined())
                    return items
                }
            }
        }
        let first = Task.immediate {
            try await queue.perform([0], slice: 1, for: "first") { items, _ in
                gate.pass()
                return items
            }
        }
        await gate.isReached()
        let many = search(["a", "b", "c", "d", "e", "f", "g"], for: "many")
        let again = search(["h"], for: "many")
        let one = search(["1"], for: "one")
        let alone = search(["x", "y", "z"], for: nil)
        let other = search(["q"], for: nil)
        #expect(queue.count == 9)
        gate.open()
        _ = try await (first.value, again.value, one.value, other.value)
        try #expect(await many.value.count == 7)
        try #expect(await alone.value == ["x", "y", "z"])
        #expect(journal.all == ["ab", "1", "xy", "q", "cd", "z", "ef", "g", "h"])
    }

    @Test func `a search that is cancelled while it waits leaves at once`() async throws {
        let queue = SearchQueue<Int>(threads: 1)
        let gate = Gate()
        let first = Task.immediate {
            try await queue.perform([0], slice: 1, for: 1) { items, _ in
                gate.pass()
                return items
            }
        }
        await gate.isReached()
        let given = Task.immediate {
            try await queue.perform([1, 2, 3], slice: 1, for: 2) { items, _ in
                Issue.record("it ran")
                return items
            }
        }
        #expect(queue.count == 3)
        given.cancel()
        await #expect(throws: CancellationError.self) { try await given.value }
        #expect(queue.count == 0)
        gate.open()
        try #expect(await first.value == [0])
    }

    @Test func `a task that is already cancelled does not search`() async throws {
        let queue = SearchQueue<Int>(threads: 1)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await queue.perform([1], slice: 1, for: 1) { items, _ in
                Issue.record("it ran")
                return items
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `a search that runs sees that it was cancelled`() async throws {
        let queue = SearchQueue<Int>(threads: 2)
        let started = Latch<Void>()
        let task = Task {
            try await queue.perform(Array(0..<10), slice: 1, for: 1) { items, cancellation in
                started.set()
                while !cancellation.isCancelled {}
                return items
            }
        }
        await started.waitRegardless()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(queue.count == 0)
        // The threads are free again.
        try #expect(await queue.perform([5], slice: 1, for: 1) { items, _ in items } == [5])
    }

    @Test func `an error ends the whole search`() async throws {
        struct Failure: Error {}
        let queue = SearchQueue<Int>(threads: 1)
        let journal = Journal()
        await #expect(throws: Failure.self) {
            try await queue.perform(Array(0..<10), slice: 1, for: 1) { items, _ in
                journal.note("\(items[0])")
                if items[0] == 2 { throw Failure() }
                return items
            }
        }
        #expect(journal.all == ["0", "1", "2"])
    }

    @Test func `slices run on several threads`() async throws {
        let queue = SearchQueue<Int>(threads: 2)
        let present = Monitor(0)
        _ = try await queue.perform([1, 2], slice: 1, for: 1) { items, _ in
            // Returns only when both are here.
            present.withLock { $0 += 1 }
            present.signal()
            _ = present.wait { $0 == 2 ? true : nil }
            present.signal()
            return items
        }
    }

    @Test func `many searches end, whether cancelled or not`() async throws {
        let queue = SearchQueue<Int>(threads: 3)
        try await withThrowingTaskGroup { group in
            for number in 0..<500 {
                group.addTask {
                    let caller = number % 5 == 0 ? nil : number % 7
                    let search = Task {
                        try await queue.perform(
                            Array(0..<number % 20), slice: 3, for: caller
                        ) { items, _ in items }
                    }
                    if number % 3 == 0 { search.cancel() }
                    do {
                        try #expect(await search.value == Array(0..<number % 20))
                    } catch is CancellationError {
                        #expect(number % 3 == 0)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(queue.count == 0)
    }
}

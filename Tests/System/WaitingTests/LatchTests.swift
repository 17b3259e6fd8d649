import Testing
import Waiting

@Suite struct LatchTests {
    @Test func `all who wait get the value that was set first`() async {
        let latch = Latch<Int>()
        await withTaskGroup(of: Int?.self) { group in
            for number in 0..<10 {
                group.addTask {
                    number % 2 == 0 ? await latch.wait() : await latch.waitRegardless()
                }
            }
            latch.set(1)
            latch.set(2)
            for await value in group { #expect(value == 1) }
        }
        #expect(latch.value == 1)
        #expect(await latch.wait() == 1)
    }

    @Test func `a task that is cancelled waits no longer, unless it has to`() async {
        let latch = Latch<Int>()
        let impatient = Task { await latch.wait() }
        let patient = Task { await latch.waitRegardless() }
        impatient.cancel()
        patient.cancel()
        #expect(await impatient.value == nil)
        latch.set(3)
        #expect(await patient.value == 3)
    }

    @Test func `a wait may have an end`() async {
        let latch = Latch<Void>()
        #expect(await latch.wait(atMost: .milliseconds(1)) == nil)
        latch.set()
        #expect(await latch.wait(atMost: .seconds(1000)) != nil)
    }

    @Test func `what a thread comes to can be waited for`() async {
        #expect(await Latch.onThread { 7 }.wait() == 7)
    }
}

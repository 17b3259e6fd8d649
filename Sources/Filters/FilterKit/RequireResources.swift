internal import Synchronization
internal import Unix

/// Ends the process if limits keep it from what every program takes. Before the first task, for
/// which the runtime would end it without a word, or wait for ever.
package func requireResources() {
    saveAddressSpace()
    do throws(ResourceShortage) { try ResourceNeed.program.check() } catch {
        endProcess(after: error)
    }
    if ResourceNeed.areDescriptorsScarce { takeTimer() }
}

/// Has the runtime open what its timers need, which it does with the first of them: it would end
/// the process if the program had taken the last descriptor by then.
private func takeTimer() {
    let pause = Pause()
    Task {
        try? await Task.sleep(for: .nanoseconds(1))
        pause.isOver.store(true, ordering: .releasing)
    }
    // Nothing else runs yet, and there is no queue to wait in.
    while !pause.isOver.load(ordering: .acquiring) { yieldThread() }
}

private final class Pause: Sendable {
    let isOver = Atomic(false)
}

internal import Synchronization
internal import Unix

/// Ends the process if limits keep it from getting resources that every program needs. This comes
/// before the first task, for which the runtime would end the process without a message, or wait
/// forever.
package func requireResources() {
    saveAddressSpace()
    do throws(ResourceShortage) { try ResourceNeed.program.check() } catch {
        endProcess(after: error)
    }
    if ResourceNeed.areDescriptorsScarce { takeTimer() }
}

/// Makes the runtime open the descriptors of its timers, which it does with the first timer. It
/// would end the process if the program had taken the last descriptor by then.
private func takeTimer() {
    let pause = Pause()
    Task {
        try? await Task.sleep(for: .nanoseconds(1))
        pause.isOver.store(true, ordering: .releasing)
    }
    // Nothing else is running yet, and there is no queue to wait in.
    while !pause.isOver.load(ordering: .acquiring) { yieldThread() }
}

private final class Pause: Sendable {
    let isOver = Atomic(false)
}

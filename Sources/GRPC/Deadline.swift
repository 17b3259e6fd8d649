import CGRPC

extension gpr_timespec {
    /// A point on the monotonic clock, which nobody sets.
    ///
    /// - Parameter timeout: Counted from now; nil is never.
    init(deadlineAfter timeout: Duration?) {
        guard let (seconds, attoseconds) = timeout?.components else {
            self = gpr_inf_future(GPR_CLOCK_MONOTONIC)
            return
        }
        let span = gpr_timespec(
            tv_sec: seconds, tv_nsec: Int32(attoseconds / 1_000_000_000), clock_type: GPR_TIMESPAN)
        // Saturates, so that no duration is too long.
        self = gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), span)
    }
}

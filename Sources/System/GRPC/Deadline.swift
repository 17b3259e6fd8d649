import CGRPC

extension gpr_timespec {
    /// A point on the monotonic clock, which is never set back or forward.
    ///
    /// - Parameter timeout: The time from now; nil for no deadline.
    init(deadlineAfter timeout: Duration?) {
        guard let (seconds, attoseconds) = timeout?.components else {
            self = gpr_inf_future(GPR_CLOCK_MONOTONIC)
            return
        }
        let span = gpr_timespec(
            tv_sec: seconds, tv_nsec: Int32(attoseconds / 1_000_000_000), clock_type: GPR_TIMESPAN)
        // Saturates, so a duration cannot be too long.
        self = gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), span)
    }

    /// True if the point is in the past. Core counts in milliseconds and may be one early.
    var isPast: Bool {
        let span = gpr_timespec(tv_sec: 0, tv_nsec: 5_000_000, clock_type: GPR_TIMESPAN)
        return gpr_time_cmp(gpr_time_add(gpr_now(clock_type), span), self) >= 0
    }
}

import CUnix
import Glibc

/// A point in time, printed in UTC as RFC 3339 with six digits, which is what hclog parses.
package struct Timestamp: Sendable, CustomStringConvertible {
    /// The microseconds since 1970.
    package let microseconds: Int

    package init(microseconds: Int) { self.microseconds = microseconds }

    /// The current time.
    package static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: time.tv_sec * 1_000_000 + time.tv_nsec / 1000)
    }

    package var description: String {
        let (days, time) = Self.divide(microseconds, by: 86_400_000_000)
        let (seconds, fraction) = (time / 1_000_000, time % 1_000_000)
        let (year, month, day) = Self.date(days)
        return Self.digits(year, 4) + "-" + Self.digits(month, 2) + "-" + Self.digits(day, 2)
            + "T" + Self.digits(seconds / 3600, 2) + ":" + Self.digits(seconds / 60 % 60, 2)
            + ":" + Self.digits(seconds % 60, 2) + "." + Self.digits(fraction, 6) + "Z"
    }

    /// Returns the Gregorian date of a day counted from 1970-01-01.
    ///
    /// Years are taken to begin in March, so that the leap day is the last: Howard Hinnant,
    /// "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    private static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = divide(days + 719_468, by: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let isNextYear = month >= 10
        return (
            era * 400 + yearOfEra + (isNextYear ? 1 : 0), isNextYear ? month - 9 : month + 3, day
        )
    }

    /// Divides with rounding towards the past.
    private static func divide(_ value: Int, by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func digits(_ value: Int, _ count: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
}

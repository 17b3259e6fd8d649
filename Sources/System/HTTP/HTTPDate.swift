import CCurl
import Glibc

/// Reads a date in any of the three forms of RFC 9110, section 5.6.7.
///
/// - Returns: Seconds since 1970, or nil if it is not a date.
package func secondsSince1970(httpDate text: String) -> Int? {
    let time = curl_getdate(text, nil)
    return time < 0 ? nil : time
}

/// The current time.
package var secondsSince1970: Int { time(nil) }

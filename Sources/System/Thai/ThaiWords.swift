internal import CThai
internal import Synchronization

/// The boundaries of Thai words, which are written without spaces, by a dictionary.
package enum ThaiWords {
    // The dictionary is read once and stays. The library does not say that threads may share it.
    private static let breaker = Mutex<Breaker>(Breaker())

    private struct Breaker: @unchecked Sendable {
        // Used only under the lock.
        var raw: OpaquePointer?
        var isLoaded = false
    }

    /// Returns the places between words, as indices of the characters before which a word begins.
    ///
    /// - Returns: None if there is no dictionary.
    package static func breaks(in text: [UInt32]) -> [Int] {
        breaker.withLock { breaker in
            if !breaker.isLoaded {
                breaker.raw = th_brk_new(nil)
                breaker.isLoaded = true
            }
            guard let raw = breaker.raw, !text.isEmpty else { return [] }
            var places = [Int32](repeating: 0, count: text.count)
            // The library reads up to a NUL.
            let letters = text.map { thwchar_t($0) } + [0]
            let count = th_brk_wc_find_breaks(raw, letters, &places, places.count)
            return places.prefix(max(0, Int(count))).map { Int($0) }
        }
    }
}

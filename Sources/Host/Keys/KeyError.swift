/// The reason why there is no value for a key.
package struct KeyError: Error, Equatable {
    /// In lower case, without a full stop, and without any part of the key.
    package let message: String

    /// True if others could have read the key, false if there is a mistake in the configuration.
    package let isExposure: Bool

    package init(_ message: String, isExposure: Bool = false) {
        self.message = message
        self.isExposure = isExposure
    }
}

extension KeyError: CustomStringConvertible {
    package var description: String { message }
}

/// A lock that cannot be read or kept, or a plugin that is not what its lock says.
package struct PluginLockError: Error, Equatable {
    /// In lower case and without a full stop.
    package let message: String

    package init(_ message: String) {
        self.message = message
    }
}

extension PluginLockError: CustomStringConvertible {
    package var description: String { message }
}

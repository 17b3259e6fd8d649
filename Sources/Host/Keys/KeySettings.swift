internal import Synchronization

/// The settings of a plugin whose values come from elsewhere. They are fetched once, when the plugin
/// is started for the first time.
package final class KeySettings: Sendable {
    private let sources: [String: KeySource]
    private let environment: [String: String]
    private let onMessage: @Sendable (String) -> Void
    private let fetching = Mutex<Task<Result<[String: String], KeyError>, Never>?>(nil)

    /// - Parameters:
    ///   - sources: The source of each setting.
    ///   - environment: For the programs that are run.
    ///   - onMessage: Gets each line that these programs write to standard error.
    package init(
        _ sources: [String: KeySource], environment: [String: String],
        onMessage: @escaping @Sendable (String) -> Void
    ) {
        self.sources = sources
        self.environment = environment
        self.onMessage = onMessage
    }

    package var isEmpty: Bool { sources.isEmpty }

    package var names: [String] { sources.keys.sorted() }

    /// Returns the values. The first call fetches them, and the others wait for it.
    package func values() async throws(KeyError) -> [String: String] {
        if sources.isEmpty { return [:] }
        let task = fetching.withLock { fetching in
            if let task = fetching { return task }
            let task = Task { await fetch() }
            fetching = task
            return task
        }
        return try await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }.get()
    }

    private func fetch() async -> Result<[String: String], KeyError> {
        var values: [String: String] = [:]
        for name in names {
            do throws(KeyError) {
                values[name] = try await sources[name]?.value(environment, onMessage: onMessage)
            } catch {
                return .failure(
                    KeyError(
                        "no value for '\(name)': \(error.message)", isExposure: error.isExposure)
                )
            }
        }
        return .success(values)
    }
}

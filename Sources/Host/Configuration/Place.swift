package import YAML

/// The place of a value in a file, and its name there.
package struct Place: Sendable {
    /// The keys that lead there, such as `plugins.llm_providers.my-llm.path`.
    package let name: String

    package let mark: Mark

    let source: Source

    package func error(_ problem: String) -> YAMLError { source.error(problem, at: mark) }
}

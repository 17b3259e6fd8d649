import Configuration
import FilterKit
import JSON
import PluginFilterKit
import PluginHost
import Unix

/// The records on standard input, the first of which may decide how all are treated.
struct RecordInput: Sendable {
    let reader: LineReader

    init(_ filtering: FilterOptions) { reader = LineReader(filtering) }

    /// Waits for the first line that is not blank. Returns nil at the end of input, and for a line
    /// that is too long.
    private func firstLine() async throws -> [UInt8]? {
        while case .bytes(let line)? = try await reader.peek() {
            if !line.allSatisfy({ $0 <= 0x20 }) { return line }
            _ = try await reader.next()
        }
        return nil
    }

    /// True if the first line is neither a record nor a broken one.
    var isPlainText: Bool {
        get async throws {
            guard let line = try await firstLine() else { return false }
            let isObject = line.first { $0 > 0x20 } == UInt8(ascii: "{")
            return !isObject && (try? Record(line)) == nil
        }
    }

    /// The model that the first line asks for, if the line is from an OpenAI batch.
    private var model: String? {
        get async throws {
            guard let line = try await firstLine(), let record = try? Record(line),
                let model = record.value("body")?["model"]?.string, !model.isEmpty
            else { return nil }
            return model
        }
    }

    /// Finds the plugin that the options choose. If the only thing it lacks is a setting `model`,
    /// it gets the model of the first line.
    ///
    /// - Returns: The plugin, and whether its model is that of the first line.
    /// - Throws: `Failure`.
    func plugin(_ options: PluginOptions) async throws -> (Specification, isOfLine: Bool) {
        do { return (try options.find(.llmProvider), false) } catch {
            var options = options
            options.option.append("model=?")
            guard (try? options.find(.llmProvider)) != nil, let model = try await model else {
                throw error
            }
            options.option.append("model=\(model)")
            return (try options.find(.llmProvider), true)
        }
    }
}

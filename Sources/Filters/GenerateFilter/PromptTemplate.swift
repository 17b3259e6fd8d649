internal import Configuration
package import FilterKit
internal import JSON
package import JSONSchema
internal import PluginFilterKit
internal import Unix
internal import YAML

/// A prompt kept in a file in the format of `llm`: YAML with `$variables`.
package struct PromptTemplate: Sendable {
    /// The variable that stands for the given text.
    package static let input = "input"

    package let name: String
    package private(set) var prompt: VariableText?
    package private(set) var system: VariableText?
    package private(set) var schema: Schema?
    package private(set) var model: String?
    package private(set) var extracts = false

    /// Settings for each call.
    package private(set) var options: [String: String] = [:]

    /// The values of variables that are not given.
    package private(set) var defaults: [String: String] = [:]

    private static let largestFile = 1 << 20

    /// - Parameters:
    ///   - name: The name of a file in the templates' folder, without `.yaml`; or a path, with a
    ///     slash.
    /// - Throws: An error if there is no such file, if other users may change it, or for each
    ///   mistake in it.
    package init(named name: String, environment: [String: String] = Environment.current)
        throws(Failure)
    {
        let path: String
        if name.contains("/") {
            path = name
        } else {
            guard let folder = BaseDirectories(environment: environment).configuration else {
                throw Failure(.configuration, "cannot find the templates: HOME is not set")
            }
            path = "\(folder)/hector/templates/\(name).yaml"
        }
        let bytes: [UInt8]
        do {
            let (contents, file) = try File.readText(path, limit: Self.largestFile)
            if !name.contains("/"), let danger = file.danger {
                throw Failure(
                    .notPermitted,
                    "'\(path)' \(danger), so it is not used; name its path if you trust it")
            }
            bytes = contents
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.configuration, "no template '\(name)': \(error)")
        }
        try self.init(bytes, file: path, name: name)
    }

    /// - Parameter file: The file's name for messages.
    package init(_ bytes: [UInt8], file: String, name: String) throws(Failure) {
        self.name = name
        do {
            let source = try Source(bytes, file: file)
            var problems: [YAMLError] = []
            let documents = try source.documents(gathering: &problems)
            if let root = documents.first { read(root, source, &problems) }
            if documents.first == nil
                || (problems.isEmpty && prompt == nil && system == nil && schema == nil)
            {
                throw Failure(
                    .configuration, "\(file): expected 'prompt', 'system' or 'schema', found none")
            }
            if !problems.isEmpty {
                throw Failure(.configuration, problems.map { "\($0)" }.joined(separator: "\n"))
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.configuration, "\(error)")
        }
    }

    /// - Throws: An error for a variable without a value, or a parameter without a variable.
    func check(given parameters: [String: String]) throws(Failure) {
        let variables = (prompt?.variables ?? []).union(system?.variables ?? [])
        let known = Set(defaults.keys).union(parameters.keys).union([Self.input])
        if let missing = variables.subtracting(known).min() {
            throw Failure(
                .usage, "template '\(name)' needs parameter '\(missing)': give -p \(missing) VALUE")
        }
        if let unknown = Set(parameters.keys).subtracting(variables).min() {
            throw Failure(.usage, "template '\(name)' has no variable '$\(unknown)'")
        }
    }

    private mutating func read(_ root: Node, _ source: Source, _ problems: inout [YAMLError]) {
        // A template that is only a string is a prompt.
        if let text = root.scalar, text.kind == .string {
            prompt = VariableText(text.text)
            return
        }
        guard let entries = root.entries else {
            problems.append(
                source.error(
                    "the template is \(root.description), expected a mapping", at: root.mark))
            return
        }
        for entry in entries {
            do throws(YAMLError) {
                try read(entry, source)
            } catch {
                problems.append(error)
            }
        }
    }

    private mutating func read(_ entry: Node.Entry, _ source: Source) throws(YAMLError) {
        func expected(_ what: String) -> YAMLError {
            source.error(
                "'\(entry.key)' is \(entry.value.description), expected \(what)",
                at: entry.value.mark)
        }
        func text() throws(YAMLError) -> String {
            guard let scalar = entry.value.scalar, scalar.kind != .null else {
                throw expected("a string")
            }
            return scalar.text
        }
        func texts() throws(YAMLError) -> [String: String] {
            guard let entries = entry.value.entries else { throw expected("a mapping") }
            return Dictionary(entries.map { ($0.key, $0.value.configurationText) }) { $1 }
        }
        switch entry.key {
        case "name", "description": _ = try text()
        case "prompt": prompt = VariableText(try text())
        case "system": system = VariableText(try text())
        case "model": model = try text()
        case "options": options = try texts()
        case "defaults": defaults = try texts()
        case "extract":
            guard case .bool(let value)? = entry.value.scalar?.kind else {
                throw expected("a boolean")
            }
            extracts = value
        // The second is the name that llm uses.
        case "schema", "schema_object":
            do {
                let text = entry.value.configurationText
                schema =
                    entry.value.scalar == nil
                    ? try Schema(parsing: text) : try Schema(argument: text)
            } catch {
                throw source.error("'\(entry.key)': \(error)", at: entry.value.mark)
            }
        default:
            throw source.error(
                "unknown key '\(entry.key)', expected prompt, system, schema, options, defaults, "
                    + "model, extract, name or description", at: entry.mark)
        }
    }
}

extension Schema {
    /// Reads a schema in either form: JSON, or the short one.
    init(argument: String) throws(SchemaError) {
        // Other JSON is neither a schema nor a list of names.
        let isJSON = (try? Value(parsing: Array(argument.utf8))) != nil
        if isJSON || argument.first(where: { !$0.isWhitespace }) == "{" {
            try self.init(parsing: argument)
        } else {
            try self.init(shortForm: argument)
        }
    }
}

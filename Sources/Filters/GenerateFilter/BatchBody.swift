internal import FilterKit
internal import JSON
internal import JSONSchema
internal import PluginFilterKit

/// The requests in the `body` of a line of an OpenAI batch besides its messages and tools.
struct BatchBody {
    /// Settings for the call. Those that are null are left to the model.
    private(set) var options: [String: String] = [:]

    /// The schema that the answer has to match.
    private(set) var schema: AnswerSchema?

    /// True if the plugin is given the schema; if not, it gets the `response_format` as an option.
    private(set) var sendsSchema = true

    /// - Throws: An error for requests that are not supported.
    init(_ record: Record) throws(RecordError) {
        guard let body = record.value("body")?.object else { return }
        for (name, value) in body where value != .null && !Self.notOptions.contains(name) {
            options[name] = value.string ?? value.description
        }
        if let model = body["model"], model != .null, model.string?.isEmpty != false {
            throw RecordError(
                "invalid_body", "'body.model' is \(model.kind), not the name of a model")
        }
        if let number = body["n"], number != .null, number.int != 1 {
            throw RecordError(
                "unsupported", "'body.n' is \(number), and a record has one answer; leave it out")
        }
        if let format = body["response_format"], format != .null { try read(format) }
    }

    /// Reads a `response_format`. A schema is passed to the plugin as a schema, which the plugin
    /// understands whatever server it uses.
    private mutating func read(_ format: Value) throws(RecordError) {
        let schemaText: String
        switch format["type"]?.string {
        case "json_schema":
            options["response_format"] = nil
            guard let value = format["json_schema"]?["schema"], value.object != nil else {
                throw RecordError(
                    "invalid_body", "'body.response_format.json_schema' has no object 'schema'")
            }
            schemaText = value.description
        case "json_object":
            sendsSchema = false
            schemaText = #"{"type":"object"}"#
        case "text":
            options["response_format"] = nil
            return
        default:
            throw RecordError(
                "invalid_body",
                "'body.response_format' has no 'type' of json_schema, json_object or text")
        }
        do { schema = AnswerSchema(try Schema(parsing: schemaText)) } catch {
            throw RecordError("invalid_body", "'body.response_format': \(error)")
        }
    }

    /// The members of the body that are the conversation, or decide the form of the answer.
    private static let notOptions: Set = [
        "messages", "input", "tools", "stream", "stream_options", "n",
    ]
}

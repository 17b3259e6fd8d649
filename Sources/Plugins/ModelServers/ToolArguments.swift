package import JSON
package import PluginKit
internal import Text

extension ToolCall {
    /// The arguments as every server accepts them: an object, which is empty for anything else.
    /// Some servers answer with an error to other values, whatever the tool's result was.
    package var argumentsObject: Value {
        let value = try? Value(parsing: Array(arguments.utf8))
        return value?.object == nil ? [:] : value!
    }

    /// The JSON of that object, unchanged if the arguments are an object.
    package var sendableArguments: String {
        (try? Value(parsing: Array(arguments.utf8)))?.object == nil ? "{}" : arguments
    }
}

extension [ToolCall] {
    /// The same calls with unique ids, so that each result has its call.
    package var withUniqueIDs: [ToolCall] {
        var taken: Set<String> = []
        return map { call in
            var call = call
            var number = 2
            while !call.id.isEmpty, !taken.insert(call.id).inserted {
                let base = number == 2 ? call.id : String(call.id.dropLast("_\(number - 1)".count))
                call.id = "\(base)_\(number)"
                number += 1
            }
            return call
        }
    }
}

/// Returns a model's arguments with the usual mistakes of models corrected.
///
/// - Parameter isCut: True if the answer ended within them, in which case missing arguments stay
///   missing.
package func toolArguments(_ text: String, isCut: Bool = false) -> String {
    let text = String(text.trimmed)
    switch text {
    case "": return isCut ? "" : "{}"
    // Languages without empty objects write these, or models for a tool without arguments.
    case "null", "[]", "\"\"": return "{}"
    default: break
    }
    guard text.hasPrefix("\""), let inner = (try? Value(parsing: Array(text.utf8)))?.string,
        (try? Value(parsing: Array(inner.utf8)))?.object != nil
    else { return text }
    // The object was encoded twice.
    return inner
}

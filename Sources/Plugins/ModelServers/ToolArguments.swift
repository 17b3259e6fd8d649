package import JSON
package import PluginKit
internal import Text

extension ToolCall {
    /// The arguments as every server takes them back: an object, which is empty for what is none.
    /// Some answer with an error to anything else, whatever the tool has said to it.
    package var argumentsObject: Value {
        let value = try? Value(parsing: Array(arguments.utf8))
        return value?.object == nil ? [:] : value!
    }

    /// The JSON of the same, as it came if it is an object.
    package var sendableArguments: String {
        (try? Value(parsing: Array(arguments.utf8)))?.object == nil ? "{}" : arguments
    }
}

extension [ToolCall] {
    /// The same calls with no id there twice, so that each result has its call.
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

/// Arguments as a model may have written them, as they should be.
///
/// - Parameter isCut: True if the answer ended within them, where nothing must be made of nothing.
package func toolArguments(_ text: String, isCut: Bool = false) -> String {
    let text = String(text.trimmed)
    switch text {
    case "": return isCut ? "" : "{}"
    // What languages without empty objects write, or without arguments.
    case "null", "[]", "\"\"": return "{}"
    default: break
    }
    guard text.hasPrefix("\""), let inner = (try? Value(parsing: Array(text.utf8)))?.string,
        (try? Value(parsing: Array(inner.utf8)))?.object != nil
    else { return text }
    // Encoded twice.
    return inner
}

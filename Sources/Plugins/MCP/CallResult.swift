internal import JSON

/// A tool's answer as text for the model.
package struct CallResult: Equatable, Sendable {
    package let text: String

    /// True if the tool reports that it has failed.
    package let isError: Bool

    /// Reads the result of `tools/call`.
    init(_ result: Value) {
        // Some servers send a single block, or its text, instead of the list.
        let old = result["toolResult"]
        let content = result["content"] ?? old?["content"] ?? old ?? .null
        let isBlock = content.string != nil || content.object != nil
        let blocks = content.array ?? (isBlock ? [content] : [])
        var parts = blocks.map(Self.describe)
        // JSON that repeats the text for people is left out.
        let hasText = zip(blocks, parts).contains { block, part in
            (block["type"] ?? "text") == "text" && !part.isEmpty
        }
        if !hasText, let structured = result["structuredContent"], structured != .null {
            parts.append(structured.description)
        }
        text = parts.joined(separator: "\n")
        isError = result["isError"]?.bool ?? false
    }

    private init(text: String, isError: Bool) {
        self.text = text
        self.isError = isError
    }

    /// Returns the same result with its text changed.
    func mapText(_ change: (String) -> String) -> CallResult {
        CallResult(text: change(text), isError: isError)
    }

    private static func describe(_ block: Value) -> String {
        if let text = block.string { return text }
        let text = block["text"].flatMap { $0 == .null ? nil : $0.string ?? $0.description }
        let kind = block["type"]?.string ?? (text == nil ? "" : "text")
        switch kind {
        case "text": return text ?? ""
        case "image", "audio":
            let size = decodedSize(ofBase64: block["data"]?.string ?? "")
            return note([kind, block["mimeType"]?.string, bytes(size)])
        case "resource":
            let resource = block["resource"] ?? [:]
            let name = "resource \(resource["uri"]?.string ?? "without a URI")"
            let type = resource["mimeType"]?.string
            if let text = resource["text"]?.string { return note([name, type]) + "\n" + text }
            let size = decodedSize(ofBase64: resource["blob"]?.string ?? "")
            return note([name, type, bytes(size)])
        case "resource_link":
            return note([
                "resource \(block["uri"]?.string ?? "without a URI")",
                block["title"]?.string ?? block["name"]?.string, block["mimeType"]?.string,
                block["size"]?.int.map(bytes), block["description"]?.string,
            ])
        default: return note([kind.isEmpty ? "content without a type" : "content of type \(kind)"])
        }
    }

    /// Returns a note such as `[image, image/png, 95 bytes]`.
    private static func note(_ facts: [String?]) -> String {
        "[" + facts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ") + "]"
    }

    private static func bytes(_ count: Int) -> String { count == 1 ? "1 byte" : "\(count) bytes" }

    private static func decodedSize(ofBase64 text: String) -> Int {
        let digits = text.utf8.reduce(0) { count, byte in
            byte > 0x20 && byte != UInt8(ascii: "=") ? count + 1 : count
        }
        return digits * 3 / 4
    }
}

import Foundation
import HTTP
import Testing

/// An answer as a server has sent it, and its result: a file of `streams`, and the one of the same
/// name that ends in `expected.json`.
struct RecordedStream: Sendable, CustomTestStringConvertible {
    /// The folder and the name without its extension.
    let name: String

    /// The bytes that the server sends.
    let bytes: [UInt8]

    /// True for an answer that comes as one piece of JSON.
    let isWhole: Bool

    var text: String { String(decoding: bytes, as: UTF8.self) }

    var testDescription: String { name }

    private static let folder = Foundation.URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("streams")

    /// - Parameter name: The name with its folder: `anthropic/text`.
    init(_ name: String) throws {
        try self.init(name, Self.folder.appendingPathComponent("\(name).sse"))
    }

    private init(_ name: String, _ file: Foundation.URL) throws {
        self.name = name
        bytes = Array(try Data(contentsOf: file))
        isWhole = file.pathExtension == "json"
    }

    /// Returns all streams of a folder, by their names.
    static func all(in folder: String) -> [RecordedStream] {
        let path = Self.folder.appendingPathComponent(folder)
        let files = try! FileManager.default.contentsOfDirectory(
            at: path, includingPropertiesForKeys: nil)
        return files.filter { !$0.lastPathComponent.hasSuffix(".expected.json") }
            .sorted { $0.path < $1.path }
            .map { file in
                let name = file.deletingPathExtension().lastPathComponent
                return try! RecordedStream("\(folder)/\(name)", file)
            }
    }

    var events: [ServerEvent] {
        get throws {
            var stream = EventStream()
            return try stream.receive(bytes)
        }
    }

    var expected: Expected {
        get throws {
            try JSONDecoder().decode(
                Expected.self,
                from: Data(contentsOf: Self.folder.appendingPathComponent("\(name).expected.json")))
        }
    }

    /// The expected result of a stream. A missing member means an empty value.
    struct Expected: Decodable, Sendable {
        /// The reason for this case.
        let comment: String

        /// The report of the case: a repository and the number of an issue or a pull request.
        let report: String?

        /// The names of the tools that the model was offered.
        let tools: [String]?

        /// The status in the answer's head; if nil, 200 and the type that fits the form of the
        /// body.
        let status: Int?
        let type: String?

        let text: String?
        let reasoning: String?

        /// The details that have to go back to the server, whose address is `%`.
        let details: Details?
        let calls: [Call]?
        let finishReason: String?
        let usage: [String: Int]?
        let error: Failure?

        struct Call: Decodable, Sendable {
            let id, name, arguments: String
        }

        struct Failure: Decodable, Sendable {
            /// The name of the kind of a ``CallError``, if the error has one.
            let kind: String?

            /// The message, with `%` for the server's address.
            let message: String
        }

        private enum CodingKeys: String, CodingKey {
            case comment, report, tools, status, type, text, reasoning, details, calls, usage, error
            case finishReason = "finish_reason"
        }
    }

    /// JSON whose numbers are all integers.
    indirect enum Details: Decodable, Equatable, Sendable {
        case object([String: Details])
        case array([Details])
        case number(Int)
        case text(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let object = try? container.decode([String: Details].self) {
                self = .object(object)
            } else if let array = try? container.decode([Details].self) {
                self = .array(array)
            } else if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }
    }
}

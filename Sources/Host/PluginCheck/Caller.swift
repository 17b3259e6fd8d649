internal import GRPC
internal import PluginHost
internal import SwiftProtobuf

/// A caller of the methods of a process that reports problems with the answers.
struct Caller: Sendable {
    let process: BareProcess

    /// The service of the plugin's kind.
    let service: String

    /// The longest time for one call.
    let timeout: Duration

    /// Calls a method of the plugin's own service.
    ///
    /// - Throws: `Finding`.
    func call<Response: Message>(
        _ method: String, _ request: some Message = Google_Protobuf_Empty()
    ) async throws(Finding) -> Response {
        let bytes: [UInt8]
        do throws(GRPCError) {
            bytes = try await send("/\(service)/\(method)", encoded(request))
        } catch {
            throw await finding(error, method)
        }
        return try decoded(bytes, method)
    }

    /// Calls a method of another service; nil if the plugin does not have it.
    ///
    /// - Throws: `Finding`.
    func callIfServed<Response: Message>(
        _ path: String, _ request: some Message
    ) async throws(Finding) -> Response? {
        let method = String(path.split(separator: "/").last ?? "")
        let bytes: [UInt8]
        do throws(GRPCError) {
            bytes = try await send(path, encoded(request))
        } catch  where error.code == .unimplemented {
            return nil
        } catch {
            throw await finding(error, method)
        }
        return try decoded(bytes, method)
    }

    func send(_ path: String, _ bytes: [UInt8]) async throws(GRPCError) -> [UInt8] {
        try await process.channel.unary(path, bytes, timeout: timeout)
    }

    /// Returns the wire form of a message. Our own messages always have one.
    func encoded(_ message: some Message) -> [UInt8] { (try? message.serializedBytes()) ?? [] }

    func decoded<Response: Message>(
        _ bytes: [UInt8], _ method: String
    ) throws(Finding) -> Response {
        do { return try decodeAnswer(bytes) } catch {
            throw Finding("\(method) answered \(error.problem)")
        }
    }

    /// The last lines of the plugin's standard error, if there are any, for a finding.
    var lastWords: [(name: String, text: String)] {
        let lines = process.lastWords
        return lines.isEmpty ? [] : [("last_words", lines.joined(separator: "\n"))]
    }

    /// Returns the finding about the plugin from a call that failed.
    func finding(_ error: GRPCError, _ method: String) async -> Finding {
        // The connection breaks a moment before the end of the process is visible.
        let longestWait: Duration = error.code == .unavailable ? .seconds(1) : .zero
        if let ending = await process.ending(within: longestWait) {
            return Finding("the plugin \(ending) during \(method)", lastWords)
        }
        if error.isPastDeadline {
            var finding = Finding("\(method) did not answer within \(timeout)")
            finding.isSilence = true
            return finding
        }
        return Finding(
            "\(method) failed with \(error.code)",
            [("status", "\(error.code)"), ("status_message", error.message)])
    }
}

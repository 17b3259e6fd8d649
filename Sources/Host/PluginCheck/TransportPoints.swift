internal import GRPC
internal import Glibc
internal import Messages
internal import PluginHost
internal import SwiftProtobuf
internal import Unix

/// Returns the points about transport that apply to every kind of plugin.
func transportPoints(_ subject: Subject) -> [Point] {
    [
        Point("a method that there is not is UNIMPLEMENTED", quietly: checkUnknownMethod),
        Point("a message of 1 MiB is taken") { caller in
            if let error = await refusal(caller, ofMiB: 1) {
                throw await caller.finding(error, "Health with 1 MiB")
            }
            return []
        },
        Point("a message over 4 MiB is taken or refused with RESOURCE_EXHAUSTED") { caller in
            guard let error = await refusal(caller, ofMiB: 5) else { return ["it is taken"] }
            guard error.code == .resourceExhausted else {
                throw await caller.finding(error, "Health with 5 MiB")
            }
            return ["it is refused: \(error.message)"]
        },
        Point("what is printed can be read with StreamStdio", quietly: checkPrints),
    ]
}

private func checkUnknownMethod(_ caller: Caller) async throws {
    let path = "/\(caller.service)/HectorCheckNoSuchMethod"
    do throws(GRPCError) {
        _ = try await caller.send(path, [])
    } catch {
        if error.code == .unimplemented { return }
        throw await caller.finding(error, "HectorCheckNoSuchMethod")
    }
    throw Finding("a method that cannot be there answered", expected: "UNIMPLEMENTED", found: "OK")
}

/// Sends a request of that size. It consists of unknown fields, which do not cost the plugin
/// anything else.
private func refusal(_ caller: Caller, ofMiB size: Int) async -> GRPCError? {
    let padding = [UInt8](repeating: UInt8(ascii: "x"), count: size << 20)
    // A field of bytes with the number 1000: its key, its length, its bytes.
    var request: [UInt8] = []
    for number in [1000 << 3 | 2, padding.count] {
        var rest = number
        while rest > 0x7f {
            request.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        request.append(UInt8(rest))
    }
    do throws(GRPCError) {
        _ = try await caller.send("/\(caller.service)/Health", request + padding)
        return nil
    } catch {
        return error
    }
}

private func checkPrints(_ caller: Caller) async throws {
    switch caller.process.prints {
    case .areRead: return
    case .haveEnded: throw Finding("StreamStdio has ended while the plugin runs")
    case .cannotBeRead(let error) where error.code == .unimplemented:
        throw Inapplicable("there is no GRPCStdio")
    case .cannotBeRead(let error):
        throw await caller.finding(error, "StreamStdio")
    }
}

/// The number of calls made in parallel.
let sideBySide = 32

/// Makes calls in parallel, each with its number.
///
/// - Throws: The error of the first call to fail.
func callSideBySide(_ body: @escaping @Sendable (Int) async throws -> Void) async throws {
    try await withThrowingTaskGroup { group in
        for number in 0..<sideBySide { group.addTask { try await body(number) } }
        try await group.waitForAll()
    }
}

/// Returns a point for calls of a method that are cancelled before they are answered.
func cancellationPoint(
    _ method: String, _ request: some Message & Sendable
) -> Point {
    Point("\(sideBySide) calls of \(method) that are cancelled leave the plugin answering") {
        caller in
        let bytes = caller.encoded(request)
        let path = "/\(caller.service)/\(method)"
        await withTaskGroup { group in
            for _ in 0..<sideBySide {
                group.addTask { _ = try? await caller.send(path, bytes) }
            }
            // The answer to this call comes after the others have been sent.
            _ = await answers(caller)
            group.cancelAll()
        }
        let _: Hector_Plugin_StatusResponse = try await caller.call(
            "GetStatus", Hector_Plugin_StatusRequest())
        return []
    }
}

/// Returns the points about the end of a process, requested as a host requests it.
func endingPoints(_ subject: Subject) -> [Point] {
    @Sendable func endProcess(_ caller: Caller) async throws -> [String] {
        let limit = subject.specification.limits.shutdown
        var way = "when GRPCController.Shutdown was called"
        do throws(GRPCError) {
            _ = try await caller.process.channel.unary(
                ControllerMethod.shutdown, [], timeout: limit)
        } catch {
            // A Go plugin ends inside this call, without an answer; other plugins do not have the
            // method.
            if error.code == .unimplemented {
                way = "at SIGTERM, for it has no GRPCController"
                caller.process.terminate()
            }
        }
        switch await caller.process.ending(within: limit) {
        case .exited(0)?, .signalled(SIGTERM)?: return ["it ended \(way)"]
        case let ending?:
            throw Finding("the process \(ending)", caller.lastWords)
        case nil: throw Finding("the process has not ended \(limit) after it was told to \(way)")
        }
    }
    return [
        Point("Shutdown succeeds") { caller in
            let response: Hector_Plugin_ShutdownResponse = try await caller.call(
                "Shutdown", Hector_Plugin_ShutdownRequest())
            if response.success { return [] }
            throw Finding("Shutdown failed: \(response.error)")
        },
        Point("the process ends within \(subject.specification.limits.shutdown)", endProcess),
        Point("no socket is left behind") { caller in
            guard case .unix(let path) = caller.process.handshake.address else {
                throw Inapplicable("it listens on TCP")
            }
            if await caller.process.ending(within: .zero) == nil {
                throw Inapplicable("the process has not ended")
            }
            if (try? File(path)) != nil {
                throw Finding("the plugin has ended and not removed '\(path)'")
            }
            return []
        },
    ]
}

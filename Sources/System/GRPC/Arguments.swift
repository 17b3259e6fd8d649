import CGRPC
import Glibc

/// Core's settings for a channel or a server.
struct Arguments: ~Copyable {
    private var raw: [grpc_arg] = []

    /// The settings that channels and servers share: no limit on the size of messages, nothing sent
    /// that was not asked for, and none of the filters that Hector does not need.
    init() {
        set(GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, -1)
        set(GRPC_ARG_MAX_SEND_MESSAGE_LENGTH, -1)
        // Strict servers count its pings against the client.
        set(GRPC_ARG_HTTP2_BDP_PROBE, 0)
        set(GRPC_ARG_ENABLE_CHANNELZ, 0)
        set(GRPC_ARG_MAX_CHANNEL_TRACE_EVENT_MEMORY_PER_NODE, 0)
        set(GRPC_ARG_ENABLE_PER_MESSAGE_COMPRESSION, 0)
    }

    deinit {
        for argument in raw {
            free(argument.key)
            if argument.type == GRPC_ARG_STRING { free(argument.value.string) }
        }
    }

    mutating func set(_ key: String, _ value: Int32) {
        raw.append(
            grpc_arg(type: GRPC_ARG_INTEGER, key: strdup(key), value: .init(integer: value)))
    }

    mutating func set(_ key: String, _ value: String) {
        raw.append(
            grpc_arg(type: GRPC_ARG_STRING, key: strdup(key), value: .init(string: strdup(value))))
    }

    /// Lends core the settings, which it copies.
    mutating func withRaw<R>(_ body: (UnsafePointer<grpc_channel_args>) -> R) -> R {
        raw.withUnsafeMutableBufferPointer { raw in
            var arguments = grpc_channel_args(num_args: raw.count, args: raw.baseAddress)
            return body(&arguments)
        }
    }
}

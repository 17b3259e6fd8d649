import GRPC
import Messages
internal import Waiting

/// What a host on go-plugin expects beside the plugin's own service.
func goPluginHandlers(_ termination: Latch<Void>) -> [Handler] {
    [
        unary(ControllerMethod.shutdown, executes: .onQueue) { (_: Plugin_Empty) in
            // The answer is out before the server ends: ending waits for calls under way.
            termination.set()
            return Plugin_Empty()
        },
        // What a plugin prints goes to its standard error, so there is nothing to send. A host
        // on go-plugin takes the end of the stream for an ill omen, so it stays open.
        .serverStreaming(StdioMethod.streamStdio, executes: .onQueue) { _, _, _ in
            _ = await termination.wait()
        },
    ]
}

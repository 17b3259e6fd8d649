import GRPC
import Messages
internal import Waiting

/// Returns the handlers that a go-plugin host expects in addition to the plugin's own service.
func goPluginHandlers(_ termination: Latch<Void>) -> [Handler] {
    [
        unary(ControllerMethod.shutdown, executes: .onQueue) { (_: Plugin_Empty) in
            // The answer is sent before the server ends, because ending waits for current calls.
            termination.set()
            return Plugin_Empty()
        },
        // The output that a plugin prints goes to its standard error, so there is nothing to send.
        // A go-plugin host takes the end of the stream for a failure, so it stays open.
        .serverStreaming(StdioMethod.streamStdio, executes: .onQueue) { _, _, _ in
            _ = await termination.wait()
        },
    ]
}

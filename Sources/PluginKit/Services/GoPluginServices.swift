import GRPC
import Messages

/// What a host on go-plugin expects beside the plugin's own service.
func goPluginHandlers(_ termination: Termination) -> [Handler] {
    [
        unary(ControllerMethod.shutdown, executes: .onQueue) { (_: Plugin_Empty) in
            // The answer is out before the server ends: ending waits for calls under way.
            termination.begin()
            return Plugin_Empty()
        },
        // What a plugin prints goes to its standard error, so there is nothing to send. A host
        // on go-plugin takes the end of the stream for an ill omen, so it stays open.
        .serverStreaming(StdioMethod.streamStdio, executes: .onQueue) { _, _, _ in
            await termination.wait()
        },
    ]
}

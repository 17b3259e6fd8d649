// Package grpc turns Go types into Hector plugins with HashiCorp's go-plugin.
//
// A plugin is a type with the methods of its kind, LLMProvider, DatabaseProvider,
// EmbedderProvider, ToolProvider, ReasoningStrategy or RerankerProvider, and a main of one line:
//
//	func main() { grpc.ServeLLMProvider(&MyModel{}) }
//
// # Errors
//
// An error made by google.golang.org/grpc/status is sent as that status, also when it is wrapped:
// codes.ResourceExhausted reports a rate limit or quota to the host, codes.Unavailable says that
// trying again may help, codes.InvalidArgument that it will not. Any other error is sent as its
// text.
//
// # Concurrency
//
// After Initialize, calls arrive in parallel, each in a separate goroutine. The context of a call
// ends when the host no longer waits for it.
//
// # Output
//
// Log with Logger, or with the standard log package. Text printed to os.Stdout and os.Stderr also
// reaches the host, from Initialize on: go-plugin replaces both by pipes that a host of gRPC does
// not read, so that printing would block in the end, and Initialize restores those that the process
// began with. Do not print before Initialize, or through a variable that keeps go-plugin's pipes.
package grpc

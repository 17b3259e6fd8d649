// Package grpc turns Go types into Hector plugins on HashiCorp's go-plugin.
//
// A plugin is a type with the methods of its kind, LLMProvider, DatabaseProvider,
// EmbedderProvider, ToolProvider or ReasoningStrategy, and a main of one line:
//
//	func main() { grpc.ServeLLMProvider(&MyModel{}) }
//
// # Errors
//
// An error made by google.golang.org/grpc/status travels as that status, also when it is wrapped:
// codes.ResourceExhausted tells the host of a rate or quota, codes.Unavailable that trying again
// may help, codes.InvalidArgument that it will not. Any other error travels as its text.
//
// # Concurrency
//
// After Initialize, calls arrive side by side, each in a goroutine of its own. The context of a
// call ends when the host does not wait for it any more.
//
// # Output
//
// Log with Logger, or with the standard log package. What is printed to os.Stdout and os.Stderr
// reaches the host, too, from Initialize on: go-plugin replaces both by pipes that a host of gRPC
// does not read, so that printing would block in the end, and Initialize puts back those that the
// process began with. Before Initialize, and in a variable that keeps what go-plugin has put there,
// do not print.
package grpc

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
// Log with Logger, or with the standard log package. Do not print: go-plugin hands on what goes
// to os.Stdout and os.Stderr, and where the host does not read it, printing blocks in the end.
package grpc

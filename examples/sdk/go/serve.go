package grpc

import (
	"math"
	"os"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	rpc "google.golang.org/grpc"
)

// HandshakeConfig has the values on which host and plugin agree before they communicate.
var HandshakeConfig = plugin.HandshakeConfig{
	ProtocolVersion:  1,
	MagicCookieKey:   "HECTOR_PLUGIN",
	MagicCookieValue: "hector_plugin_v1",
}

// The kinds of plugins, as in a manifest's "type".
const (
	KindLLM       = "llm_provider"
	KindDatabase  = "database_provider"
	KindEmbedder  = "embedder_provider"
	KindTool      = "tool_provider"
	KindReasoning = "reasoning_strategy"
	KindReranker  = "reranker_provider"
)

// Logger writes to the host, which shows it with --debug, and the last lines when the plugin
// fails. It keeps the standard error that the process began with, which go-plugin replaces.
var Logger = hclog.New(&hclog.LoggerOptions{
	Level: hclog.Trace, Output: os.Stderr, JSONFormat: true,
})

// The outputs that the process began with, before plugin.Serve.
var stdout, stderr = os.Stdout, os.Stderr

// restoreOutput reverts a change that plugin.Serve makes before it accepts calls: it replaces both
// by pipes that are never read, so a plugin that prints 64 KiB would wait forever. The host reads
// the outputs that the process began with.
func restoreOutput() { os.Stdout, os.Stderr = stdout, stderr }

// ServeLLMProvider serves a model until the host ends the process. The functions below do the same
// for the other kinds.
func ServeLLMProvider(impl LLMProvider) { serve(KindLLM, &LLMProviderPlugin{Impl: impl}) }

func ServeDatabaseProvider(impl DatabaseProvider) {
	serve(KindDatabase, &DatabaseProviderPlugin{Impl: impl})
}

func ServeEmbedderProvider(impl EmbedderProvider) {
	serve(KindEmbedder, &EmbedderProviderPlugin{Impl: impl})
}

func ServeToolProvider(impl ToolProvider) { serve(KindTool, &ToolProviderPlugin{Impl: impl}) }

func ServeReasoningStrategy(impl ReasoningStrategy) {
	serve(KindReasoning, &ReasoningStrategyPlugin{Impl: impl})
}

func ServeRerankerProvider(impl RerankerProvider) {
	serve(KindReranker, &RerankerProviderPlugin{Impl: impl})
}

// go-plugin ignores SIGINT, answers with TLS if the host asks for it, and exits when the host says
// so.
func serve(kind string, adapter plugin.Plugin) {
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: HandshakeConfig,
		Plugins:         map[string]plugin.Plugin{kind: adapter},
		GRPCServer:      Server,
		Logger:          Logger,
	})
}

// Server accepts messages of any size. go-plugin's own accepts 4 MiB, which one long text exceeds.
func Server(options []rpc.ServerOption) *rpc.Server {
	return rpc.NewServer(append(options, rpc.MaxRecvMsgSize(math.MaxInt32))...)
}

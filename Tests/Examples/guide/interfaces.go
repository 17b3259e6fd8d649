// The interfaces that the guide prints, with the package's name before its types. Each has exactly
// the methods of the SDK's interface, so that they are interchangeable.
package main

import (
	"context"

	"github.com/kadirpekel/hector/plugins/grpc"
)

type LLMProviderPlugin interface {
	Initialize(ctx context.Context, config map[string]interface{}) error
	Generate(ctx context.Context, messages []grpc.Message, tools []grpc.ToolDefinition) (*grpc.LLMResponse, error)
	GenerateStreaming(ctx context.Context, messages []grpc.Message, tools []grpc.ToolDefinition) (grpc.StreamReader, error)
	GetModelName() string
	GetMaxTokens() int
	GetTemperature() float64
	Shutdown(ctx context.Context) error
	Health(ctx context.Context) error
}

type DatabaseProviderPlugin interface {
	Initialize(ctx context.Context, config map[string]interface{}) error
	Upsert(ctx context.Context, collection string, id string, vector []float32, metadata map[string]interface{}) error
	Search(ctx context.Context, collection string, vector []float32, topK int) ([]*grpc.SearchResult, error)
	Delete(ctx context.Context, collection string, id string) error
	CreateCollection(ctx context.Context, collection string, vectorSize uint64) error
	DeleteCollection(ctx context.Context, collection string) error
	Shutdown(ctx context.Context) error
	Health(ctx context.Context) error
}

type EmbedderProviderPlugin interface {
	Initialize(ctx context.Context, config map[string]interface{}) error
	Embed(ctx context.Context, text string) ([]float32, error)
	GetDimension() int
	GetModelName() string
	Shutdown(ctx context.Context) error
	Health(ctx context.Context) error
}

type ToolProviderPlugin interface {
	Initialize(ctx context.Context, config map[string]interface{}) error
	DiscoverTools(ctx context.Context) error
	ListTools() []*grpc.ToolInfo
	GetTool(name string) (grpc.Tool, bool)
	ExecuteTool(ctx context.Context, name string, args map[string]interface{}) (*grpc.ToolResult, error)
	Shutdown(ctx context.Context) error
	Health(ctx context.Context) error
}

type ReasoningStrategyPlugin interface {
	Initialize(ctx context.Context, config map[string]interface{}) error
	PrepareIteration(iteration int, state *grpc.ReasoningState) error
	ShouldStop(text string, toolCalls []*grpc.ToolCall, state *grpc.ReasoningState) bool
	AfterIteration(iteration int, text string, toolCalls []*grpc.ToolCall, results []*grpc.ToolResult, state *grpc.ReasoningState) error
	GetContextInjection(state *grpc.ReasoningState) string
	GetPromptSlots() *grpc.PromptSlots
	GetName() string
	GetDescription() string
	Shutdown(ctx context.Context) error
	Health(ctx context.Context) error
}

var (
	_ LLMProviderPlugin       = grpc.LLMProvider(nil)
	_ grpc.LLMProvider        = LLMProviderPlugin(nil)
	_ DatabaseProviderPlugin  = grpc.DatabaseProvider(nil)
	_ grpc.DatabaseProvider   = DatabaseProviderPlugin(nil)
	_ EmbedderProviderPlugin  = grpc.EmbedderProvider(nil)
	_ grpc.EmbedderProvider   = EmbedderProviderPlugin(nil)
	_ ToolProviderPlugin      = grpc.ToolProvider(nil)
	_ grpc.ToolProvider       = ToolProviderPlugin(nil)
	_ ReasoningStrategyPlugin = grpc.ReasoningStrategy(nil)
	_ grpc.ReasoningStrategy  = ReasoningStrategyPlugin(nil)
)

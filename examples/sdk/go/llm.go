package grpc

import (
	"context"
	"errors"
	"io"

	"github.com/hashicorp/go-plugin"
	rpc "google.golang.org/grpc"

	pb "github.com/kadirpekel/hector/plugins/grpc/pluginpb"
)

// LLMProvider is a language model.
type LLMProvider interface {
	Plugin
	Generate(ctx context.Context, messages []Message, tools []ToolDefinition) (*LLMResponse, error)
	GenerateStreaming(ctx context.Context, messages []Message, tools []ToolDefinition) (StreamReader, error)
	GetModelName() string
	GetMaxTokens() int
	GetTemperature() float64
}

// Message is one turn of a conversation.
type Message struct {
	// user, assistant, system or tool.
	Role    string
	Content string
	// The calls that an assistant requests.
	ToolCalls []*ToolCall
	// The call that a tool's message answers.
	ToolCallID string
}

// ToolDefinition is a tool that the model may ask for.
type ToolDefinition struct {
	Name, Description string
	// A JSON Schema of the arguments object.
	ParametersJSON string
}

// ToolCall is a call that a model requests.
type ToolCall struct {
	// Chosen by the model, unique within its message.
	ID, Name string
	// A JSON object.
	ArgumentsJSON string
}

// LLMResponse is a whole answer.
type LLMResponse struct {
	Text      string
	ToolCalls []*ToolCall
	// Prompt and answer together.
	TokensUsed int
	// Counts by name: prompt_tokens, completion_tokens, total_tokens.
	Usage map[string]int64
	// stop, length, tool_calls, content_filter, or another word of the provider.
	FinishReason string
}

// StreamReader returns an answer piece by piece.
type StreamReader interface {
	// Recv waits for the next chunk. After the last it returns io.EOF.
	Recv() (*StreamChunk, error)
	// Close is called once, even if the answer was not read to its end.
	Close() error
}

// ChunkType is the type of a chunk.
type ChunkType int

const (
	// ChunkText has the next piece of the answer.
	ChunkText ChunkType = iota
	// ChunkToolCall has one complete call.
	ChunkToolCall
	// ChunkDone is the last chunk of a complete answer. A reader may leave it out.
	ChunkDone
	// ChunkError is the last chunk of an incomplete answer. Recv may return an error instead.
	ChunkError
)

// StreamChunk is a piece of an answer.
type StreamChunk struct {
	Type     ChunkType
	Text     string
	ToolCall *ToolCall
	Error    string
	// With ChunkDone, as in LLMResponse.
	TokensUsed   int
	Usage        map[string]int64
	FinishReason string
}

// LLMProviderPlugin serves an LLMProvider through go-plugin.
type LLMProviderPlugin struct {
	plugin.NetRPCUnsupportedPlugin
	Impl LLMProvider
}

func (p *LLMProviderPlugin) GRPCServer(_ *plugin.GRPCBroker, server *rpc.Server) error {
	pb.RegisterLLMProviderServer(server, &llmServer{newLifecycle(p.Impl, KindLLM), p.Impl})
	return nil
}

// GRPCClient is for hosts written in Go: it returns a pluginpb.LLMProviderClient.
func (p *LLMProviderPlugin) GRPCClient(
	_ context.Context, _ *plugin.GRPCBroker, conn *rpc.ClientConn,
) (interface{}, error) {
	return pb.NewLLMProviderClient(conn), nil
}

var errNoAnswer = errors.New("the model gave no answer")

type llmServer struct {
	*lifecycle
	impl LLMProvider
}

func (s *llmServer) Generate(
	ctx context.Context, in *pb.GenerateRequest,
) (*pb.GenerateResponse, error) {
	ctx, messages, tools := request(ctx, in)
	answer, err := s.impl.Generate(ctx, messages, tools)
	if err == nil && answer == nil {
		err = errNoAnswer
	}
	if err != nil {
		return nil, asStatus(err)
	}
	return &pb.GenerateResponse{
		Text: valid(answer.Text), ToolCalls: callsToWire(answer.ToolCalls),
		TokensUsed: int32(answer.TokensUsed), Usage: validNames(answer.Usage),
		FinishReason: valid(answer.FinishReason),
	}, nil
}

func (s *llmServer) GenerateStreaming(
	in *pb.GenerateRequest, stream pb.LLMProvider_GenerateStreamingServer,
) error {
	ctx, messages, tools := request(stream.Context(), in)
	reader, err := s.impl.GenerateStreaming(ctx, messages, tools)
	if err == nil && reader == nil {
		err = errNoAnswer
	}
	if err != nil {
		return asStatus(err)
	}
	defer reader.Close()
	// The beginning of a character whose end comes with the next chunk.
	begun := ""
	for {
		chunk, err := reader.Recv()
		switch {
		case err == io.EOF:
			chunk = &StreamChunk{Type: ChunkDone}
		case err != nil:
			return asStatus(err)
		case chunk == nil:
			return asStatus(errNoAnswer)
		}
		out := chunkToWire(chunk)
		if chunk.Type == ChunkText {
			var text string
			text, begun = splitCharacter(begun + chunk.Text)
			out.Text = valid(text)
		} else if begun != "" {
			if err := stream.Send(&pb.StreamChunk{Text: valid(begun)}); err != nil {
				return err
			}
			begun = ""
		}
		if err := stream.Send(out); err != nil {
			return err
		}
		if chunk.Type == ChunkDone || chunk.Type == ChunkError {
			return nil
		}
	}
}

func (s *llmServer) GetModelInfo(context.Context, *pb.Empty) (*pb.ModelInfo, error) {
	return &pb.ModelInfo{
		ModelName: valid(s.impl.GetModelName()), MaxTokens: int32(s.impl.GetMaxTokens()),
		Temperature: s.impl.GetTemperature(),
	}, nil
}

func request(
	ctx context.Context, in *pb.GenerateRequest,
) (context.Context, []Message, []ToolDefinition) {
	ctx = WithDetails(ctx, Details{Options: in.Options, ResponseSchema: in.ResponseSchemaJson})
	tools := make([]ToolDefinition, len(in.Tools))
	for i, tool := range in.Tools {
		tools[i] = ToolDefinition{tool.Name, tool.Description, tool.ParametersJson}
	}
	return ctx, messagesFromWire(in.Messages), tools
}

func messagesFromWire(in []*pb.Message) []Message {
	messages := make([]Message, len(in))
	for i, message := range in {
		messages[i] = Message{
			Role: message.Role, Content: message.Content,
			ToolCalls: callsFromWire(message.ToolCalls), ToolCallID: message.ToolCallId,
		}
	}
	return messages
}

func callsFromWire(in []*pb.ToolCall) []*ToolCall {
	calls := make([]*ToolCall, len(in))
	for i, call := range in {
		calls[i] = &ToolCall{call.Id, call.Name, call.ArgumentsJson}
	}
	return calls
}

func callsToWire(calls []*ToolCall) []*pb.ToolCall {
	out := make([]*pb.ToolCall, len(calls))
	for i, call := range calls {
		out[i] = callToWire(call)
	}
	return out
}

func callToWire(call *ToolCall) *pb.ToolCall {
	if call == nil {
		return nil
	}
	return &pb.ToolCall{
		Id: valid(call.ID), Name: valid(call.Name), ArgumentsJson: valid(call.ArgumentsJSON),
	}
}

func chunkToWire(chunk *StreamChunk) *pb.StreamChunk {
	text := valid(chunk.Error)
	if chunk.Type == ChunkError {
		text = reason(chunk.Error)
	}
	return &pb.StreamChunk{
		Type: pb.StreamChunk_ChunkType(chunk.Type), Text: valid(chunk.Text),
		ToolCall: callToWire(chunk.ToolCall), Error: text,
		TokensUsed: int32(chunk.TokensUsed), Usage: validNames(chunk.Usage),
		FinishReason: valid(chunk.FinishReason),
	}
}

func validNames(usage map[string]int64) map[string]int64 {
	if usage == nil {
		return nil
	}
	out := make(map[string]int64, len(usage))
	for name, count := range usage {
		out[valid(name)] = count
	}
	return out
}

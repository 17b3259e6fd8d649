package grpc

import (
	"context"
	"time"

	"github.com/hashicorp/go-plugin"
	rpc "google.golang.org/grpc"

	pb "github.com/kadirpekel/hector/plugins/grpc/pluginpb"
)

// ReasoningStrategy decides how an agent continues.
//
// For each iteration the agent calls PrepareIteration and GetContextInjection; then the model
// answers; then it calls ShouldStop; if that is false, the tools run; then it calls AfterIteration.
// A strategy keeps state between calls only in state.CustomState.
type ReasoningStrategy interface {
	Plugin
	PrepareIteration(iteration int, state *ReasoningState) error
	ShouldStop(text string, toolCalls []*ToolCall, state *ReasoningState) bool
	// AfterIteration gets results in the order of toolCalls.
	AfterIteration(iteration int, text string, toolCalls []*ToolCall, results []*ToolResult, state *ReasoningState) error
	// GetContextInjection returns text for the model to read before this iteration; it may be empty.
	GetContextInjection(state *ReasoningState) string
	GetPromptSlots() *PromptSlots
	GetName() string
	GetDescription() string
}

// ReasoningState is the progress of an agent.
type ReasoningState struct {
	// The number of the iteration, from 1.
	Iteration int
	// The tokens of the run so far.
	TotalTokens int64
	// The user's question.
	Query string
	// Oldest first.
	Conversation []Message
	// The model's last text.
	AssistantResponse       string
	FirstIterationToolCalls []*ToolCall
	// The strategy's own state, never nil. Only this goes back to the agent.
	CustomState map[string]string
}

// PromptSlots are parts of the system prompt. Those in the agent's configuration override them.
type PromptSlots struct {
	SystemRole, ReasoningInstructions, ToolUsage string
	OutputFormat, CommunicationStyle, Additional string
}

// ReasoningStrategyPlugin serves a ReasoningStrategy through go-plugin.
type ReasoningStrategyPlugin struct {
	plugin.NetRPCUnsupportedPlugin
	Impl ReasoningStrategy
}

func (p *ReasoningStrategyPlugin) GRPCServer(_ *plugin.GRPCBroker, server *rpc.Server) error {
	s := &reasoningServer{newLifecycle(p.Impl, KindReasoning), p.Impl}
	pb.RegisterReasoningStrategyServer(server, s)
	return nil
}

// GRPCClient is for hosts written in Go: it returns a pluginpb.ReasoningStrategyClient.
func (p *ReasoningStrategyPlugin) GRPCClient(
	_ context.Context, _ *plugin.GRPCBroker, conn *rpc.ClientConn,
) (interface{}, error) {
	return pb.NewReasoningStrategyClient(conn), nil
}

type reasoningServer struct {
	*lifecycle
	impl ReasoningStrategy
}

func (s *reasoningServer) PrepareIteration(
	_ context.Context, in *pb.PrepareIterationRequest,
) (*pb.PrepareIterationResponse, error) {
	state := stateFromWire(in.State)
	text, err := told(s.impl.PrepareIteration(int(in.Iteration), state))
	return &pb.PrepareIterationResponse{
		Success: text == "", Error: text, CustomState: validTexts(state.CustomState),
	}, err
}

func (s *reasoningServer) ShouldStop(
	_ context.Context, in *pb.ShouldStopRequest,
) (*pb.ShouldStopResponse, error) {
	state := stateFromWire(in.State)
	stop := s.impl.ShouldStop(in.Text, callsFromWire(in.ToolCalls), state)
	return &pb.ShouldStopResponse{Stop: stop, CustomState: validTexts(state.CustomState)}, nil
}

func (s *reasoningServer) AfterIteration(
	_ context.Context, in *pb.AfterIterationRequest,
) (*pb.AfterIterationResponse, error) {
	state := stateFromWire(in.State)
	results := make([]*ToolResult, len(in.Results))
	for i, result := range in.Results {
		results[i] = &ToolResult{
			Success: result.Success, Content: result.Content, Error: result.Error,
			ToolName:      result.ToolName,
			ExecutionTime: time.Duration(result.ExecutionTimeMs) * time.Millisecond,
			Metadata:      toValues(result.Metadata),
		}
	}
	text, err := told(s.impl.AfterIteration(
		int(in.Iteration), in.Text, callsFromWire(in.ToolCalls), results, state))
	return &pb.AfterIterationResponse{
		Success: text == "", Error: text, CustomState: validTexts(state.CustomState),
	}, err
}

func (s *reasoningServer) GetContextInjection(
	_ context.Context, in *pb.GetContextInjectionRequest,
) (*pb.GetContextInjectionResponse, error) {
	text := s.impl.GetContextInjection(stateFromWire(in.State))
	return &pb.GetContextInjectionResponse{Text: valid(text)}, nil
}

func (s *reasoningServer) GetPromptSlots(context.Context, *pb.Empty) (*pb.PromptSlots, error) {
	slots := s.impl.GetPromptSlots()
	if slots == nil {
		return &pb.PromptSlots{}, nil
	}
	return &pb.PromptSlots{
		SystemRole:            valid(slots.SystemRole),
		ReasoningInstructions: valid(slots.ReasoningInstructions),
		ToolUsage:             valid(slots.ToolUsage),
		OutputFormat:          valid(slots.OutputFormat),
		CommunicationStyle:    valid(slots.CommunicationStyle),
		Additional:            valid(slots.Additional),
	}, nil
}

func (s *reasoningServer) GetStrategyInfo(context.Context, *pb.Empty) (*pb.StrategyInfo, error) {
	return &pb.StrategyInfo{
		Name: valid(s.impl.GetName()), Description: valid(s.impl.GetDescription()),
	}, nil
}

func stateFromWire(in *pb.ReasoningState) *ReasoningState {
	state := &ReasoningState{
		Iteration: int(in.GetIteration()), TotalTokens: in.GetTotalTokens(),
		Query: in.GetQuery(), Conversation: messagesFromWire(in.GetConversation()),
		AssistantResponse:       in.GetAssistantResponse(),
		FirstIterationToolCalls: callsFromWire(in.GetFirstIterationToolCalls()),
		CustomState:             in.GetCustomState(),
	}
	if state.CustomState == nil {
		state.CustomState = map[string]string{}
	}
	return state
}

package grpc

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/go-plugin"
	rpc "google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/kadirpekel/hector/plugins/grpc/pluginpb"
)

// ToolProvider has functions that a model may request to be called.
type ToolProvider interface {
	Plugin
	// DiscoverTools looks for tools, before ListTools and whenever the list should be made again.
	DiscoverTools(ctx context.Context) error
	ListTools() []*ToolInfo
	GetTool(name string) (Tool, bool)
	// The host never repeats ExecuteTool. An error is reported to the model.
	ExecuteTool(ctx context.Context, name string, args map[string]interface{}) (*ToolResult, error)
}

// Tool is one function.
type Tool interface {
	GetInfo() *ToolInfo
	Execute(ctx context.Context, args map[string]interface{}) (*ToolResult, error)
}

// Hint is a claim about a tool, by which the host decides whether to ask the user.
type Hint int

const (
	HintNotSaid Hint = iota
	HintTrue
	HintFalse
)

// ToolInfo describes a tool to models and users.
type ToolInfo struct {
	Name, Description string
	// A JSON Schema of the arguments object. The host checks arguments against it.
	ParametersJSON string
	// The address at which the tool runs, if it is not here.
	ServerURL string
	// The tool changes nothing.
	ReadOnly Hint
	// The tool may destroy something.
	Destructive Hint
	// Calling the tool twice with the same arguments has the same effect as once.
	Idempotent Hint
	// The tool reaches beyond this machine.
	OpenWorld Hint
}

// ToolResult is the result of a call.
type ToolResult struct {
	Success bool
	// The result for the model to read.
	Content string
	// The error for the model to read, if the call failed.
	Error string
	// Filled in if it is empty, like ExecutionTime.
	ToolName      string
	ExecutionTime time.Duration
	Metadata      map[string]interface{}
}

// ToolProviderPlugin serves a ToolProvider through go-plugin.
type ToolProviderPlugin struct {
	plugin.NetRPCUnsupportedPlugin
	Impl ToolProvider
}

func (p *ToolProviderPlugin) GRPCServer(_ *plugin.GRPCBroker, server *rpc.Server) error {
	pb.RegisterToolProviderServer(server, &toolServer{newLifecycle(p.Impl, KindTool), p.Impl})
	return nil
}

// GRPCClient is for hosts written in Go: it returns a pluginpb.ToolProviderClient.
func (p *ToolProviderPlugin) GRPCClient(
	_ context.Context, _ *plugin.GRPCBroker, conn *rpc.ClientConn,
) (interface{}, error) {
	return pb.NewToolProviderClient(conn), nil
}

type toolServer struct {
	*lifecycle
	impl ToolProvider
}

func (s *toolServer) DiscoverTools(
	ctx context.Context, _ *pb.Empty,
) (*pb.DiscoverToolsResponse, error) {
	text, err := told(s.impl.DiscoverTools(ctx))
	return &pb.DiscoverToolsResponse{Success: text == "", Error: text}, err
}

func (s *toolServer) ListTools(context.Context, *pb.Empty) (*pb.ListToolsResponse, error) {
	out := &pb.ListToolsResponse{}
	for _, info := range s.impl.ListTools() {
		out.Tools = append(out.Tools, infoToWire(info))
	}
	return out, nil
}

func (s *toolServer) GetTool(
	_ context.Context, in *pb.GetToolRequest,
) (*pb.GetToolResponse, error) {
	tool, ok := s.impl.GetTool(in.Name)
	if !ok {
		return &pb.GetToolResponse{}, nil
	}
	return &pb.GetToolResponse{Found: true, Tool: infoToWire(tool.GetInfo())}, nil
}

func (s *toolServer) ExecuteTool(
	ctx context.Context, in *pb.ExecuteToolRequest,
) (*pb.ToolResult, error) {
	args := map[string]interface{}{}
	if in.ArgumentsJson != "" {
		if err := json.Unmarshal([]byte(in.ArgumentsJson), &args); err != nil || args == nil {
			return nil, status.Errorf(
				codes.InvalidArgument, "the arguments of '%s' are no JSON object", in.Name)
		}
	}
	begin := time.Now()
	result, err := s.impl.ExecuteTool(ctx, in.Name, args)
	text, err := told(err)
	if err != nil {
		return nil, err
	}
	if result == nil && text == "" {
		text = "the tool gave no result"
	}
	if text != "" {
		result = &ToolResult{Error: text}
	}
	metadata, err := toTexts(result.Metadata)
	if err != nil {
		return nil, asStatus(err)
	}
	out := &pb.ToolResult{
		Success: result.Success, Content: valid(result.Content), Error: valid(result.Error),
		ToolName: valid(result.ToolName), ExecutionTimeMs: result.ExecutionTime.Milliseconds(),
		Metadata: metadata,
	}
	if !out.Success && out.Content == "" {
		out.Error = reason(result.Error)
	}
	if out.ToolName == "" {
		out.ToolName = in.Name
	}
	if result.ExecutionTime == 0 {
		out.ExecutionTimeMs = time.Since(begin).Milliseconds()
	}
	return out, nil
}

func infoToWire(info *ToolInfo) *pb.ToolInfo {
	return &pb.ToolInfo{
		Name: valid(info.Name), Description: valid(info.Description),
		ParametersJson: valid(info.ParametersJSON), ServerUrl: valid(info.ServerURL), ReadOnly: pb.Hint(info.ReadOnly),
		Destructive: pb.Hint(info.Destructive), Idempotent: pb.Hint(info.Idempotent),
		OpenWorld: pb.Hint(info.OpenWorld),
	}
}

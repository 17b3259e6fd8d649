// A language model on HashiCorp's go-plugin, with code generated from our protos and nothing else
// of ours. It says the last message backwards, word by word; asked for a tool it calls the first.
// To "count 9" it counts; for "loop 9" it calls the first tool nine times.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	pb "hector/pluginpb"
)

type llm struct {
	model string
}

func backwards(text string) []string {
	words := strings.Fields(text)
	for i, j := 0, len(words)-1; i < j; i, j = i+1, j-1 {
		words[i], words[j] = words[j], words[i]
	}
	return words
}

// The words of the answer, and the tool call that is wanted instead, if there is one.
func answer(in *pb.GenerateRequest) ([]string, *pb.ToolCall, error) {
	if len(in.Messages) == 0 {
		return nil, nil, errors.New("no messages provided")
	}
	last := in.Messages[len(in.Messages)-1]
	if call, err := loop(in); call != nil || err != nil {
		return nil, call, err
	}
	switch {
	case last.Role == "user" && strings.HasPrefix(last.Content, "fail "):
		return nil, nil, errors.New(strings.TrimPrefix(last.Content, "fail "))
	case last.Role == "user" && len(in.Tools) > 0:
		arguments := fmt.Sprintf(`{"text":%q}`, last.Content)
		return nil, &pb.ToolCall{Id: "call_1", Name: in.Tools[0].Name, ArgumentsJson: arguments}, nil
	}
	if strings.HasPrefix(last.Content, "count ") {
		count, err := strconv.ParseUint(strings.TrimPrefix(last.Content, "count "), 10, 24)
		words := make([]string, count)
		for i := range words {
			words[i] = strconv.Itoa(i + 1)
		}
		return words, nil, err
	}
	return backwards(last.Content), nil, nil
}

// The next call for "loop N", if there is one to make.
func loop(in *pb.GenerateRequest) (*pb.ToolCall, error) {
	made, wanted := 0, 0
	for _, message := range in.Messages {
		switch {
		case message.Role == "user" && strings.HasPrefix(message.Content, "loop "):
			count, err := strconv.Atoi(strings.TrimPrefix(message.Content, "loop "))
			if err != nil {
				return nil, err
			}
			made, wanted = 0, count
		case message.Role == "tool":
			made++
		}
	}
	if made >= wanted || len(in.Tools) == 0 {
		return nil, nil
	}
	return &pb.ToolCall{
		Id: fmt.Sprintf("call_%d", made+1), Name: in.Tools[0].Name,
		ArgumentsJson: fmt.Sprintf(`{"text":"x%d"}`, made+1),
	}, nil
}

func (m *llm) Generate(
	_ context.Context, in *pb.GenerateRequest,
) (*pb.GenerateResponse, error) {
	words, call, err := answer(in)
	if err != nil {
		return nil, err
	}
	out := &pb.GenerateResponse{Text: strings.Join(words, " "), TokensUsed: int32(len(words))}
	if call != nil {
		out.ToolCalls = []*pb.ToolCall{call}
	}
	return out, nil
}

func (m *llm) GenerateStreaming(
	in *pb.GenerateRequest, stream pb.LLMProvider_GenerateStreamingServer,
) error {
	words, call, err := answer(in)
	if err != nil {
		return stream.Send(&pb.StreamChunk{Type: pb.StreamChunk_ERROR, Error: err.Error()})
	}
	for i, word := range words {
		if i > 0 {
			word = " " + word
		}
		if err := stream.Send(&pb.StreamChunk{Text: word}); err != nil {
			return err
		}
	}
	if call != nil {
		chunk := &pb.StreamChunk{Type: pb.StreamChunk_TOOL_CALL, ToolCall: call}
		if err := stream.Send(chunk); err != nil {
			return err
		}
	}
	return stream.Send(&pb.StreamChunk{
		Type: pb.StreamChunk_DONE, TokensUsed: int32(len(words)),
	})
}

func (m *llm) GetModelInfo(context.Context, *pb.Empty) (*pb.ModelInfo, error) {
	return &pb.ModelInfo{ModelName: m.model, MaxTokens: 4096, Temperature: 0.5}, nil
}

func (m *llm) Initialize(
	_ context.Context, in *pb.InitializeRequest,
) (*pb.InitializeResponse, error) {
	// As the guide's example does; once go-plugin has taken stdout over, nobody may read this.
	fmt.Println("Plugin initialized with config:", in.Config)
	fmt.Fprintln(os.Stderr, "[INFO] model is ready")
	if model := in.Config["model"]; model != "" {
		m.model = model
	}
	return &pb.InitializeResponse{Success: true}, nil
}

func (m *llm) Shutdown(context.Context, *pb.ShutdownRequest) (*pb.ShutdownResponse, error) {
	return &pb.ShutdownResponse{Success: true}, nil
}

func (m *llm) Health(context.Context, *pb.HealthRequest) (*pb.HealthResponse, error) {
	return &pb.HealthResponse{Healthy: true}, nil
}

func (m *llm) GetManifest(context.Context, *pb.ManifestRequest) (*pb.ManifestResponse, error) {
	return &pb.ManifestResponse{Name: "go-llm", Version: "1.0.0"}, nil
}

func (m *llm) GetStatus(context.Context, *pb.StatusRequest) (*pb.StatusResponse, error) {
	return &pb.StatusResponse{Status: "ready"}, nil
}

type llmPlugin struct {
	plugin.NetRPCUnsupportedPlugin
}

func (llmPlugin) GRPCServer(_ *plugin.GRPCBroker, server *grpc.Server) error {
	pb.RegisterLLMProviderServer(server, &llm{model: "backwards"})
	return nil
}

func (llmPlugin) GRPCClient(
	context.Context, *plugin.GRPCBroker, *grpc.ClientConn,
) (interface{}, error) {
	return nil, errors.New("this program is a plugin, not a host")
}

func main() {
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: plugin.HandshakeConfig{
			ProtocolVersion:  1,
			MagicCookieKey:   "HECTOR_PLUGIN",
			MagicCookieValue: "hector_plugin_v1",
		},
		Plugins:    map[string]plugin.Plugin{"llm_provider": llmPlugin{}},
		GRPCServer: plugin.DefaultGRPCServer,
	})
}

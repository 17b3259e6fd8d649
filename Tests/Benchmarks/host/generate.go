package main

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	pb "github.com/kadirpekel/hector/plugins/grpc/pluginpb"
)

type llmPlugin struct {
	plugin.NetRPCUnsupportedPlugin
}

func (llmPlugin) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error {
	return errors.New("this program is a host, not a plugin")
}

func (llmPlugin) GRPCClient(
	_ context.Context, _ *plugin.GRPCBroker, connection *grpc.ClientConn,
) (interface{}, error) {
	return pb.NewLLMProviderClient(connection), nil
}

// Writes each piece of the answer when it arrives.
func generate(program, prompt string) error {
	plugins := map[string]plugin.Plugin{"llm_provider": llmPlugin{}}
	return host(program, "llm_provider", plugins, func(raw interface{}) error {
		llm := raw.(pb.LLMProviderClient)
		if err := check(llm.Initialize(context.Background(), &pb.InitializeRequest{})); err != nil {
			return err
		}
		stream, err := llm.GenerateStreaming(context.Background(), &pb.GenerateRequest{
			Messages: []*pb.Message{{Role: "user", Content: prompt}},
		})
		if err != nil {
			return err
		}
		for {
			chunk, err := stream.Recv()
			if err == io.EOF {
				_, err = os.Stdout.WriteString("\n")
				return err
			}
			if err != nil {
				return err
			}
			switch chunk.Type {
			case pb.StreamChunk_TEXT:
				if _, err := os.Stdout.WriteString(chunk.Text); err != nil {
					return err
				}
			case pb.StreamChunk_ERROR:
				return errors.New(chunk.Error)
			}
		}
	})
}

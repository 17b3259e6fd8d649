// An embedder on HashiCorp's go-plugin, with code generated from our protos and nothing else of
// ours. The vector of a text is 384 numbers drawn from its hash, of unit length: no use for search,
// but dense as real ones are, and cheap, so that benchmarks measure hosts.
//
// With GO_EMBEDDER_BATCH=1 in the environment it serves batches as well.
package main

import (
	"context"
	"errors"
	"math"
	"os"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	pb "hector/pluginpb"
)

const dimension = 384

type embedder struct{}

func embed(text string) *pb.EmbedResponse {
	if text == "" {
		return &pb.EmbedResponse{Error: "text is empty"}
	}
	// FNV-1a of the text is the seed of a linear congruential generator.
	state := uint32(2166136261)
	for i := 0; i < len(text); i++ {
		state = (state ^ uint32(text[i])) * 16777619
	}
	vector := make([]float32, dimension)
	var sum float64
	for i := range vector {
		state = state*1664525 + 1013904223
		vector[i] = float32(int32(state)) / (1 << 31)
		sum += float64(vector[i]) * float64(vector[i])
	}
	length := float32(math.Sqrt(sum))
	for i := range vector {
		vector[i] /= length
	}
	return &pb.EmbedResponse{Vector: vector}
}

func (embedder) Embed(_ context.Context, in *pb.EmbedRequest) (*pb.EmbedResponse, error) {
	return embed(in.Text), nil
}

func (embedder) EmbedBatch(
	_ context.Context, in *pb.EmbedBatchRequest,
) (*pb.EmbedBatchResponse, error) {
	out := &pb.EmbedBatchResponse{Responses: make([]*pb.EmbedResponse, len(in.Requests))}
	for i, request := range in.Requests {
		out.Responses[i] = embed(request.Text)
	}
	return out, nil
}

func (embedder) GetEmbedderInfo(context.Context, *pb.Empty) (*pb.EmbedderInfo, error) {
	return &pb.EmbedderInfo{ModelName: "hash-noise", Dimension: dimension}, nil
}

func (embedder) Initialize(
	_ context.Context, in *pb.InitializeRequest,
) (*pb.InitializeResponse, error) {
	if problem, ok := in.Config["fail"]; ok {
		return &pb.InitializeResponse{Error: problem}, nil
	}
	return &pb.InitializeResponse{Success: true}, nil
}

func (embedder) Shutdown(context.Context, *pb.ShutdownRequest) (*pb.ShutdownResponse, error) {
	return &pb.ShutdownResponse{Success: true}, nil
}

func (embedder) Health(context.Context, *pb.HealthRequest) (*pb.HealthResponse, error) {
	return &pb.HealthResponse{Healthy: true}, nil
}

func (embedder) GetManifest(
	context.Context, *pb.ManifestRequest,
) (*pb.ManifestResponse, error) {
	return &pb.ManifestResponse{Name: "go-embedder", Version: "1.0.0"}, nil
}

func (embedder) GetStatus(context.Context, *pb.StatusRequest) (*pb.StatusResponse, error) {
	return &pb.StatusResponse{Status: "ready"}, nil
}

type embedderPlugin struct {
	plugin.NetRPCUnsupportedPlugin
}

func (embedderPlugin) GRPCServer(_ *plugin.GRPCBroker, server *grpc.Server) error {
	pb.RegisterEmbedderProviderServer(server, embedder{})
	if os.Getenv("GO_EMBEDDER_BATCH") == "1" {
		pb.RegisterEmbedderBatchServer(server, embedder{})
	}
	return nil
}

func (embedderPlugin) GRPCClient(
	context.Context, *plugin.GRPCBroker, *grpc.ClientConn,
) (interface{}, error) {
	return nil, errors.New("this program is a plugin, not a host")
}

// The limit of grpc-go is 4 MiB, which a batch of texts may exceed.
func server(options []grpc.ServerOption) *grpc.Server {
	return grpc.NewServer(append(options, grpc.MaxRecvMsgSize(math.MaxInt32))...)
}

func main() {
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: plugin.HandshakeConfig{
			ProtocolVersion:  1,
			MagicCookieKey:   "HECTOR_PLUGIN",
			MagicCookieValue: "hector_plugin_v1",
		},
		Plugins:    map[string]plugin.Plugin{"embedder_provider": embedderPlugin{}},
		GRPCServer: server,
	})
}

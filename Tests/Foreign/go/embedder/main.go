// An embedder with examples/sdk/go, which uses HashiCorp's go-plugin. The vector of a text is 384
// numbers drawn from its hash, of unit length: useless for search, but dense like real ones, and
// cheap, so that benchmarks measure hosts.
//
// With GO_EMBEDDER_BATCH=1 in the environment it also serves batches. GO_EMBEDDER_IDLE and
// GO_EMBEDDER_AGE, such as 500ms, are the longest idle time and the greatest age of a connection.
package main

import (
	"context"
	"errors"
	"math"
	"os"
	"time"

	"github.com/hashicorp/go-plugin"
	"github.com/kadirpekel/hector/plugins/grpc"
	rpc "google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"
)

const dimension = 384

type embedder struct{}

func (embedder) Embed(_ context.Context, text string) ([]float32, error) {
	if text == "" {
		return nil, errors.New("text is empty")
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
	return vector, nil
}

func (embedder) Initialize(_ context.Context, config map[string]interface{}) error {
	if problem, ok := config["fail"]; ok {
		return errors.New(problem.(string))
	}
	return nil
}

func (embedder) GetDimension() int              { return dimension }
func (embedder) GetModelName() string           { return "hash-noise" }
func (embedder) Health(context.Context) error   { return nil }
func (embedder) Shutdown(context.Context) error { return nil }
func (embedder) GetManifest() grpc.Manifest {
	return grpc.Manifest{Name: "go-embedder", Version: "1.0.0"}
}

// batchEmbedder is the same with batches.
type batchEmbedder struct{ embedder }

func (e batchEmbedder) EmbedBatch(ctx context.Context, texts []string) []grpc.Embedding {
	embeddings := make([]grpc.Embedding, len(texts))
	for i, text := range texts {
		embeddings[i].Vector, embeddings[i].Err = e.Embed(ctx, text)
	}
	return embeddings
}

// connectionLimits reads the limits after which the server closes connections; zero means never.
func connectionLimits() keepalive.ServerParameters {
	idle, _ := time.ParseDuration(os.Getenv("GO_EMBEDDER_IDLE"))
	age, _ := time.ParseDuration(os.Getenv("GO_EMBEDDER_AGE"))
	return keepalive.ServerParameters{
		MaxConnectionIdle: idle, MaxConnectionAge: age, MaxConnectionAgeGrace: 100 * time.Millisecond,
	}
}

func main() {
	if limits := connectionLimits(); limits.MaxConnectionIdle+limits.MaxConnectionAge > 0 {
		plugin.Serve(&plugin.ServeConfig{
			HandshakeConfig: grpc.HandshakeConfig,
			Plugins: map[string]plugin.Plugin{
				grpc.KindEmbedder: &grpc.EmbedderProviderPlugin{Impl: embedder{}},
			},
			GRPCServer: func(options []rpc.ServerOption) *rpc.Server {
				return grpc.Server(append(options, rpc.KeepaliveParams(limits)))
			},
		})
		return
	}
	if os.Getenv("GO_EMBEDDER_BATCH") == "1" {
		grpc.ServeEmbedderProvider(batchEmbedder{})
	} else {
		grpc.ServeEmbedderProvider(embedder{})
	}
}

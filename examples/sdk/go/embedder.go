package grpc

import (
	"context"

	"github.com/hashicorp/go-plugin"
	rpc "google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/kadirpekel/hector/plugins/grpc/pluginpb"
)

// EmbedderProvider turns texts into vectors.
type EmbedderProvider interface {
	Plugin
	// Embed makes a vector of GetDimension finite numbers. DetailsOf has the purpose of the text.
	Embed(ctx context.Context, text string) ([]float32, error)
	GetDimension() int
	GetModelName() string
}

// BatchEmbedder is an EmbedderProvider that embeds many texts at once, which makes each text 8 to
// 10 times cheaper for the host.
type BatchEmbedder interface {
	// EmbedBatch returns as many embeddings as texts, in their order.
	EmbedBatch(ctx context.Context, texts []string) []Embedding
}

// Embedding is a vector, or the reason why it is missing.
type Embedding struct {
	Vector []float32
	Err    error
}

// EmbedderProviderPlugin serves an EmbedderProvider through go-plugin, and batches if it supports
// them.
type EmbedderProviderPlugin struct {
	plugin.NetRPCUnsupportedPlugin
	Impl EmbedderProvider
}

func (p *EmbedderProviderPlugin) GRPCServer(_ *plugin.GRPCBroker, server *rpc.Server) error {
	s := &embedderServer{newLifecycle(p.Impl, KindEmbedder), p.Impl}
	pb.RegisterEmbedderProviderServer(server, s)
	if impl, ok := p.Impl.(BatchEmbedder); ok {
		pb.RegisterEmbedderBatchServer(server, embedderBatch{impl})
	}
	return nil
}

// GRPCClient is for hosts written in Go: it returns a pluginpb.EmbedderProviderClient.
func (p *EmbedderProviderPlugin) GRPCClient(
	_ context.Context, _ *plugin.GRPCBroker, conn *rpc.ClientConn,
) (interface{}, error) {
	return pb.NewEmbedderProviderClient(conn), nil
}

type embedderServer struct {
	*lifecycle
	impl EmbedderProvider
}

func (s *embedderServer) Embed(
	ctx context.Context, in *pb.EmbedRequest,
) (*pb.EmbedResponse, error) {
	vector, err := s.impl.Embed(WithDetails(ctx, Details{InputType: in.InputType}), in.Text)
	text, err := told(err)
	return &pb.EmbedResponse{Vector: vector, Error: text}, err
}

func (s *embedderServer) GetEmbedderInfo(context.Context, *pb.Empty) (*pb.EmbedderInfo, error) {
	return &pb.EmbedderInfo{
		ModelName: valid(s.impl.GetModelName()), Dimension: int32(s.impl.GetDimension()),
	}, nil
}

type embedderBatch struct{ impl BatchEmbedder }

// Texts for different uses are passed to the plugin separately, because their contexts differ.
func (b embedderBatch) EmbedBatch(
	ctx context.Context, in *pb.EmbedBatchRequest,
) (*pb.EmbedBatchResponse, error) {
	out := &pb.EmbedBatchResponse{}
	for rest := in.Requests; len(rest) > 0; {
		use := rest[0].InputType
		var texts []string
		for _, request := range rest {
			if request.InputType != use {
				break
			}
			texts = append(texts, request.Text)
		}
		rest = rest[len(texts):]
		embeddings := b.impl.EmbedBatch(WithDetails(ctx, Details{InputType: use}), texts)
		if err := sameLength(len(texts), len(embeddings)); err != nil {
			return nil, err
		}
		for _, e := range embeddings {
			response := &pb.EmbedResponse{Vector: e.Vector, Error: itemError(e.Err)}
			out.Responses = append(out.Responses, response)
		}
	}
	return out, ctx.Err()
}

// itemError is an error of one item in a batch; a status would be that of all items.
func itemError(err error) string {
	if err == nil {
		return ""
	}
	return reason(status.Convert(asStatus(err)).Message())
}

func sameLength(asked, answered int) error {
	if asked == answered {
		return nil
	}
	return status.Errorf(codes.Internal, "%d answers to a batch of %d", answered, asked)
}

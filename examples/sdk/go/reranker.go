package grpc

import (
	"context"
	"fmt"
	"math"
	"sort"

	"github.com/hashicorp/go-plugin"
	rpc "google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/kadirpekel/hector/plugins/grpc/pluginpb"
)

// RerankerProvider says how well texts answer a question.
type RerankerProvider interface {
	Plugin
	// Score returns a finite number for each text, in their order; higher is better. They are sorted
	// here.
	Score(ctx context.Context, query string, texts []string) ([]float32, error)
	GetModelName() string
	// GetMaxTokens returns the most tokens of a question and a text together; 0 if that is not known.
	GetMaxTokens() int
}

// RerankerProviderPlugin serves a RerankerProvider through go-plugin.
type RerankerProviderPlugin struct {
	plugin.NetRPCUnsupportedPlugin
	Impl RerankerProvider
}

func (p *RerankerProviderPlugin) GRPCServer(_ *plugin.GRPCBroker, server *rpc.Server) error {
	s := &rerankerServer{newLifecycle(p.Impl, KindReranker), p.Impl}
	pb.RegisterRerankerProviderServer(server, s)
	return nil
}

// GRPCClient is for hosts written in Go: it returns a pluginpb.RerankerProviderClient.
func (p *RerankerProviderPlugin) GRPCClient(
	_ context.Context, _ *plugin.GRPCBroker, conn *rpc.ClientConn,
) (interface{}, error) {
	return pb.NewRerankerProviderClient(conn), nil
}

type rerankerServer struct {
	*lifecycle
	impl RerankerProvider
}

func (s *rerankerServer) Rerank(
	ctx context.Context, in *pb.RerankRequest,
) (*pb.RerankResponse, error) {
	if len(in.Texts) == 0 {
		return &pb.RerankResponse{}, nil
	}
	numbers, err := s.impl.Score(ctx, in.Query, in.Texts)
	var scores []*pb.RerankScore
	if err == nil {
		scores, err = sorted(numbers, len(in.Texts))
	}
	if err != nil {
		text, err := told(err)
		return &pb.RerankResponse{Error: text}, err
	}
	if n := int(in.TopN); n > 0 && n < len(scores) {
		scores = scores[:n]
	}
	return &pb.RerankResponse{Scores: scores}, nil
}

// sorted returns the best first; texts with equal scores keep their order.
func sorted(numbers []float32, texts int) ([]*pb.RerankScore, error) {
	if len(numbers) != texts {
		return nil, status.Errorf(codes.Internal, "%d scores for %d texts", len(numbers), texts)
	}
	scores := make([]*pb.RerankScore, texts)
	for i, number := range numbers {
		if math.IsNaN(float64(number)) || math.IsInf(float64(number), 0) {
			return nil, fmt.Errorf("the score of text %d is %v", i, number)
		}
		scores[i] = &pb.RerankScore{Index: int32(i), Score: number}
	}
	sort.SliceStable(scores, func(a, b int) bool { return scores[a].Score > scores[b].Score })
	return scores, nil
}

func (s *rerankerServer) GetModelInfo(context.Context, *pb.Empty) (*pb.RerankerInfo, error) {
	return &pb.RerankerInfo{
		ModelName: valid(s.impl.GetModelName()), MaxTokens: int32(s.impl.GetMaxTokens()),
	}, nil
}

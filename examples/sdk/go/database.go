package grpc

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/go-plugin"
	rpc "google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/kadirpekel/hector/plugins/grpc/pluginpb"
)

// DatabaseProvider stores vectors and their documents.
//
// Metadata arrive as strings; a value that is not a string in the user's record is its JSON text.
// The document's text is the metadata "content". Search results are converted back in the same way.
type DatabaseProvider interface {
	Plugin
	// Upsert returns once the document is stored and survives the process.
	Upsert(ctx context.Context, collection string, id string, vector []float32, metadata map[string]interface{}) error
	// Search returns the best first. DetailsOf has the filter, whether vectors are wanted, and the
	// words of the question.
	Search(ctx context.Context, collection string, vector []float32, topK int) ([]*SearchResult, error)
	// Delete succeeds for unknown documents.
	Delete(ctx context.Context, collection string, id string) error
	// CreateCollection succeeds if the collection exists with the same size.
	CreateCollection(ctx context.Context, collection string, vectorSize uint64) error
	DeleteCollection(ctx context.Context, collection string) error
}

// SearchResult is a document that was found.
type SearchResult struct {
	ID string
	// Higher is better.
	Score    float32
	Content  string
	Vector   []float32
	Metadata map[string]interface{}
	// The model that made the vector, if the database knows it.
	ModelName string
	// The parts of the score, each before it was weighed: the similarity of the vectors, and the score
	// of the words, from 0 to 1. Nil where there was nothing to compare.
	VectorScore, TextScore *float32
	// The parts of the score, if Details.Explain asks for them: any value that JSON can hold.
	Explanation interface{}
}

// UpsertBatcher, SearchBatcher and DeleteBatcher are DatabaseProviders that process many items at
// once. Each returns as many answers as it got requests, in their order.
type UpsertBatcher interface {
	UpsertBatch(ctx context.Context, documents []Document) []error
}

type SearchBatcher interface {
	SearchBatch(ctx context.Context, queries []Query) []Found
}

type DeleteBatcher interface {
	// DeleteBatch needs only the collections and ids of the documents.
	DeleteBatch(ctx context.Context, documents []Document) []error
}

// Document is the data of an upsert.
type Document struct {
	Collection, ID string
	Vector         []float32
	Metadata       map[string]interface{}
}

// Query is one search of a batch.
type Query struct {
	Collection string
	Vector     []float32
	TopK       int
	Details    Details
}

// Found is the result of one search of a batch, or the reason why it failed.
type Found struct {
	Results []*SearchResult
	Err     error
}

// DatabaseProviderPlugin serves a DatabaseProvider through go-plugin, and the batches that it
// supports.
type DatabaseProviderPlugin struct {
	plugin.NetRPCUnsupportedPlugin
	Impl DatabaseProvider
}

func (p *DatabaseProviderPlugin) GRPCServer(_ *plugin.GRPCBroker, server *rpc.Server) error {
	s := &databaseServer{newLifecycle(p.Impl, KindDatabase), p.Impl}
	pb.RegisterDatabaseProviderServer(server, s)
	// An unsupported batch is UNIMPLEMENTED, so the host makes single calls.
	pb.RegisterDatabaseBatchServer(server, databaseBatch{impl: p.Impl})
	if impl, ok := p.Impl.(DatabaseCatalog); ok {
		pb.RegisterDatabaseCatalogServer(server, databaseCatalog{impl: impl})
	}
	return nil
}

// GRPCClient is for hosts written in Go: it returns a pluginpb.DatabaseProviderClient.
func (p *DatabaseProviderPlugin) GRPCClient(
	_ context.Context, _ *plugin.GRPCBroker, conn *rpc.ClientConn,
) (interface{}, error) {
	return pb.NewDatabaseProviderClient(conn), nil
}

type databaseServer struct {
	*lifecycle
	impl DatabaseProvider
}

func (s *databaseServer) Upsert(
	ctx context.Context, in *pb.UpsertRequest,
) (*pb.UpsertResponse, error) {
	d := document(in)
	text, err := told(s.impl.Upsert(ctx, d.Collection, d.ID, d.Vector, d.Metadata))
	return &pb.UpsertResponse{Success: text == "", Error: text}, err
}

func (s *databaseServer) Search(
	ctx context.Context, in *pb.SearchRequest,
) (*pb.SearchResponse, error) {
	q := query(in)
	results, err := s.impl.Search(WithDetails(ctx, q.Details), q.Collection, q.Vector, q.TopK)
	if err == nil {
		return found(results)
	}
	text, err := told(err)
	return &pb.SearchResponse{Error: text}, err
}

func (s *databaseServer) Delete(
	ctx context.Context, in *pb.DeleteRequest,
) (*pb.DeleteResponse, error) {
	text, err := told(s.impl.Delete(ctx, in.Collection, in.Id))
	return &pb.DeleteResponse{Success: text == "", Error: text}, err
}

func (s *databaseServer) CreateCollection(
	ctx context.Context, in *pb.CreateCollectionRequest,
) (*pb.CreateCollectionResponse, error) {
	ctx = WithDetails(ctx, Details{Properties: in.Properties})
	text, err := told(s.impl.CreateCollection(ctx, in.Collection, in.VectorSize))
	return &pb.CreateCollectionResponse{Success: text == "", Error: text}, err
}

func (s *databaseServer) DeleteCollection(
	ctx context.Context, in *pb.DeleteCollectionRequest,
) (*pb.DeleteCollectionResponse, error) {
	text, err := told(s.impl.DeleteCollection(ctx, in.Collection))
	return &pb.DeleteCollectionResponse{Success: text == "", Error: text}, err
}

type databaseBatch struct{ impl DatabaseProvider }

func (b databaseBatch) UpsertBatch(
	ctx context.Context, in *pb.UpsertBatchRequest,
) (*pb.UpsertBatchResponse, error) {
	impl, ok := b.impl.(UpsertBatcher)
	if !ok {
		return nil, status.Error(codes.Unimplemented, "no batches of upserts")
	}
	documents := make([]Document, len(in.Requests))
	for i, request := range in.Requests {
		documents[i] = document(request)
	}
	errs := impl.UpsertBatch(ctx, documents)
	out := &pb.UpsertBatchResponse{}
	for _, err := range errs {
		response := &pb.UpsertResponse{Success: err == nil, Error: itemError(err)}
		out.Responses = append(out.Responses, response)
	}
	return out, sameLength(len(documents), len(errs))
}

func (b databaseBatch) SearchBatch(
	ctx context.Context, in *pb.SearchBatchRequest,
) (*pb.SearchBatchResponse, error) {
	impl, ok := b.impl.(SearchBatcher)
	if !ok {
		return nil, status.Error(codes.Unimplemented, "no batches of searches")
	}
	queries := make([]Query, len(in.Requests))
	for i, request := range in.Requests {
		queries[i] = query(request)
	}
	answers := impl.SearchBatch(ctx, queries)
	out := &pb.SearchBatchResponse{}
	for _, answer := range answers {
		response, err := found(answer.Results)
		if answer.Err != nil {
			err = answer.Err
		}
		if err != nil {
			response = &pb.SearchResponse{Error: itemError(err)}
		}
		out.Responses = append(out.Responses, response)
	}
	return out, sameLength(len(queries), len(answers))
}

func (b databaseBatch) DeleteBatch(
	ctx context.Context, in *pb.DeleteBatchRequest,
) (*pb.DeleteBatchResponse, error) {
	impl, ok := b.impl.(DeleteBatcher)
	if !ok {
		return nil, status.Error(codes.Unimplemented, "no batches of deletions")
	}
	documents := make([]Document, len(in.Requests))
	for i, request := range in.Requests {
		documents[i] = Document{Collection: request.Collection, ID: request.Id}
	}
	errs := impl.DeleteBatch(ctx, documents)
	out := &pb.DeleteBatchResponse{}
	for _, err := range errs {
		response := &pb.DeleteResponse{Success: err == nil, Error: itemError(err)}
		out.Responses = append(out.Responses, response)
	}
	return out, sameLength(len(documents), len(errs))
}

func document(in *pb.UpsertRequest) Document {
	return Document{in.Collection, in.Id, in.Vector, toValues(in.Metadata)}
}

func query(in *pb.SearchRequest) Query {
	details := Details{
		Filter: in.FilterJson, IncludeVectors: in.IncludeVectors, Text: in.Text,
		Options: in.Options, Explain: in.Explain,
	}
	if given, ok := in.OptionalAlpha.(*pb.SearchRequest_Alpha); ok {
		details.Alpha = &given.Alpha
	}
	return Query{in.Collection, in.Vector, int(in.TopK), details}
}

func found(results []*SearchResult) (*pb.SearchResponse, error) {
	out := &pb.SearchResponse{}
	for _, result := range results {
		metadata, err := toTexts(result.Metadata)
		if err != nil {
			return nil, err
		}
		wire := &pb.SearchResult{
			Id: valid(result.ID), Score: result.Score, Content: valid(result.Content),
			Vector: result.Vector, Metadata: metadata, ModelName: valid(result.ModelName),
		}
		if score := result.VectorScore; score != nil {
			wire.OptionalVectorScore = &pb.SearchResult_VectorScore{VectorScore: *score}
		}
		if score := result.TextScore; score != nil {
			wire.OptionalTextScore = &pb.SearchResult_TextScore{TextScore: *score}
		}
		if result.Explanation != nil {
			explanation, err := json.Marshal(result.Explanation)
			if err != nil {
				return nil, err
			}
			wire.ExplanationJson = string(explanation)
		}
		out.Results = append(out.Results, wire)
	}
	return out, nil
}

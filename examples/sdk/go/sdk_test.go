package grpc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-plugin"
	rpc "google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/kadirpekel/hector/plugins/grpc/pluginpb"
)

// connect serves a plugin as go-plugin would, on a socket of this test.
func connect(t *testing.T, adapter plugin.GRPCPlugin) (interface{}, *rpc.ClientConn) {
	t.Helper()
	listener, err := net.Listen("unix", t.TempDir()+"/socket")
	if err != nil {
		t.Fatal(err)
	}
	server := Server(nil)
	if err := adapter.GRPCServer(nil, server); err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	conn, err := rpc.Dial("unix:"+listener.Addr().String(), rpc.WithInsecure())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	client, err := adapter.GRPCClient(context.Background(), nil, conn)
	if err != nil {
		t.Fatal(err)
	}
	return client, conn
}

func expect(t *testing.T, found, expected interface{}) {
	t.Helper()
	if !reflect.DeepEqual(found, expected) {
		t.Errorf("found %#v, expected %#v", found, expected)
	}
}

// base is a plugin without a kind. Its methods fail with err.
type base struct {
	err    error
	config map[string]interface{}
}

func (b *base) Initialize(_ context.Context, config map[string]interface{}) error {
	b.config = config
	return b.err
}
func (b *base) Shutdown(context.Context) error { return b.err }
func (b *base) Health(context.Context) error   { return b.err }

type model struct {
	base
	stream  StreamReader
	asked   []Message
	tools   []ToolDefinition
	details Details
}

func (m *model) Generate(
	ctx context.Context, messages []Message, tools []ToolDefinition,
) (*LLMResponse, error) {
	m.asked, m.tools, m.details = messages, tools, DetailsOf(ctx)
	return &LLMResponse{
		Text: "hi", ToolCalls: []*ToolCall{{"1", "f", "{}"}}, TokensUsed: 3,
		Usage: map[string]int64{"total_tokens": 3}, FinishReason: "tool_calls",
	}, m.err
}

func (m *model) GenerateStreaming(
	ctx context.Context, _ []Message, _ []ToolDefinition,
) (StreamReader, error) {
	if m.stream == nil {
		m.stream = NewStream(ctx, func(_ context.Context, send func(*StreamChunk) error) error {
			for _, text := range []string{"a", "b"} {
				if err := send(&StreamChunk{Text: text}); err != nil {
					return err
				}
			}
			return m.err
		})
	}
	return m.stream, nil
}
func (m *model) GetModelName() string    { return "m" }
func (m *model) GetMaxTokens() int       { return 7 }
func (m *model) GetTemperature() float64 { return 0.5 }
func (m *model) GetManifest() Manifest   { return Manifest{Name: "n", Version: "1.0.0"} }

func TestAModelIsAskedAndAnswers(t *testing.T) {
	m := &model{}
	connected, _ := connect(t, &LLMProviderPlugin{Impl: m})
	client, ctx := connected.(pb.LLMProviderClient), context.Background()
	answer, err := client.Generate(ctx, &pb.GenerateRequest{
		Messages: []*pb.Message{
			{Role: "assistant", ToolCalls: []*pb.ToolCall{{Id: "1", Name: "f", ArgumentsJson: "{}"}}},
			{Role: "tool", Content: "c", ToolCallId: "1"},
		},
		Tools:              []*pb.ToolDefinition{{Name: "f", Description: "d", ParametersJson: "{}"}},
		Options:            map[string]string{"stop": "x"},
		ResponseSchemaJson: "true",
	})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, answer.Text+answer.FinishReason, "hitool_calls")
	expect(t, answer.ToolCalls[0].Id+answer.ToolCalls[0].Name, "1f")
	expect(t, answer.TokensUsed, int32(3))
	expect(t, answer.Usage, map[string]int64{"total_tokens": 3})
	expect(t, m.asked, []Message{
		{Role: "assistant", ToolCalls: []*ToolCall{{"1", "f", "{}"}}},
		{Role: "tool", Content: "c", ToolCalls: []*ToolCall{}, ToolCallID: "1"},
	})
	expect(t, m.tools, []ToolDefinition{{"f", "d", "{}"}})
	expect(t, m.details, Details{Options: map[string]string{"stop": "x"}, ResponseSchema: "true"})
	info, err := client.GetModelInfo(ctx, &pb.Empty{})
	expect(t, err, nil)
	expect(t, []interface{}{info.ModelName, info.MaxTokens, info.Temperature},
		[]interface{}{"m", int32(7), 0.5})
}

func TestAStreamEndsWithDoneOrTheError(t *testing.T) {
	for _, c := range []struct {
		err  error
		code codes.Code
	}{
		{nil, codes.OK},
		{errors.New("lost"), codes.Unknown},
		{fmt.Errorf("asking: %w", status.Error(codes.ResourceExhausted, "slow")),
			codes.ResourceExhausted},
	} {
		connected, _ := connect(t, &LLMProviderPlugin{Impl: &model{base: base{err: c.err}}})
		stream, err := connected.(pb.LLMProviderClient).GenerateStreaming(
			context.Background(), &pb.GenerateRequest{})
		if err != nil {
			t.Fatal(err)
		}
		text, last := "", pb.StreamChunk_TEXT
		for {
			chunk, err := stream.Recv()
			if err != nil {
				if c.err == nil {
					expect(t, err, io.EOF)
				} else {
					expect(t, status.Code(err), c.code)
				}
				break
			}
			text, last = text+chunk.Text, chunk.Type
		}
		expect(t, text, "ab")
		expect(t, last == pb.StreamChunk_DONE, c.err == nil)
	}
}

func TestAStreamThatIsCancelledEndsItsProducer(t *testing.T) {
	ended := make(chan error, 1)
	m := &model{}
	connected, _ := connect(t, &LLMProviderPlugin{Impl: producing{m, ended}})
	ctx, cancel := context.WithCancel(context.Background())
	stream, err := connected.(pb.LLMProviderClient).GenerateStreaming(ctx, &pb.GenerateRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	cancel()
	expect(t, <-ended, context.Canceled)
}

// producing is a model that continues until it is stopped.
type producing struct {
	*model
	ended chan error
}

func (p producing) GenerateStreaming(
	ctx context.Context, _ []Message, _ []ToolDefinition,
) (StreamReader, error) {
	return NewStream(ctx, func(_ context.Context, send func(*StreamChunk) error) error {
		for {
			if err := send(&StreamChunk{Text: "more"}); err != nil {
				p.ended <- err
				return err
			}
		}
	}), nil
}

func TestThePartsThatAllKindsHave(t *testing.T) {
	m := &model{}
	connected, _ := connect(t, &LLMProviderPlugin{Impl: m})
	client, ctx := connected.(pb.LLMProviderClient), context.Background()
	state := func() string {
		response, err := client.GetStatus(ctx, &pb.StatusRequest{})
		expect(t, err, nil)
		return response.Status
	}
	expect(t, state(), "unloaded")
	m.err = errors.New("no key")
	failed, err := client.Initialize(ctx, &pb.InitializeRequest{})
	expect(t, err, nil)
	expect(t, []interface{}{failed.Success, failed.Error}, []interface{}{false, "no key"})
	expect(t, state(), "error")
	health, err := client.Health(ctx, &pb.HealthRequest{})
	expect(t, err, nil)
	expect(t, []interface{}{health.Healthy, health.Message}, []interface{}{false, "no key"})

	m.err = nil
	config := map[string]string{"a": "1"}
	initialized, err := client.Initialize(ctx, &pb.InitializeRequest{Config: config})
	expect(t, err, nil)
	expect(t, initialized.Success, true)
	expect(t, m.config, map[string]interface{}{"a": "1"})
	expect(t, state(), "ready")
	for _, same := range []map[string]string{{}, {"a": "1"}} {
		again, err := client.Initialize(ctx, &pb.InitializeRequest{Config: same})
		expect(t, err, nil)
		expect(t, again.Success, true)
	}
	_, err = client.Initialize(ctx, &pb.InitializeRequest{Config: map[string]string{"a": "2"}})
	expect(t, status.Code(err), codes.FailedPrecondition)
	expect(t, status.Convert(err).Message(),
		"it is in use already and keeps its settings: 'a' is '1', not '2'")
	expect(t, m.config, map[string]interface{}{"a": "1"})
	manifest, err := client.GetManifest(ctx, &pb.ManifestRequest{})
	expect(t, err, nil)
	expect(t, manifest.Name+manifest.Version+manifest.Type+manifest.Protocol,
		"n1.0.0llm_providergrpc")
	ended, err := client.Shutdown(ctx, &pb.ShutdownRequest{})
	expect(t, err, nil)
	expect(t, ended.Success, true)
	expect(t, state(), "shutdown")
}

type keyed struct{ model }

func (k *keyed) GetManifest() Manifest { return Manifest{Required: []string{"key"}} }

func TestNothingIsInitializedWithoutWhatIsRequired(t *testing.T) {
	connected, _ := connect(t, &LLMProviderPlugin{Impl: &keyed{}})
	client, ctx := connected.(pb.LLMProviderClient), context.Background()
	for _, config := range []map[string]string{nil, {"key": ""}, {"key": "k"}} {
		answer, err := client.Initialize(ctx, &pb.InitializeRequest{Config: config})
		expect(t, err, nil)
		problem := "setting 'key' is missing: the manifest requires it"
		if config["key"] != "" {
			problem = ""
		}
		expect(t, answer.Error, problem)
		expect(t, answer.Success, problem == "")
	}
}

func TestTheFileSaysWhatIsRequired(t *testing.T) {
	for _, test := range []struct {
		manifest string
		names    []string
	}{
		{"plugin:\n  config_schema:\n    required:\n      - a\n      - \"b\"  # one\n    optional:\n      - c\n", []string{"a", "b"}},
		{"plugin:\n  config_schema: { optional: [x], required: [a, \"b\"] }\n", []string{"a", "b"}},
		{"plugin:\n  config_schema:\n    optional: [x]\n    required: [a,\n      'b']\n  capabilities: { required: [z] }\n", []string{"a", "b"}},
		{"plugin:\n  config_schema:\n    required:\n    - a\n    - b\n  name: c\n", []string{"a", "b"}},
		{"plugin:\n  config_schema:\n    # required: [a]\n    required: []\n", []string{}},
		{"plugin:\n  config_schema:\n    required: [*anchor]\n", []string{}},
		{"plugin:\n  name: required\n  config_schema:\n    optional: [a]\n", []string{}},
		{"required: [a]\n", []string{}},
		{"", []string{}},
		{"{", []string{}},
	} {
		names := requiredIn(test.manifest)
		expect(t, append([]string{}, names...), test.names)
	}
}

type embedder struct{ base }

func (e *embedder) Embed(ctx context.Context, text string) ([]float32, error) {
	switch text {
	case "bad":
		return nil, errors.New("bad text")
	case "no reason":
		return nil, errors.New("")
	case "busy":
		return nil, status.Error(codes.ResourceExhausted, "busy")
	}
	return []float32{float32(len(text)), float32(len(DetailsOf(ctx).InputType))}, nil
}
func (e *embedder) GetDimension() int    { return 2 }
func (e *embedder) GetModelName() string { return "lengths" }

type batchEmbedder struct{ embedder }

func (e *batchEmbedder) EmbedBatch(ctx context.Context, texts []string) []Embedding {
	var out []Embedding
	for _, text := range texts {
		if text == "short" {
			return out
		}
		vector, err := e.Embed(ctx, text)
		out = append(out, Embedding{vector, err})
	}
	return out
}

func TestAnEmbedderTellsErrorsByTheirKind(t *testing.T) {
	connected, conn := connect(t, &EmbedderProviderPlugin{Impl: &embedder{}})
	client, ctx := connected.(pb.EmbedderProviderClient), context.Background()
	answer, err := client.Embed(ctx, &pb.EmbedRequest{Text: "abc", InputType: "query"})
	expect(t, err, nil)
	expect(t, answer.Vector, []float32{3, 5})
	answer, err = client.Embed(ctx, &pb.EmbedRequest{Text: "bad"})
	expect(t, err, nil)
	expect(t, answer.Error, "bad text")
	_, err = client.Embed(ctx, &pb.EmbedRequest{Text: "busy"})
	expect(t, status.Code(err), codes.ResourceExhausted)
	_, err = pb.NewEmbedderBatchClient(conn).EmbedBatch(ctx, &pb.EmbedBatchRequest{})
	expect(t, status.Code(err), codes.Unimplemented)
	long := strings.Repeat("x", 5<<20)
	answer, err = client.Embed(ctx, &pb.EmbedRequest{Text: long})
	expect(t, err, nil)
	expect(t, answer.Vector[0], float32(len(long)))
}

func TestABatchKeepsOrderAndUseAndHasAnErrorForEachItem(t *testing.T) {
	_, conn := connect(t, &EmbedderProviderPlugin{Impl: &batchEmbedder{}})
	client, ctx := pb.NewEmbedderBatchClient(conn), context.Background()
	answer, err := client.EmbedBatch(ctx, &pb.EmbedBatchRequest{Requests: []*pb.EmbedRequest{
		{Text: "a"}, {Text: "bb", InputType: "query"}, {Text: "bad", InputType: "query"},
		{Text: "busy"}, {Text: "no reason"}, {Text: "ccc"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	var vectors [][]float32
	var problems []string
	for _, response := range answer.Responses {
		vectors = append(vectors, response.Vector)
		problems = append(problems, response.Error)
	}
	expect(t, vectors, [][]float32{{1, 0}, {2, 5}, nil, nil, nil, {3, 0}})
	expect(t, problems, []string{"", "", "bad text", "busy", "it did not say why", ""})
	_, err = client.EmbedBatch(ctx, &pb.EmbedBatchRequest{Requests: []*pb.EmbedRequest{
		{Text: "a"}, {Text: "short"},
	}})
	expect(t, status.Code(err), codes.Internal)
}

type reranker struct {
	base
	odd float32
}

func (r *reranker) Score(_ context.Context, query string, texts []string) ([]float32, error) {
	if query == "few" {
		return nil, nil
	}
	if query == "busy" {
		return nil, status.Error(codes.ResourceExhausted, "later")
	}
	scores := make([]float32, len(texts))
	for i, text := range texts {
		scores[i] = float32(strings.Count(text, query)) + r.odd
	}
	return scores, r.err
}
func (r *reranker) GetModelName() string { return "counts" }
func (r *reranker) GetMaxTokens() int    { return 7 }

func TestARerankerSortsAndKeepsTheBest(t *testing.T) {
	r := &reranker{}
	connected, _ := connect(t, &RerankerProviderPlugin{Impl: r})
	client, ctx := connected.(pb.RerankerProviderClient), context.Background()
	rerank := func(topN int32, texts ...string) string {
		answer, err := client.Rerank(
			ctx, &pb.RerankRequest{Query: "a", Texts: texts, TopN: topN})
		expect(t, err, nil)
		out := answer.Error
		for _, score := range answer.Scores {
			out += fmt.Sprint(score.Index, ":", score.Score, " ")
		}
		return out
	}
	expect(t, rerank(0, "b", "ab", "aa", "a"), "2:2 1:1 3:1 0:0 ")
	expect(t, rerank(1, "b", "ab", "aa"), "2:2 ")
	expect(t, rerank(9, "a"), "0:1 ")
	expect(t, rerank(1), "")
	r.odd = float32(math.Inf(1))
	expect(t, rerank(0, "a"), "the score of text 0 is +Inf")
	r.err = errors.New("out of order")
	expect(t, rerank(0, "a"), "out of order")
	for query, code := range map[string]codes.Code{
		"few": codes.Internal, "busy": codes.ResourceExhausted,
	} {
		_, err := client.Rerank(ctx, &pb.RerankRequest{Query: query, Texts: []string{"a"}})
		expect(t, status.Code(err), code)
	}
	info, err := client.GetModelInfo(ctx, &pb.Empty{})
	expect(t, err, nil)
	expect(t, fmt.Sprint(info.ModelName, info.MaxTokens), "counts7")
}

// catalog has one collection, and says how it was asked for things.
type catalog struct {
	database
	created Details
	ended   chan error
}

func (c *catalog) CreateCollection(ctx context.Context, _ string, _ uint64) error {
	c.created = DetailsOf(ctx)
	return nil
}
func (c *catalog) Search(
	ctx context.Context, _ string, _ []float32, _ int,
) ([]*SearchResult, error) {
	vector, text := float32(0), float32(0.75)
	return []*SearchResult{
		{ID: "1", VectorScore: &vector, TextScore: &text, Explanation: DetailsOf(ctx)}, {ID: "2"},
	}, nil
}
func (c *catalog) ListCollections(_ context.Context, prefix string) ([]CollectionInfo, error) {
	if prefix == "fail" {
		return nil, errors.New("no list today")
	}
	return []CollectionInfo{{prefix, 2, 3, 40, map[string]string{"alpha": "0.5"}}}, nil
}
func (c *catalog) GetRecords(
	_ context.Context, collection string, ids []string, _ bool,
) ([]Document, error) {
	var out []Document
	for _, id := range ids {
		metadata := map[string]interface{}{"n": 1}
		out = append(out, Document{collection, id, []float32{1, 2}, metadata})
	}
	return out, nil
}
func (c *catalog) ScanRecords(
	_ context.Context, scan Scan, send func(Document) error,
) (err error) {
	defer func() { c.ended <- err }()
	metadata := map[string]interface{}{"content": strings.Repeat("x", 600_000)}
	for i := 0; i < 3 || scan.Collection == "endless"; i++ {
		if i == 2 && scan.Collection == "fails" {
			return errors.New("the disk is gone")
		}
		if err := send(Document{ID: fmt.Sprint(i), Metadata: metadata}); err != nil {
			return err
		}
	}
	return nil
}
func (c *catalog) MoveCollection(_ context.Context, from, to string, replace bool) error {
	if replace {
		return nil
	}
	return fmt.Errorf("not from %s to %s", from, to)
}

func TestADatabaseSaysWhatItHas(t *testing.T) {
	c := &catalog{ended: make(chan error, 1)}
	connected, conn := connect(t, &DatabaseProviderPlugin{Impl: c})
	database, client := connected.(pb.DatabaseProviderClient), pb.NewDatabaseCatalogClient(conn)
	ctx := context.Background()
	properties := map[string]string{"model": "m"}
	_, err := database.CreateCollection(ctx, &pb.CreateCollectionRequest{Properties: properties})
	expect(t, err, nil)
	expect(t, c.created.Properties, properties)
	list, err := client.ListCollections(ctx, &pb.ListCollectionsRequest{Prefix: "p"})
	expect(t, err, nil)
	info := list.Collections[0]
	expect(t, fmt.Sprint(info.Name, info.VectorSize, info.Count, info.Bytes, info.Properties),
		"p2 3 40 map[alpha:0.5]")
	list, err = client.ListCollections(ctx, &pb.ListCollectionsRequest{Prefix: "fail"})
	expect(t, err, nil)
	expect(t, list.Error, "no list today")
	for _, vectors := range []bool{true, false} {
		got, err := client.GetRecords(ctx, &pb.GetRecordsRequest{
			Collection: "c", Ids: []string{"2", "1"}, IncludeVectors: vectors,
		})
		expect(t, err, nil)
		expect(t, got.Records[0].Id+got.Records[1].Id, "21")
		expect(t, got.Records[0].Metadata, map[string]string{"n": "1"})
		expect(t, len(got.Records[0].Vector) > 0, vectors)
	}
	moved, err := client.MoveCollection(ctx, &pb.MoveCollectionRequest{From: "a", To: "b"})
	expect(t, err, nil)
	expect(t, moved.Error, "not from a to b")
	moved, err = client.MoveCollection(ctx, &pb.MoveCollectionRequest{Replace: true})
	expect(t, err, nil)
	expect(t, moved.Success, true)

	for collection, expected := range map[string]string{
		"c": "0 1 2 ", "fails": "0 1 the disk is gone",
	} {
		stream, err := client.ScanRecords(ctx, &pb.ScanRecordsRequest{Collection: collection})
		expect(t, err, nil)
		found := ""
		for {
			piece, err := stream.Recv()
			if err != nil {
				expect(t, err, io.EOF)
				break
			}
			// Together they have more than a mebibyte.
			expect(t, len(piece.Records) < 2, true)
			for _, record := range piece.Records {
				found += record.Id + " "
			}
			found += piece.Error
		}
		expect(t, found, expected)
		<-c.ended
	}
	cancelled, cancel := context.WithCancel(ctx)
	stream, err := client.ScanRecords(cancelled, &pb.ScanRecordsRequest{Collection: "endless"})
	expect(t, err, nil)
	_, err = stream.Recv()
	expect(t, err, nil)
	cancel()
	expect(t, <-c.ended != nil, true)
}

func TestASearchHasTheWordsOfTheQuestion(t *testing.T) {
	connected, _ := connect(t, &DatabaseProviderPlugin{Impl: &catalog{}})
	client := connected.(pb.DatabaseProviderClient)
	answer, err := client.Search(context.Background(), &pb.SearchRequest{
		Text: "a b", OptionalAlpha: &pb.SearchRequest_Alpha{}, Explain: true,
		Options: map[string]string{"ef": "9"},
	})
	expect(t, err, nil)
	first, second := answer.Results[0], answer.Results[1]
	expect(t, first.OptionalVectorScore, &pb.SearchResult_VectorScore{})
	expect(t, first.GetTextScore(), float32(0.75))
	expect(t, second.OptionalVectorScore == nil && second.ExplanationJson == "", true)
	var details Details
	expect(t, json.Unmarshal([]byte(first.ExplanationJson), &details), nil)
	expect(t, details.Text+fmt.Sprint(*details.Alpha, details.Explain, details.Options),
		"a b0 true map[ef:9]")
}

func TestADatabaseWithoutACatalogSaysSo(t *testing.T) {
	_, conn := connect(t, &DatabaseProviderPlugin{Impl: &database{}})
	_, err := pb.NewDatabaseCatalogClient(conn).ListCollections(
		context.Background(), &pb.ListCollectionsRequest{})
	expect(t, status.Code(err), codes.Unimplemented)
}

// database stores one document, and searches and upserts batches.
type database struct {
	base
	kept Document
}

func (d *database) Upsert(
	_ context.Context, collection, id string, vector []float32, metadata map[string]interface{},
) error {
	if id == "" {
		return errors.New("no id")
	}
	if id == "no reason" {
		return errors.New("")
	}
	d.kept = Document{collection, id, vector, metadata}
	return nil
}
func (d *database) Search(
	ctx context.Context, collection string, vector []float32, topK int,
) ([]*SearchResult, error) {
	if collection != d.kept.Collection {
		return nil, status.Errorf(codes.NotFound, "no collection '%s'", collection)
	}
	metadata := map[string]interface{}{
		"year": 2026, "content": "text", "filter": DetailsOf(ctx).Filter,
	}
	return []*SearchResult{{ID: d.kept.ID, Score: float32(topK), Metadata: metadata}}, nil
}
func (d *database) Delete(context.Context, string, string) error           { return nil }
func (d *database) CreateCollection(context.Context, string, uint64) error { return nil }
func (d *database) DeleteCollection(context.Context, string) error         { return d.err }
func (d *database) UpsertBatch(ctx context.Context, documents []Document) []error {
	errs := make([]error, len(documents))
	for i, o := range documents {
		errs[i] = d.Upsert(ctx, o.Collection, o.ID, o.Vector, o.Metadata)
	}
	return errs
}
func (d *database) SearchBatch(ctx context.Context, queries []Query) []Found {
	out := make([]Found, len(queries))
	for i, q := range queries {
		out[i].Results, out[i].Err = d.Search(
			WithDetails(ctx, q.Details), q.Collection, q.Vector, q.TopK)
	}
	return out
}

func TestADatabaseAnswersAloneAndInBatches(t *testing.T) {
	d := &database{}
	connected, conn := connect(t, &DatabaseProviderPlugin{Impl: d})
	client, ctx := connected.(pb.DatabaseProviderClient), context.Background()
	upsert := &pb.UpsertRequest{
		Collection: "c", Id: "i", Vector: []float32{1}, Metadata: map[string]string{"year": "2026"},
	}
	stored, err := client.Upsert(ctx, upsert)
	expect(t, err, nil)
	expect(t, stored.Success, true)
	expect(t, d.kept, Document{"c", "i", []float32{1}, map[string]interface{}{"year": "2026"}})
	search := &pb.SearchRequest{Collection: "c", TopK: 3, FilterJson: "{}"}
	answer, err := client.Search(ctx, search)
	expect(t, err, nil)
	expect(t, answer.Results[0].Id, "i")
	expect(t, answer.Results[0].Score, float32(3))
	expect(t, answer.Results[0].Metadata,
		map[string]string{"year": "2026", "content": "text", "filter": "{}"})
	_, err = client.Search(ctx, &pb.SearchRequest{Collection: "other"})
	expect(t, status.Code(err), codes.NotFound)

	batch := pb.NewDatabaseBatchClient(conn)
	all, err := batch.UpsertBatch(ctx, &pb.UpsertBatchRequest{
		Requests: []*pb.UpsertRequest{upsert, {Collection: "c"}, {Collection: "c", Id: "no reason"}},
	})
	expect(t, err, nil)
	expect(t, []interface{}{all.Responses[0].Success, all.Responses[1].Error},
		[]interface{}{true, "no id"})
	expect(t, []interface{}{all.Responses[2].Success, all.Responses[2].Error},
		[]interface{}{false, "it did not say why"})
	found, err := batch.SearchBatch(ctx, &pb.SearchBatchRequest{
		Requests: []*pb.SearchRequest{search, {Collection: "other"}},
	})
	expect(t, err, nil)
	expect(t, found.Responses[0].Results[0].Metadata["filter"], "{}")
	expect(t, found.Responses[1].Error, "no collection 'other'")
	_, err = batch.DeleteBatch(ctx, &pb.DeleteBatchRequest{})
	expect(t, status.Code(err), codes.Unimplemented)
}

type tools struct{ base }

func (*tools) DiscoverTools(context.Context) error { return nil }
func (*tools) ListTools() []*ToolInfo              { return []*ToolInfo{echo{}.GetInfo()} }
func (*tools) GetTool(name string) (Tool, bool)    { return echo{}, name == "echo" }
func (*tools) ExecuteTool(
	ctx context.Context, name string, args map[string]interface{},
) (*ToolResult, error) {
	if name == "give_up" {
		return &ToolResult{}, nil
	}
	if name != "echo" {
		return nil, fmt.Errorf("no tool '%s'", name)
	}
	return echo{}.Execute(ctx, args)
}

type echo struct{}

func (echo) GetInfo() *ToolInfo {
	return &ToolInfo{Name: "echo", ParametersJSON: "{}", ReadOnly: HintTrue, Destructive: HintFalse}
}
func (echo) Execute(_ context.Context, args map[string]interface{}) (*ToolResult, error) {
	return &ToolResult{
		Success: true, Content: fmt.Sprint(args["text"]),
		Metadata: map[string]interface{}{"count": 1},
	}, nil
}

func TestToolsAreListedFoundAndRun(t *testing.T) {
	connected, _ := connect(t, &ToolProviderPlugin{Impl: &tools{}})
	client, ctx := connected.(pb.ToolProviderClient), context.Background()
	list, err := client.ListTools(ctx, &pb.Empty{})
	expect(t, err, nil)
	expect(t, []interface{}{list.Tools[0].Name, list.Tools[0].ReadOnly, list.Tools[0].Destructive},
		[]interface{}{"echo", pb.Hint_HINT_TRUE, pb.Hint_HINT_FALSE})
	none, err := client.GetTool(ctx, &pb.GetToolRequest{Name: "none"})
	expect(t, err, nil)
	expect(t, none.Found, false)
	result, err := client.ExecuteTool(
		ctx, &pb.ExecuteToolRequest{Name: "echo", ArgumentsJson: `{"text":"hi"}`})
	expect(t, err, nil)
	expect(t, []interface{}{result.Success, result.Content, result.ToolName, result.Metadata},
		[]interface{}{true, "hi", "echo", map[string]string{"count": "1"}})
	result, err = client.ExecuteTool(ctx, &pb.ExecuteToolRequest{Name: "none"})
	expect(t, err, nil)
	expect(t, []interface{}{result.Success, result.Error}, []interface{}{false, "no tool 'none'"})
	failed, err := client.ExecuteTool(ctx, &pb.ExecuteToolRequest{Name: "give_up"})
	expect(t, err, nil)
	expect(t, []interface{}{failed.Success, failed.Error},
		[]interface{}{false, "it did not say why"})
	for _, arguments := range []string{"[1]", "null", "{"} {
		_, err = client.ExecuteTool(
			ctx, &pb.ExecuteToolRequest{Name: "echo", ArgumentsJson: arguments})
		expect(t, status.Code(err), codes.InvalidArgument)
	}
}

type strategy struct{ base }

func (*strategy) PrepareIteration(iteration int, state *ReasoningState) error {
	if iteration == 0 {
		return errors.New("iterations begin at 1")
	}
	state.CustomState["seen"] += state.Query
	return nil
}
func (*strategy) ShouldStop(text string, calls []*ToolCall, state *ReasoningState) bool {
	state.CustomState["text"] = text
	return len(calls) == 0
}
func (*strategy) AfterIteration(
	_ int, _ string, _ []*ToolCall, results []*ToolResult, state *ReasoningState,
) error {
	state.CustomState["took"] = results[0].ExecutionTime.String()
	return nil
}
func (*strategy) GetContextInjection(state *ReasoningState) string {
	return state.Conversation[0].Content
}
func (*strategy) GetPromptSlots() *PromptSlots { return nil }
func (*strategy) GetName() string              { return "s" }
func (*strategy) GetDescription() string       { return "d" }

func TestAStrategyChangesNothingButItsOwnState(t *testing.T) {
	connected, _ := connect(t, &ReasoningStrategyPlugin{Impl: &strategy{}})
	client, ctx := connected.(pb.ReasoningStrategyClient), context.Background()
	state := &pb.ReasoningState{
		Query: "q", CustomState: map[string]string{"seen": "q"},
		Conversation: []*pb.Message{{Role: "user", Content: "c"}},
	}
	prepared, err := client.PrepareIteration(
		ctx, &pb.PrepareIterationRequest{Iteration: 1, State: state})
	expect(t, err, nil)
	expect(t, prepared.CustomState, map[string]string{"seen": "qq"})
	failed, err := client.PrepareIteration(ctx, &pb.PrepareIterationRequest{})
	expect(t, err, nil)
	expect(t, []interface{}{failed.Success, failed.Error},
		[]interface{}{false, "iterations begin at 1"})
	stop, err := client.ShouldStop(ctx, &pb.ShouldStopRequest{Text: "t", State: state})
	expect(t, err, nil)
	expect(t, stop.Stop, true)
	expect(t, stop.CustomState, map[string]string{"seen": "q", "text": "t"})
	after, err := client.AfterIteration(ctx, &pb.AfterIterationRequest{
		State: state, Results: []*pb.ToolResult{{ExecutionTimeMs: 1500}},
	})
	expect(t, err, nil)
	expect(t, after.CustomState["took"], "1.5s")
	injection, err := client.GetContextInjection(
		ctx, &pb.GetContextInjectionRequest{State: state})
	expect(t, err, nil)
	expect(t, injection.Text, "c")
	_, err = client.GetPromptSlots(ctx, &pb.Empty{})
	expect(t, err, nil)
	info, err := client.GetStrategyInfo(ctx, &pb.Empty{})
	expect(t, err, nil)
	expect(t, info.Name+info.Description, "sd")
}

func TestSettingsAreReadAndAllMistakesTold(t *testing.T) {
	s := ReadSettings(map[string]interface{}{
		"int": "7", "float": 0.5, "bool": "true", "time": "90", "long": "1m", "list": `["a"]`,
	})
	var list []string
	s.JSON("list", &list)
	expect(t, s.Int("int", 0), 7)
	expect(t, s.Float("float", 0), 0.5)
	expect(t, s.Bool("bool", false), true)
	expect(t, s.Duration("time", 0), 90*time.Second)
	expect(t, s.Duration("long", 0), time.Minute)
	expect(t, s.String("absent", "x"), "x")
	expect(t, s.Int("absent", 3), 3)
	expect(t, list, []string{"a"})
	expect(t, s.Err(), nil)

	for _, text := range []string{"NaN", "Inf", "-infinity", "1e999"} {
		s = ReadSettings(map[string]interface{}{"float": text})
		expect(t, s.Float("float", 0.5), 0.5)
		expect(t, s.Err(), fmt.Errorf("setting 'float' is '%s': expected a number", text))
	}
	s = ReadSettings(map[string]interface{}{"int": "x", "typo": "1", "key": ""})
	expect(t, s.Int("int", 5), 5)
	s.Required("key")
	expect(t, s.Err(), errors.New("setting 'int' is 'x': expected a whole number; "+
		"setting 'key' is missing; setting 'typo' is unknown"))
}

func TestAnErrorInAStreamSaysSomething(t *testing.T) {
	expect(t, chunkToWire(&StreamChunk{Type: ChunkError}).Error, "it did not say why")
	expect(t, chunkToWire(&StreamChunk{Type: ChunkError, Error: "lost"}).Error, "lost")
	expect(t, chunkToWire(&StreamChunk{Type: ChunkText}).Error, "")
}

func TestAnErrorKeepsItsStatusWhenItIsWrapped(t *testing.T) {
	for _, c := range []struct {
		err  error
		code codes.Code
		text string
	}{
		{errors.New("plain"), codes.Unknown, "plain"},
		{status.Error(codes.NotFound, "gone"), codes.NotFound, "gone"},
		{fmt.Errorf("asking x: %w", status.Error(codes.NotFound, "gone")), codes.NotFound,
			"asking x: gone"},
		{fmt.Errorf("asking x: %w", context.Canceled), codes.Canceled,
			"asking x: context canceled"},
		{context.DeadlineExceeded, codes.DeadlineExceeded, "context deadline exceeded"},
	} {
		found := status.Convert(asStatus(c.err))
		expect(t, found.Code(), c.code)
		expect(t, found.Message(), c.text)
	}
	expect(t, asStatus(nil), nil)
}

func TestSettingsAreComparedAndSecretsNotShown(t *testing.T) {
	given := map[string]string{
		"api_key": "k1", "url": "http://u:p@h/", "nested": `[{"a":1,"b":[1.50,2]}]`, "v": "1.10",
		"big": `[9007199254740993]`,
	}
	for _, test := range []struct{ name, value, text string }{
		{"api_key", "k1", ""},
		{"api_key", "k2", "'api_key' is another than the one given"},
		{"url", "http://h/", "'url' is another than the one given"},
		{"nested", ` [{"b":[1.5,2e0], "a":1.0}]`, ""},
		{"nested", `[{"a":1,"b":[2,1.5]}]`, "'nested' is another than the one given"},
		{"v", "1.1", "'v' is '1.10', not '1.1'"},
		{"big", `[9007199254740992]`, "'big' is another than the one given"},
		{"new", "x", "'new' is not set, and would be 'x'"},
		{"new_token", "x", "'new_token' is not set"},
	} {
		expect(t, difference(given, map[string]string{test.name: test.value}), test.text)
	}
}

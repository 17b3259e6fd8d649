package grpc

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/kadirpekel/hector/plugins/grpc/pluginpb"
)

// The test's own executable is also a plugin that prints.
func TestMain(m *testing.M) {
	if os.Getenv("GRPC_TEST_IS_PLUGIN") != "" {
		ServeEmbedderProvider(&printing{})
		return
	}
	os.Exit(m.Run())
}

type printing struct{ embedder }

func (p *printing) Embed(ctx context.Context, text string) ([]float32, error) {
	for i := 0; i < 5000; i++ {
		fmt.Printf("standard output has line %d of many\n", i)
		fmt.Fprintf(os.Stderr, "standard error has line %d of many\n", i)
	}
	return p.embedder.Embed(ctx, text)
}

type lockedBuffer struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (b *lockedBuffer) Write(data []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.Write(data)
}

func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.String()
}

func TestAPluginThatPrintsMuchDoesNotBlockAndIsRead(t *testing.T) {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), "GRPC_TEST_IS_PLUGIN=1")
	printed := &lockedBuffer{}
	host := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig:  HandshakeConfig,
		Plugins:          map[string]plugin.Plugin{KindEmbedder: &EmbedderProviderPlugin{}},
		Cmd:              command,
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		Stderr:           printed,
		Logger:           hclog.NewNullLogger(),
	})
	defer host.Kill()
	protocol, err := host.Client()
	if err != nil {
		t.Fatal(err)
	}
	dispensed, err := protocol.Dispense(KindEmbedder)
	if err != nil {
		t.Fatal(err)
	}
	client := dispensed.(pb.EmbedderProviderClient)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if _, err := client.Initialize(ctx, &pb.InitializeRequest{}); err != nil {
		t.Fatal(err)
	}
	answer, err := client.Embed(ctx, &pb.EmbedRequest{Text: "abc"})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, answer.Vector, []float32{3, 0})
	host.Kill()
	last := "standard error has line 4999 of many"
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if strings.Contains(printed.String(), last) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the host has read %d bytes, and not the last line", len(printed.String()))
		}
	}
}

// The odd ones print Latin-1.
type oddModel struct {
	model
	reader StreamReader
}

func (*oddModel) Generate(
	context.Context, []Message, []ToolDefinition,
) (*LLMResponse, error) {
	return &LLMResponse{
		Text: "caf\xe9", FinishReason: "\xff", ToolCalls: []*ToolCall{{"\xe9", "\xe9", "{\"\xe9\":1}"}},
		Usage: map[string]int64{"\xe9": 1},
	}, nil
}

func (m *oddModel) GenerateStreaming(
	context.Context, []Message, []ToolDefinition,
) (StreamReader, error) {
	return m.reader, m.err
}

func TestTextsThatAreNotUTF8AreRepairedOnTheirWay(t *testing.T) {
	ctx := context.Background()
	m := &oddModel{}
	m.reader = NewStream(ctx, func(_ context.Context, send func(*StreamChunk) error) error {
		return send(&StreamChunk{Text: "caf\xe9!"})
	})
	connected, _ := connect(t, &LLMProviderPlugin{Impl: m})
	llm := connected.(pb.LLMProviderClient)
	answer, err := llm.Generate(ctx, &pb.GenerateRequest{})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, answer.Text+answer.FinishReason+answer.ToolCalls[0].ArgumentsJson,
		"caf\uFFFD\uFFFD{\"\uFFFD\":1}")
	stream, err := llm.GenerateStreaming(ctx, &pb.GenerateRequest{})
	if err != nil {
		t.Fatal(err)
	}
	chunk, err := stream.Recv()
	if err != nil {
		t.Fatal(err)
	}
	expect(t, chunk.Text, "caf\uFFFD!")
	m.err = fmt.Errorf("caf\xe9: %w", status.Error(codes.Unavailable, "\xe9"))
	health, err := llm.Health(ctx, &pb.HealthRequest{})
	expect(t, status.Convert(err).Message(), "caf\uFFFD: \uFFFD")
	expect(t, health == nil || health.Message == "", true)
	m.err = fmt.Errorf("caf\xe9")
	health, err = llm.Health(ctx, &pb.HealthRequest{})
	expect(t, err, nil)
	expect(t, health.GetMessage(), "caf\uFFFD")

	connected, _ = connect(t, &ToolProviderPlugin{Impl: &oddTools{}})
	client := connected.(pb.ToolProviderClient)
	result, err := client.ExecuteTool(ctx, &pb.ExecuteToolRequest{Name: "odd"})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, []string{result.Content, result.Error, result.Metadata["m\uFFFD"]},
		[]string{"c\uFFFD", "e\uFFFD", "v\uFFFD"})
	result, err = client.ExecuteTool(ctx, &pb.ExecuteToolRequest{Name: "none"})
	expect(t, err, nil)
	expect(t, result.GetError(), "no \uFFFD")

	connected, _ = connect(t, &DatabaseProviderPlugin{Impl: &oddDatabase{}})
	found, err := connected.(pb.DatabaseProviderClient).Search(ctx, &pb.SearchRequest{})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, found.Results[0].Content+found.Results[0].Metadata["content"], "c\uFFFDm\uFFFD")

	connected, _ = connect(t, &ReasoningStrategyPlugin{Impl: &oddStrategy{}})
	prepared, err := connected.(pb.ReasoningStrategyClient).PrepareIteration(
		ctx, &pb.PrepareIterationRequest{Iteration: 1})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, prepared.CustomState, map[string]string{"\uFFFD": "\uFFFD"})
}

type oddTools struct{ tools }

func (*oddTools) ExecuteTool(
	_ context.Context, name string, _ map[string]interface{},
) (*ToolResult, error) {
	if name == "none" {
		return nil, fmt.Errorf("no \xe9")
	}
	return &ToolResult{
		Content: "c\xe9", Error: "e\xe9", Metadata: map[string]interface{}{"m\xe9": "v\xe9"},
	}, nil
}

type oddDatabase struct{ database }

func (*oddDatabase) Search(
	context.Context, string, []float32, int,
) ([]*SearchResult, error) {
	metadata := map[string]interface{}{"content": "m\xe9"}
	return []*SearchResult{{ID: "\xe9", Content: "c\xe9", Metadata: metadata}}, nil
}

type oddStrategy struct{ strategy }

func (*oddStrategy) PrepareIteration(_ int, state *ReasoningState) error {
	state.CustomState["\xe9"] = "\xe9"
	return nil
}

func TestACharacterMayBeInTwoChunks(t *testing.T) {
	ctx := context.Background()
	reader := NewStream(ctx, func(_ context.Context, send func(*StreamChunk) error) error {
		for _, text := range []string{"caf\xc3", "\xa9 \xf0", "\x9f", "\x98\x80!", "\xe2\x82"} {
			if err := send(&StreamChunk{Text: text}); err != nil {
				return err
			}
		}
		return nil
	})
	connected, _ := connect(t, &LLMProviderPlugin{Impl: &oddModel{reader: reader}})
	stream, err := connected.(pb.LLMProviderClient).GenerateStreaming(ctx, &pb.GenerateRequest{})
	if err != nil {
		t.Fatal(err)
	}
	text, last := "", pb.StreamChunk_TEXT
	for last == pb.StreamChunk_TEXT {
		chunk, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		text, last = text+chunk.Text, chunk.Type
	}
	expect(t, text, "café 😀!\uFFFD")
	expect(t, last, pb.StreamChunk_DONE)
}

// empty is a reader without chunks.
type empty struct{}

func (empty) Recv() (*StreamChunk, error) { return nil, nil }
func (empty) Close() error                { return nil }

func TestAStreamThatIsNotThereIsAnError(t *testing.T) {
	for _, reader := range []StreamReader{nil, empty{}} {
		connected, _ := connect(t, &LLMProviderPlugin{Impl: &oddModel{reader: reader}})
		stream, err := connected.(pb.LLMProviderClient).GenerateStreaming(
			context.Background(), &pb.GenerateRequest{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = stream.Recv()
		expect(t, status.Convert(err).Message(), "the model gave no answer")
	}
}

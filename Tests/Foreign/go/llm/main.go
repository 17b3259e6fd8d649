// A language model with examples/sdk/go, which uses HashiCorp's go-plugin. It repeats the last
// message backwards, word by word; asked for a tool it calls the first. To "count 9" it counts; for
// "loop 9" it calls the first tool nine times.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/kadirpekel/hector/plugins/grpc"
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

// Returns the words of the answer, and the tool call that is wanted instead, if there is one.
func answer(
	messages []grpc.Message, tools []grpc.ToolDefinition,
) ([]string, *grpc.ToolCall, error) {
	if len(messages) == 0 {
		return nil, nil, errors.New("no messages provided")
	}
	last := messages[len(messages)-1]
	if call, err := loop(messages, tools); call != nil || err != nil {
		return nil, call, err
	}
	switch {
	case last.Role == "user" && strings.HasPrefix(last.Content, "fail "):
		return nil, nil, errors.New(strings.TrimPrefix(last.Content, "fail "))
	case last.Role == "user" && len(tools) > 0:
		arguments := fmt.Sprintf(`{"text":%q}`, last.Content)
		return nil, &grpc.ToolCall{ID: "call_1", Name: tools[0].Name, ArgumentsJSON: arguments}, nil
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

// Returns the next call for "loop N", if there is one to make.
func loop(messages []grpc.Message, tools []grpc.ToolDefinition) (*grpc.ToolCall, error) {
	made, wanted := 0, 0
	for _, message := range messages {
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
	if made >= wanted || len(tools) == 0 {
		return nil, nil
	}
	return &grpc.ToolCall{
		ID: fmt.Sprintf("call_%d", made+1), Name: tools[0].Name,
		ArgumentsJSON: fmt.Sprintf(`{"text":"x%d"}`, made+1),
	}, nil
}

func (m *llm) Generate(
	_ context.Context, messages []grpc.Message, tools []grpc.ToolDefinition,
) (*grpc.LLMResponse, error) {
	words, call, err := answer(messages, tools)
	if err != nil {
		return nil, err
	}
	out := &grpc.LLMResponse{Text: strings.Join(words, " "), TokensUsed: len(words)}
	if call != nil {
		out.ToolCalls = []*grpc.ToolCall{call}
	}
	return out, nil
}

// An error is reported within the stream, not as the status of the call.
func (m *llm) GenerateStreaming(
	_ context.Context, messages []grpc.Message, tools []grpc.ToolDefinition,
) (grpc.StreamReader, error) {
	words, call, err := answer(messages, tools)
	last := &grpc.StreamChunk{Type: grpc.ChunkDone, TokensUsed: len(words)}
	if err != nil {
		last = &grpc.StreamChunk{Type: grpc.ChunkError, Error: err.Error()}
	}
	return &reader{words: words, call: call, last: last}, nil
}

// A reader that costs almost nothing, so that benchmarks measure hosts.
type reader struct {
	words []string
	next  int
	call  *grpc.ToolCall
	last  *grpc.StreamChunk
}

func (r *reader) Recv() (*grpc.StreamChunk, error) {
	switch {
	case r.next < len(r.words):
		word := r.words[r.next]
		if r.next > 0 {
			word = " " + word
		}
		r.next++
		return &grpc.StreamChunk{Text: word}, nil
	case r.call != nil:
		call := r.call
		r.call = nil
		return &grpc.StreamChunk{Type: grpc.ChunkToolCall, ToolCall: call}, nil
	case r.last != nil:
		last := r.last
		r.last = nil
		return last, nil
	}
	return nil, io.EOF
}

func (r *reader) Close() error { return nil }

func (m *llm) Initialize(_ context.Context, config map[string]interface{}) error {
	// As the guide's example does; once go-plugin has taken stdout over, this may remain unread.
	fmt.Println("Plugin initialized with config:", config)
	grpc.Logger.Info("model is ready")
	if model, ok := config["model"].(string); ok && model != "" {
		m.model = model
	}
	return nil
}

func (m *llm) GetModelName() string           { return m.model }
func (m *llm) GetMaxTokens() int              { return 4096 }
func (m *llm) GetTemperature() float64        { return 0.5 }
func (m *llm) Shutdown(context.Context) error { return nil }
func (m *llm) Health(context.Context) error   { return nil }
func (m *llm) GetManifest() grpc.Manifest {
	return grpc.Manifest{Name: "go-llm", Version: "1.0.0"}
}

func main() { grpc.ServeLLMProvider(&llm{model: "backwards"}) }

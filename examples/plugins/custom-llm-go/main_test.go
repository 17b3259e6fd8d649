package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/kadirpekel/hector/plugins/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func started(t *testing.T, config map[string]interface{}) *provider {
	t.Helper()
	p := &provider{}
	if err := p.Initialize(context.Background(), config); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Shutdown(context.Background()) })
	return p
}

func user(text string) []grpc.Message { return []grpc.Message{{Role: "user", Content: text}} }

// read is a whole stream: its text, its last chunk and its error.
func read(reader grpc.StreamReader) (text string, calls []*grpc.ToolCall, last *grpc.StreamChunk, err error) {
	defer reader.Close()
	for {
		chunk, err := reader.Recv()
		if err == io.EOF {
			return text, calls, last, nil
		}
		if err != nil {
			return text, calls, last, err
		}
		text, last = text+chunk.Text, chunk
		if chunk.ToolCall != nil {
			calls = append(calls, chunk.ToolCall)
		}
	}
}

func TestOptionsThatCannotBeUsedAreRefused(t *testing.T) {
	p := started(t, nil)
	for _, c := range [][3]string{
		{"temperature", "NaN", "expected 0 to 2"}, {"temperature", "+Inf", "expected 0 to 2"},
		{"max_tokens", "0", "expected at least 1"},
		{"max_tokens", "2147483648", "expected at most 2147483647"},
	} {
		ctx := grpc.WithDetails(
			context.Background(), grpc.Details{Options: map[string]string{c[0]: c[1]}})
		_, err := p.Generate(ctx, user("hi"), nil)
		if status.Code(err) != codes.InvalidArgument || !strings.Contains(err.Error(), c[2]) {
			t.Errorf("%s=%s: %v", c[0], c[1], err)
		}
	}
}

func TestSettingsThatCannotBeUsedAreRefused(t *testing.T) {
	latin1 := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(latin1, []byte("A caf\xe9 is here."), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		config map[string]interface{}
		words  string
	}{
		{map[string]interface{}{"temperature": "3"}, "setting 'temperature' is '3': expected 0 to 2"},
		{map[string]interface{}{"max_tokens": "0"}, "'max_tokens' is '0': expected at least 1"},
		{map[string]interface{}{"temperature": "NaN"}, "'temperature' is 'NaN': expected a number"},
		{map[string]interface{}{"max_tokens": "2147483648"}, "'max_tokens' is '2147483648': expected at most"},
		{map[string]interface{}{"timeout": "-1s"}, "'timeout' is '-1s': expected 0 for no limit"},
		{map[string]interface{}{"pause": "-1s"}, "'pause' is '-1s': expected 0 or more"},
		{map[string]interface{}{"text": latin1}, "': expected a text in UTF-8"},
		{map[string]interface{}{"max_tokens": "many"}, "'max_tokens' is 'many': expected a whole number"},
		{map[string]interface{}{"endpoint": "localhost", "model": "m"}, "'endpoint' is 'localhost'"},
		{map[string]interface{}{"endpoint": "http://h"}, "setting 'model' is missing"},
		{map[string]interface{}{"api-key": "k"}, "setting 'api-key' is unknown"},
		{map[string]interface{}{"text": "/nowhere"}, "cannot read the setting 'text'"},
	} {
		err := (&provider{}).Initialize(context.Background(), c.config)
		if err == nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%v: found %v, expected %q", c.config, err, c.words)
		}
	}
}

func TestItDoesNotWorkBeforeItIsInitialized(t *testing.T) {
	p, ctx := &provider{}, context.Background()
	if _, err := p.Generate(ctx, user("hi"), nil); status.Code(err) != codes.FailedPrecondition {
		t.Error(err)
	}
	if p.Health(ctx) == nil {
		t.Error("it claims to be healthy")
	}
	if err := p.Shutdown(ctx); err != nil {
		t.Error(err)
	}
}

func TestTheSameConversationHasTheSameAnswer(t *testing.T) {
	ctx := context.Background()
	first, err := started(t, nil).Generate(ctx, user("What is a plugin?"), nil)
	if err != nil {
		t.Fatal(err)
	}
	second, _ := started(t, nil).Generate(ctx, user("What is a plugin?"), nil)
	if !reflect.DeepEqual(first, second) {
		t.Errorf("%q and %q", first.Text, second.Text)
	}
	if !strings.HasPrefix(first.Text, "A plugin ") {
		t.Errorf("it does not begin with the question's word: %q", first.Text)
	}
	words := int64(len(strings.Fields(first.Text)))
	if first.Usage["prompt_tokens"] != 4 || first.Usage["completion_tokens"] != words ||
		first.TokensUsed != int(words)+4 {
		t.Errorf("%v for %d words", first.Usage, words)
	}
}

func TestEveryThreeWordsOfAnAnswerWereRead(t *testing.T) {
	answer, err := started(t, map[string]interface{}{"temperature": 2}).Generate(
		context.Background(), user("Tell me about the answer"), nil)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(corpus), " ")
	words := strings.Fields(answer.Text)
	for i := 0; i+3 <= len(words); i++ {
		if three := strings.Join(words[i:i+3], " "); !strings.Contains(text, three) {
			t.Errorf("it has not read %q", three)
		}
	}
}

func TestAStreamIsTheSameAnswer(t *testing.T) {
	p, ctx := started(t, nil), context.Background()
	whole, err := p.Generate(ctx, user("What is a tool?"), nil)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := p.GenerateStreaming(ctx, user("What is a tool?"), nil)
	if err != nil {
		t.Fatal(err)
	}
	text, _, last, err := read(reader)
	if err != nil || text != whole.Text {
		t.Errorf("%q, %v", text, err)
	}
	if last.Type != grpc.ChunkDone || !reflect.DeepEqual(last.Usage, whole.Usage) ||
		last.FinishReason != "stop" {
		t.Errorf("%+v", last)
	}
}

func TestACallsOwnOptionsGoFirst(t *testing.T) {
	p := started(t, nil)
	ctx := grpc.WithDetails(context.Background(),
		grpc.Details{Options: map[string]string{"max_tokens": "3"}})
	answer, err := p.Generate(ctx, user("hi"), nil)
	if err != nil || len(strings.Fields(answer.Text)) != 3 || answer.FinishReason != "length" {
		t.Errorf("%+v, %v", answer, err)
	}
	ctx = grpc.WithDetails(context.Background(),
		grpc.Details{Options: map[string]string{"temperature": "hot"}})
	if _, err := p.Generate(ctx, user("hi"), nil); status.Code(err) != codes.InvalidArgument {
		t.Error(err)
	}
}

func TestAToolIsCalledAndItsResultTold(t *testing.T) {
	p, ctx := started(t, nil), context.Background()
	tools := []grpc.ToolDefinition{{Name: "add", ParametersJSON: `{"type":"object"}`}}
	answer, err := p.Generate(ctx, user(`Please use add {"a": 1} now`), tools)
	if err != nil {
		t.Fatal(err)
	}
	call := &grpc.ToolCall{ID: "call_1", Name: "add", ArgumentsJSON: `{"a": 1}`}
	if !reflect.DeepEqual(answer.ToolCalls, []*grpc.ToolCall{call}) {
		t.Errorf("%+v", answer.ToolCalls)
	}
	messages := append(user("…"), grpc.Message{Role: "tool", Content: "1", ToolCallID: "call_1"})
	if answer, err = p.Generate(ctx, messages, tools); err != nil || answer.Text != "The tool says: 1" {
		t.Errorf("%+v, %v", answer, err)
	}
	if answer, _ = p.Generate(ctx, user(`sub {"a": 1}`), tools); answer.ToolCalls != nil {
		t.Errorf("a tool that was not offered is called: %+v", answer.ToolCalls)
	}
}

func TestAnAnswerThatIsCancelledEnds(t *testing.T) {
	p := started(t, map[string]interface{}{"pause": "1h"})
	ctx, cancel := context.WithCancel(context.Background())
	reader, err := p.GenerateStreaming(ctx, user("hi"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if chunk, err := reader.Recv(); err != nil || chunk.Text == "" {
		t.Fatalf("%+v, %v", chunk, err)
	}
	cancel()
	if _, _, _, err := read(reader); err != context.Canceled {
		t.Error(err)
	}
}

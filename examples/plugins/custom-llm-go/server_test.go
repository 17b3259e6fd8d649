package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/kadirpekel/hector/plugins/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// served is a provider that uses a server on the loopback, which answers with handler.
func served(t *testing.T, handler http.HandlerFunc) *provider {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return started(t, map[string]interface{}{
		"endpoint": server.URL + "/v1/", "api_key": "secret", "model": "m", "temperature": 0.5,
	})
}

const whole = `{"choices": [{"message": {"role": "assistant", "content": "hello",
	"tool_calls": [
		{"id": "a", "type": "function", "function": {"name": "f", "arguments": "{\"x\":1}"}},
		{"type": "function", "function": {"name": "g", "arguments": ""}}]},
	"finish_reason": "tool_calls"}],
	"usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}}`

var calls = []*grpc.ToolCall{
	{ID: "a", Name: "f", ArgumentsJSON: `{"x":1}`}, {ID: "call_2", Name: "g", ArgumentsJSON: "{}"},
}

func TestARequestIsTheAPIsAndItsAnswerOurs(t *testing.T) {
	var asked map[string]interface{}
	p := served(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/chat/completions" || r.Header.Get("Authorization") != "Bearer secret" {
			t.Errorf("%s with %v", r.URL.Path, r.Header)
		}
		json.NewDecoder(r.Body).Decode(&asked)
		fmt.Fprint(w, whole)
	})
	messages := append(user("hi"),
		grpc.Message{Role: "assistant", ToolCalls: []*grpc.ToolCall{calls[0]}},
		grpc.Message{Role: "tool", Content: "1", ToolCallID: "a"})
	tools := []grpc.ToolDefinition{
		{Name: "f", Description: "d", ParametersJSON: `{"type":"object"}`}, {Name: "g"},
	}
	answer, err := p.Generate(context.Background(), messages, tools)
	if err != nil {
		t.Fatal(err)
	}
	expected := &grpc.LLMResponse{
		Text: "hello", ToolCalls: calls, TokensUsed: 7, FinishReason: "tool_calls",
		Usage: map[string]int64{"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7},
	}
	if !reflect.DeepEqual(answer, expected) {
		t.Errorf("%+v", answer)
	}
	var wanted map[string]interface{}
	json.Unmarshal([]byte(`{"model": "m", "temperature": 0.5, "max_tokens": 256, "messages": [
		{"role": "user", "content": "hi"},
		{"role": "assistant", "content": "", "tool_calls": [
			{"id": "a", "type": "function", "function": {"name": "f", "arguments": "{\"x\":1}"}}]},
		{"role": "tool", "content": "1", "tool_call_id": "a"}],
		"tools": [
			{"type": "function", "function": {
				"name": "f", "description": "d", "parameters": {"type": "object"}}},
			{"type": "function", "function": {"name": "g"}}]}`), &wanted)
	if !reflect.DeepEqual(asked, wanted) {
		t.Errorf("asked %v", asked)
	}
}

func events(w http.ResponseWriter, data ...string) {
	w.Header().Set("Content-Type", "text/event-stream")
	for _, d := range data {
		fmt.Fprintf(w, ": a comment\n\ndata: %s\r\n\r\n", d)
	}
}

func TestAStreamComesInPiecesAlsoOfToolCalls(t *testing.T) {
	p := served(t, func(w http.ResponseWriter, r *http.Request) {
		events(w,
			`{"choices":[{"delta":{"role":"assistant","content":"hel"}}]}`,
			`{"choices":[{"delta":{"content":"lo"}}]}`,
			`{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\""}}]}}]}`,
			`{"choices":[{"delta":{"tool_calls":[{"index":1,"function":{"name":"g"}}]}}]}`,
			`{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]},"finish_reason":"tool_calls"}]}`,
			`{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}`,
			"[DONE]")
	})
	reader, err := p.GenerateStreaming(context.Background(), user("hi"), nil)
	if err != nil {
		t.Fatal(err)
	}
	text, called, last, err := read(reader)
	if err != nil || text != "hello" || !reflect.DeepEqual(called, calls) {
		t.Errorf("%q, %+v, %v", text, called, err)
	}
	if last.TokensUsed != 7 || last.FinishReason != "tool_calls" || last.Type != grpc.ChunkDone {
		t.Errorf("%+v", last)
	}
}

func TestAServerThatDoesNotStreamIsUnderstood(t *testing.T) {
	p := served(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, whole) })
	reader, err := p.GenerateStreaming(context.Background(), user("hi"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if text, called, _, err := read(reader); text != "hello" || len(called) != 2 || err != nil {
		t.Errorf("%q, %v, %v", text, called, err)
	}
}

func TestAFailureHasTheStatusThatTellsWhatToDo(t *testing.T) {
	for _, c := range []struct {
		http int
		body string
		code codes.Code
		text string
	}{
		{400, `{"error": {"message": "too long"}}`, codes.InvalidArgument, "answered 400: too long"},
		{401, `{"error": "no key"}`, codes.Unauthenticated, "answered 401: no key"},
		{403, "", codes.PermissionDenied, "answered 403"},
		{404, "no such model", codes.NotFound, "answered 404: no such model"},
		{429, `{"error": {"message": "slow down"}}`, codes.ResourceExhausted,
			"answered 429: slow down (retry after 7)"},
		{503, "busy", codes.Unavailable, "answered 503: busy"},
	} {
		p := served(t, func(w http.ResponseWriter, r *http.Request) {
			if c.http == 429 {
				w.Header().Set("Retry-After", "7")
			}
			w.WriteHeader(c.http)
			io.WriteString(w, c.body)
		})
		_, err := p.Generate(context.Background(), user("hi"), nil)
		if status.Code(err) != c.code || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%d: %v", c.http, err)
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("%d: the key is told: %v", c.http, err)
		}
	}
}

func TestAnAnswerThatBreaksOffIsNoAnswer(t *testing.T) {
	for _, body := range [][]string{
		{`{"choices":[{"delta":{"content":"hel"}}]}`},
		{`{"choices":[{"delta":{"content":"hel"}}]}`, `{"error":{"message":"overloaded"}}`, "[DONE]"},
		{`{"choices":[{"delta":{"content":"hel"}}]}`, `{"choices":`, "[DONE]"},
	} {
		p := served(t, func(w http.ResponseWriter, r *http.Request) { events(w, body...) })
		reader, err := p.GenerateStreaming(context.Background(), user("hi"), nil)
		if err != nil {
			t.Fatal(err)
		}
		text, _, _, err := read(reader)
		if text != "hel" || codeIn(err) != codes.Unavailable {
			t.Errorf("%q, %v", text, err)
		}
	}
}

func TestAnAnswerWithNothingInItIsNoAnswer(t *testing.T) {
	for body, words := range map[string]string{
		`{}`:                        "it has no choices",
		`{"choices":[]}`:            "it has no choices",
		`null`:                      "it has no choices",
		`{"choices":[{}]}`:          "it has no text and no tool calls",
		strings.Repeat(" ", 65<<20): "it is longer than 64 MiB",
		`{"choices":[{"message":{"content":null,"tool_calls":[]}}]}`: "it has no text and no tool calls",
	} {
		p := served(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, body) })
		_, err := p.Generate(context.Background(), user("hi"), nil)
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%.100s: %v", body, err)
		}
	}
	p := served(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `{"choices":[{"message":{"content":""},"finish_reason":"stop"}]}`)
	})
	if answer, err := p.Generate(context.Background(), user("hi"), nil); err != nil ||
		answer.Text != "" || answer.FinishReason != "stop" {
		t.Errorf("%+v, %v", answer, err)
	}
	p = served(t, func(w http.ResponseWriter, r *http.Request) { events(w, "{}", "[DONE]") })
	reader, err := p.GenerateStreaming(context.Background(), user("hi"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := read(reader); err == nil || !strings.Contains(err.Error(), "no choices") {
		t.Error(err)
	}
}

func TestAStreamThatIsFinishedNeedNotSayDone(t *testing.T) {
	p := served(t, func(w http.ResponseWriter, r *http.Request) {
		events(w, `{"choices":[{"delta":{"content":"hello"}}]}`,
			`{"choices":[{"delta":{},"finish_reason":"stop"}]}`)
	})
	reader, err := p.GenerateStreaming(context.Background(), user("hi"), nil)
	if err != nil {
		t.Fatal(err)
	}
	text, _, last, err := read(reader)
	if err != nil || text != "hello" || last.FinishReason != "stop" {
		t.Errorf("%q, %+v, %v", text, last, err)
	}
}

// codeIn returns the code of the status within an error, which is what the SDK sends.
func codeIn(err error) codes.Code {
	var carrier interface{ GRPCStatus() *status.Status }
	if errors.As(err, &carrier) {
		return carrier.GRPCStatus().Code()
	}
	return codes.Unknown
}

func TestCancellingEndsTheRequest(t *testing.T) {
	asked, left := make(chan bool, 1), make(chan bool, 1)
	p := served(t, func(w http.ResponseWriter, r *http.Request) {
		events(w, `{"choices":[{"delta":{"content":"hel"}}]}`)
		w.(http.Flusher).Flush()
		asked <- true
		<-r.Context().Done()
		left <- true
	})
	ctx, cancel := context.WithCancel(context.Background())
	reader, err := p.GenerateStreaming(ctx, user("hi"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if chunk, err := reader.Recv(); err != nil || chunk.Text != "hel" {
		t.Fatalf("%+v, %v", chunk, err)
	}
	<-asked
	cancel()
	if _, _, _, err := read(reader); err != context.Canceled {
		t.Error(err)
	}
	<-left
}

func TestHealthIsTheServers(t *testing.T) {
	state := 200
	p := served(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.Path != "/v1/models" {
			t.Errorf("%s %s", r.Method, r.URL.Path)
		}
		w.WriteHeader(state)
	})
	if err := p.Health(context.Background()); err != nil {
		t.Error(err)
	}
	state = 503
	if err := p.Health(context.Background()); err == nil || !strings.Contains(err.Error(), "503") {
		t.Error(err)
	}
}

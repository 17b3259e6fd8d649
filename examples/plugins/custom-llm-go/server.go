package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/kadirpekel/hector/plugins/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// A server has OpenAI's chat completions, as Ollama, vLLM and llama.cpp do too.
type server struct {
	endpoint, key, model string
	client               *http.Client
}

func newServer(endpoint, key, model string, timeout time.Duration) *server {
	return &server{endpoint, key, model, &http.Client{Timeout: timeout}}
}

// The data sent over HTTP. These are the API's names, not ours.
type (
	chatRequest struct {
		Model         string          `json:"model"`
		Messages      []chatMessage   `json:"messages"`
		Tools         []chatTool      `json:"tools,omitempty"`
		Temperature   float64         `json:"temperature"`
		MaxTokens     int             `json:"max_tokens"`
		Stream        bool            `json:"stream,omitempty"`
		StreamOptions map[string]bool `json:"stream_options,omitempty"`
	}
	chatMessage struct {
		Role       string     `json:"role"`
		Content    string     `json:"content"`
		ToolCalls  []chatCall `json:"tool_calls,omitempty"`
		ToolCallID string     `json:"tool_call_id,omitempty"`
	}
	chatTool struct {
		Type     string       `json:"type"`
		Function chatFunction `json:"function"`
	}
	chatFunction struct {
		Name        string          `json:"name"`
		Description string          `json:"description,omitempty"`
		Parameters  json.RawMessage `json:"parameters,omitempty"`
		Arguments   string          `json:"arguments,omitempty"`
	}
	chatCall struct {
		// In a stream: the number of the call to which this piece belongs.
		Index    int          `json:"index,omitempty"`
		ID       string       `json:"id,omitempty"`
		Type     string       `json:"type,omitempty"`
		Function chatFunction `json:"function"`
	}
	chatReply struct {
		// null or missing if there are only tool calls or if this piece is not text.
		Content   *string    `json:"content"`
		ToolCalls []chatCall `json:"tool_calls"`
	}
	chatAnswer struct {
		Choices []struct {
			// One of the two, depending on whether it is a stream.
			Message      chatReply `json:"message"`
			Delta        chatReply `json:"delta"`
			FinishReason string    `json:"finish_reason"`
		} `json:"choices"`
		Usage *struct {
			Prompt     int64 `json:"prompt_tokens"`
			Completion int64 `json:"completion_tokens"`
			Total      int64 `json:"total_tokens"`
		} `json:"usage"`
		Error json.RawMessage `json:"error"`
	}
)

func (s *server) answer(
	ctx context.Context, r request, emit func(string) error,
) (*grpc.LLMResponse, error) {
	body, err := s.body(r, emit != nil)
	if err != nil {
		return nil, err
	}
	response, err := s.send(ctx, http.MethodPost, "/chat/completions", body)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var answer answer
	content := &limitedReader{response.Body, maxAnswer}
	// A server that does not stream sends a whole answer, whatever the request was.
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		err = readEvents(content, func(data []byte) error { return answer.add(data, emit) })
		// Some servers do not say "[DONE]".
		if err == errBrokenOff && answer.reason != "" {
			err = nil
		}
	} else {
		var data []byte
		if data, err = io.ReadAll(content); err == nil {
			err = answer.add(data, emit)
		}
		if err == nil && answer.hasChoice && !answer.hasContent && len(answer.calls) == 0 {
			err = errors.New("it has no text and no tool calls")
		}
	}
	if err == nil && !answer.hasChoice {
		err = errors.New("it has no choices")
	}
	// A context that has ended causes various errors on the way.
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the answer of '%s': %w", s.endpoint, unavailable(err))
	}
	return answer.finish()
}

// Longer than any model's answer, so that a faulty server does not take all memory.
const maxAnswer = 64 << 20

// A limitedReader fails at the limit, where the standard library's one ends as if all were read.
type limitedReader struct {
	from io.Reader
	left int
}

func (r *limitedReader) Read(into []byte) (int, error) {
	if r.left <= 0 {
		return 0, status.Errorf(codes.Internal, "it is longer than %d MiB", maxAnswer>>20)
	}
	if len(into) > r.left {
		into = into[:r.left]
	}
	count, err := r.from.Read(into)
	r.left -= count
	return count, err
}

func (s *server) body(r request, stream bool) ([]byte, error) {
	out := chatRequest{
		Model: s.model, Temperature: r.temperature, MaxTokens: r.maxTokens, Stream: stream,
	}
	if stream {
		out.StreamOptions = map[string]bool{"include_usage": true}
	}
	for _, message := range r.messages {
		m := chatMessage{
			Role: message.Role, Content: message.Content, ToolCallID: message.ToolCallID,
		}
		for _, call := range message.ToolCalls {
			m.ToolCalls = append(m.ToolCalls, chatCall{
				ID: call.ID, Type: "function",
				Function: chatFunction{Name: call.Name, Arguments: call.ArgumentsJSON},
			})
		}
		out.Messages = append(out.Messages, m)
	}
	for _, tool := range r.tools {
		function := chatFunction{Name: tool.Name, Description: tool.Description}
		if tool.ParametersJSON != "" {
			if !json.Valid([]byte(tool.ParametersJSON)) {
				return nil, status.Errorf(
					codes.InvalidArgument, "the parameters of tool '%s' are no JSON", tool.Name)
			}
			function.Parameters = json.RawMessage(tool.ParametersJSON)
		}
		out.Tools = append(out.Tools, chatTool{"function", function})
	}
	return json.Marshal(out)
}

// Returns an answer with a success status. The caller closes its body.
func (s *server) send(
	ctx context.Context, method, path string, body []byte,
) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, s.endpoint+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	if s.key != "" {
		r.Header.Set("Authorization", "Bearer "+s.key)
	}
	response, err := s.client.Do(r)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, status.Errorf(codes.Unavailable, "cannot reach '%s': %v", s.endpoint, err)
	}
	if response.StatusCode < 300 {
		return response, nil
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(response.Body, 1<<16))
	message := errorText(text)
	if wait := response.Header.Get("Retry-After"); wait != "" {
		message += " (retry after " + wait + ")"
	}
	return nil, status.Errorf(
		codeOf(response.StatusCode), "'%s' answered %d: %s",
		s.endpoint, response.StatusCode, message)
}

// By these codes the host knows which calls may be tried again, and the exit status.
func codeOf(http int) codes.Code {
	switch {
	case http == 401:
		return codes.Unauthenticated
	case http == 403:
		return codes.PermissionDenied
	case http == 404:
		return codes.NotFound
	case http == 429:
		return codes.ResourceExhausted
	case http == 408 || http >= 500:
		return codes.Unavailable
	}
	return codes.InvalidArgument
}

// Returns the sentence in {"error": {"message": …}}, {"error": …} or plain text.
func errorText(body []byte) string {
	var outer struct{ Error json.RawMessage }
	var inner struct{ Message string }
	text := strings.TrimSpace(string(body))
	if json.Unmarshal(body, &outer) == nil && len(outer.Error) > 0 {
		if json.Unmarshal(outer.Error, &inner) == nil && inner.Message != "" {
			return inner.Message
		}
		text = strings.Trim(string(outer.Error), `"`)
	}
	if len(text) > 300 {
		text = text[:300] + "…"
	}
	return text
}

func unavailable(err error) error {
	if _, ok := status.FromError(err); ok {
		return err
	}
	return status.Error(codes.Unavailable, err.Error())
}

var errBrokenOff = errors.New("it breaks off")

// readEvents passes on the data of each server-sent event, until "[DONE]". A stream that ends
// without it is errBrokenOff.
func readEvents(body io.Reader, each func(data []byte) error) error {
	reader := bufio.NewReader(body)
	for {
		line, err := reader.ReadString('\n')
		data := strings.TrimSpace(line)
		if strings.HasPrefix(data, "data:") {
			data = strings.TrimSpace(strings.TrimPrefix(data, "data:"))
			if data == "[DONE]" {
				return nil
			}
			if err := each([]byte(data)); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return errBrokenOff
		}
		if err != nil {
			return err
		}
	}
}

// An answer is put together from one or more pieces.
type answer struct {
	text   strings.Builder
	calls  []*grpc.ToolCall
	usage  map[string]int64
	reason string
	// True if there was any, even an empty one.
	hasChoice, hasContent bool
}

func (a *answer) add(data []byte, emit func(string) error) error {
	var piece chatAnswer
	if err := json.Unmarshal(data, &piece); err != nil {
		return err
	}
	if len(piece.Error) > 0 && string(piece.Error) != "null" {
		return status.Error(codes.Unavailable, errorText(data))
	}
	if u := piece.Usage; u != nil {
		a.usage = map[string]int64{
			"prompt_tokens": u.Prompt, "completion_tokens": u.Completion, "total_tokens": u.Total,
		}
	}
	for _, choice := range piece.Choices {
		a.hasChoice = true
		text := ""
		for _, content := range []*string{choice.Message.Content, choice.Delta.Content} {
			if content != nil {
				a.hasContent = true
				text += *content
			}
		}
		a.text.WriteString(text)
		if choice.FinishReason != "" {
			a.reason = choice.FinishReason
		}
		for i, call := range choice.Message.ToolCalls {
			// Some servers number the calls of a whole answer, and some do not.
			call.Index = i
			a.addCall(call)
		}
		for _, call := range choice.Delta.ToolCalls {
			a.addCall(call)
		}
		if text != "" && emit != nil {
			if err := emit(text); err != nil {
				return err
			}
		}
	}
	return nil
}

// The name comes with a call's first piece, the arguments in any number of pieces.
func (a *answer) addCall(piece chatCall) {
	for len(a.calls) <= piece.Index && piece.Index < 1000 {
		a.calls = append(a.calls, &grpc.ToolCall{})
	}
	if piece.Index < 0 || piece.Index >= len(a.calls) {
		return
	}
	call := a.calls[piece.Index]
	if piece.ID != "" {
		call.ID = piece.ID
	}
	call.Name += piece.Function.Name
	call.ArgumentsJSON += piece.Function.Arguments
}

func (a *answer) finish() (*grpc.LLMResponse, error) {
	for i, call := range a.calls {
		if call.Name == "" {
			return nil, status.Error(codes.Unavailable, "the model called a tool without a name")
		}
		if call.ID == "" {
			call.ID = fmt.Sprintf("call_%d", i+1)
		}
		if call.ArgumentsJSON == "" {
			call.ArgumentsJSON = "{}"
		}
	}
	return &grpc.LLMResponse{
		Text: a.text.String(), ToolCalls: a.calls, TokensUsed: int(a.usage["total_tokens"]),
		Usage: a.usage, FinishReason: a.reason,
	}, nil
}

// Every such server lists its models, at no cost.
func (s *server) health(ctx context.Context) error {
	response, err := s.send(ctx, http.MethodGet, "/models", nil)
	if err != nil {
		return fmt.Errorf("%s", status.Convert(err).Message())
	}
	return response.Body.Close()
}

func (s *server) close() { s.client.CloseIdleConnections() }

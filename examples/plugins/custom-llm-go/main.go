// A language model plugin: a bridge to any server with OpenAI's API, or, without a server, a small
// model that does not need a network.
package main

import (
	"context"
	"errors"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/kadirpekel/hector/plugins/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func main() { grpc.ServeLLMProvider(&provider{}) }

// A model answers a request. It passes each piece of text to emit as soon as it exists, and returns
// the whole; emit is nil if only the whole is wanted.
type model interface {
	answer(ctx context.Context, r request, emit func(text string) error) (*grpc.LLMResponse, error)
	// Returns the reason why the model cannot work at present.
	health(ctx context.Context) error
	close()
}

// A request is a question to a model, with the settings for it.
type request struct {
	messages    []grpc.Message
	tools       []grpc.ToolDefinition
	temperature float64
	maxTokens   int
}

type provider struct {
	name        string
	temperature float64
	maxTokens   int
	model       model
}

// Numbers for the host have 32 bits.
const tooMany = "expected at most 2147483647"

func (p *provider) Initialize(ctx context.Context, config map[string]interface{}) error {
	settings := grpc.ReadSettings(config)
	p.temperature = settings.Float("temperature", 0.7)
	if p.temperature < 0 || p.temperature > 2 {
		settings.Fail("temperature", "expected 0 to 2")
	}
	p.maxTokens = settings.Int("max_tokens", 256)
	if p.maxTokens < 1 {
		settings.Fail("max_tokens", "expected at least 1")
	} else if p.maxTokens > math.MaxInt32 {
		settings.Fail("max_tokens", tooMany)
	}
	p.name = settings.String("model", "")
	endpoint := settings.String("endpoint", "")
	key := settings.String("api_key", "")
	timeout := settings.Duration("timeout", 10*time.Minute)
	if timeout < 0 {
		settings.Fail("timeout", "expected 0 for no limit, or more")
	}
	text := settings.String("text", "")
	pause := settings.Duration("pause", 0)
	if pause < 0 {
		settings.Fail("pause", "expected 0 or more")
	}

	if endpoint != "" {
		if u, err := url.Parse(endpoint); err != nil || u.Host == "" ||
			(u.Scheme != "http" && u.Scheme != "https") {
			settings.Fail("endpoint", "expected an address such as http://localhost:11434/v1")
		}
		if p.name == "" {
			settings.Required("model")
		}
		p.model = newServer(strings.TrimSuffix(endpoint, "/"), key, p.name, timeout)
		return settings.Err()
	}
	if err := settings.Err(); err != nil {
		return err
	}
	if p.name == "" {
		p.name = "markov-chain"
	}
	if key != "" {
		grpc.Logger.Warn("api_key is not used: there is no endpoint")
	}
	chain, err := newChain(text, pause)
	if err != nil {
		return err
	}
	p.model = chain
	return nil
}

func (p *provider) Generate(
	ctx context.Context, messages []grpc.Message, tools []grpc.ToolDefinition,
) (*grpc.LLMResponse, error) {
	r, err := p.request(ctx, messages, tools)
	if err != nil {
		return nil, err
	}
	answer, err := p.model.answer(ctx, r, nil)
	return answer, noted(err)
}

func (p *provider) GenerateStreaming(
	ctx context.Context, messages []grpc.Message, tools []grpc.ToolDefinition,
) (grpc.StreamReader, error) {
	r, err := p.request(ctx, messages, tools)
	if err != nil {
		return nil, err
	}
	return grpc.NewStream(ctx, func(
		ctx context.Context, send func(*grpc.StreamChunk) error,
	) error {
		answer, err := p.model.answer(ctx, r, func(text string) error {
			return send(&grpc.StreamChunk{Text: text})
		})
		if err != nil {
			return noted(err)
		}
		for _, call := range answer.ToolCalls {
			if err := send(&grpc.StreamChunk{Type: grpc.ChunkToolCall, ToolCall: call}); err != nil {
				return err
			}
		}
		return send(&grpc.StreamChunk{
			Type: grpc.ChunkDone, TokensUsed: answer.TokensUsed, Usage: answer.Usage,
			FinishReason: answer.FinishReason,
		})
	}), nil
}

// The options of a call override the plugin's settings.
func (p *provider) request(
	ctx context.Context, messages []grpc.Message, tools []grpc.ToolDefinition,
) (request, error) {
	r := request{messages, tools, p.temperature, p.maxTokens}
	if p.model == nil {
		return r, status.Error(codes.FailedPrecondition, "the plugin was not initialized")
	}
	if len(messages) == 0 {
		return r, status.Error(codes.InvalidArgument, "no messages provided")
	}
	options := grpc.DetailsOf(ctx).Options
	if text, ok := options["temperature"]; ok {
		value, err := strconv.ParseFloat(text, 64)
		// NaN is neither less nor greater.
		if err != nil || !(value >= 0 && value <= 2) {
			return r, status.Errorf(
				codes.InvalidArgument, "option 'temperature' is '%s': expected 0 to 2", text)
		}
		r.temperature = value
	}
	if text, ok := options["max_tokens"]; ok {
		value, err := strconv.Atoi(text)
		if err != nil || value < 1 {
			return r, status.Errorf(
				codes.InvalidArgument, "option 'max_tokens' is '%s': expected at least 1", text)
		}
		if value > math.MaxInt32 {
			return r, status.Errorf(
				codes.InvalidArgument, "option 'max_tokens' is '%s': %s", text, tooMany)
		}
		r.maxTokens = value
	}
	return r, nil
}

// Logs details that a user would need to find the reason. The host reports other errors itself.
func noted(err error) error {
	if errors.Is(err, context.Canceled) {
		grpc.Logger.Info("an answer was cancelled")
	}
	return err
}

func (p *provider) Health(ctx context.Context) error {
	if p.model == nil {
		return errors.New("the plugin was not initialized")
	}
	return p.model.health(ctx)
}

func (p *provider) Shutdown(context.Context) error {
	if p.model != nil {
		p.model.close()
	}
	return nil
}

func (p *provider) GetModelName() string    { return p.name }
func (p *provider) GetMaxTokens() int       { return p.maxTokens }
func (p *provider) GetTemperature() float64 { return p.temperature }

func (p *provider) GetManifest() grpc.Manifest {
	return grpc.Manifest{
		Name: "custom-llm-go", Version: "1.0.0", HectorVersion: ">=0.1.0",
		Description:  "A bridge to any server with OpenAI's API, or a Markov chain",
		Capabilities: map[string]string{"streaming": "true", "function_calling": "true"},
	}
}

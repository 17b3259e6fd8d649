// The other methods that the guide's program has to implement.
package main

import (
	"context"

	"github.com/kadirpekel/hector/plugins/grpc"
)

func (p *MyLLMProvider) GenerateStreaming(
	ctx context.Context, messages []grpc.Message, tools []grpc.ToolDefinition,
) (grpc.StreamReader, error) {
	return grpc.NewStream(ctx, func(
		ctx context.Context, send func(*grpc.StreamChunk) error,
	) error {
		answer, err := p.Generate(ctx, messages, tools)
		if err != nil {
			return err
		}
		return send(&grpc.StreamChunk{Text: answer.Text})
	}), nil
}

func (p *MyLLMProvider) GetModelName() string           { return "my-model" }
func (p *MyLLMProvider) GetMaxTokens() int              { return 4096 }
func (p *MyLLMProvider) GetTemperature() float64        { return 0.7 }
func (p *MyLLMProvider) Shutdown(context.Context) error { return nil }
func (p *MyLLMProvider) Health(context.Context) error   { return nil }

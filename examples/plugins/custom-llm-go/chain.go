package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand"
	"os"
	"regexp"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kadirpekel/hector/plugins/grpc"
)

//go:embed corpus.txt
var corpus string

// A chain is a model that does not need a network: a Markov chain of words. It has read a text and
// knows which words follow which two. It understands nothing, and exists so that the plugin can be
// tried and tested anywhere. The same conversation with the same settings has the same answer.
type chain struct {
	followers map[pair][]string
	starts    []pair
	// The pause between two words, to watch an answer arrive.
	pause time.Duration
}

type pair [2]string

// path is a text to read instead of the one that comes with the plugin.
func newChain(path string, pause time.Duration) (*chain, error) {
	text := corpus
	if path != "" {
		bytes, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("cannot read the setting 'text': %w", err)
		}
		text = string(bytes)
	}
	if !utf8.ValidString(text) {
		return nil, fmt.Errorf("setting 'text' is '%s': expected a text in UTF-8", path)
	}
	c := &chain{followers: map[pair][]string{}, pause: pause}
	c.read(text)
	if len(c.starts) == 0 {
		return nil, fmt.Errorf("setting 'text' is '%s': expected a text with sentences", path)
	}
	return c, nil
}

func (c *chain) read(text string) {
	words := strings.Fields(text)
	for i := 0; i+2 < len(words); i++ {
		key := pair{words[i], words[i+1]}
		c.followers[key] = append(c.followers[key], words[i+2])
		if i == 0 || endsSentence(words[i-1]) {
			c.starts = append(c.starts, key)
		}
	}
}

func endsSentence(word string) bool { return strings.ContainsAny(word[len(word)-1:], ".!?") }

func (c *chain) answer(
	ctx context.Context, r request, emit func(string) error,
) (*grpc.LLMResponse, error) {
	prompt := 0
	for _, message := range r.messages {
		prompt += len(strings.Fields(message.Content))
	}
	last := r.messages[len(r.messages)-1]
	if call := wanted(last, r.tools); call != nil {
		return finished("", []*grpc.ToolCall{call}, prompt, 0, "tool_calls"), nil
	}
	words := []string{"The", "tool", "says:", last.Content}
	reason := "stop"
	if last.Role != "tool" {
		words, reason = c.words(r)
	}
	var text strings.Builder
	for i, word := range words {
		if i > 0 {
			word = " " + word
			if err := sleep(ctx, c.pause); err != nil {
				return nil, err
			}
		}
		text.WriteString(word)
		if emit != nil {
			if err := emit(word); err != nil {
				return nil, err
			}
		}
	}
	return finished(text.String(), nil, prompt, len(words), reason), ctx.Err()
}

// A sleep that ends when the call is cancelled.
func sleep(ctx context.Context, pause time.Duration) error {
	if pause <= 0 {
		return ctx.Err()
	}
	select {
	case <-time.After(pause):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Returns the words of a walk along the chain, from the start that has most words of the question.
func (c *chain) words(r request) (words []string, reason string) {
	hash := fnv.New64a()
	asked := map[string]bool{}
	for _, message := range r.messages {
		fmt.Fprintf(hash, "%s\x00%s\x00", message.Role, message.Content)
		if message.Role == "user" {
			for _, word := range strings.Fields(strings.ToLower(message.Content)) {
				asked[strings.Trim(word, ".,;:!?")] = true
			}
		}
	}
	random := rand.New(rand.NewSource(int64(hash.Sum64())))
	at := c.starts[random.Intn(len(c.starts))]
	for _, start := range c.starts {
		if asked[strings.ToLower(start[1])] {
			at = start
			break
		}
	}
	words = []string{at[0], at[1]}
	for len(words) < r.maxTokens {
		next := choose(c.followers[at], r.temperature, random)
		if next == "" {
			return words, "stop"
		}
		words = append(words, next)
		at = pair{at[1], next}
		// A few sentences are an answer.
		if endsSentence(next) && len(words) >= 24 {
			return words, "stop"
		}
	}
	return words[:r.maxTokens], "length"
}

// Returns the most frequent word at temperature 0, and at 1 each as often as it was read.
func choose(words []string, temperature float64, random *rand.Rand) string {
	if len(words) == 0 {
		return ""
	}
	counts := map[string]float64{}
	for _, word := range words {
		counts[word]++
	}
	distinct := make([]string, 0, len(counts))
	for word := range counts {
		distinct = append(distinct, word)
	}
	sort.Slice(distinct, func(i, j int) bool {
		a, b := distinct[i], distinct[j]
		return counts[a] > counts[b] || counts[a] == counts[b] && a < b
	})
	if temperature == 0 {
		return distinct[0]
	}
	// From 1 down, because a large count to the power of a large number overflows.
	most, total := counts[distinct[0]], 0.0
	weights := make([]float64, len(distinct))
	for i, word := range distinct {
		weights[i] = math.Pow(counts[word]/most, 1/temperature)
		total += weights[i]
	}
	at := random.Float64() * total
	for i, word := range distinct {
		if at -= weights[i]; at < 0 {
			return word
		}
	}
	return distinct[len(distinct)-1]
}

var object = regexp.MustCompile(`(?s)\{.*\}`)

// Returns the call of a user who names a tool and gives a JSON object: calculate {"expression":
// "6*7"}.
func wanted(last grpc.Message, tools []grpc.ToolDefinition) *grpc.ToolCall {
	if last.Role != "user" {
		return nil
	}
	arguments := object.FindString(last.Content)
	if !json.Valid([]byte(arguments)) {
		return nil
	}
	for _, tool := range tools {
		if strings.Contains(last.Content, tool.Name+" {") {
			return &grpc.ToolCall{ID: "call_1", Name: tool.Name, ArgumentsJSON: arguments}
		}
	}
	return nil
}

func finished(
	text string, calls []*grpc.ToolCall, prompt, completion int, reason string,
) *grpc.LLMResponse {
	return &grpc.LLMResponse{
		Text: text, ToolCalls: calls, TokensUsed: prompt + completion, FinishReason: reason,
		Usage: map[string]int64{
			"prompt_tokens": int64(prompt), "completion_tokens": int64(completion),
			"total_tokens": int64(prompt + completion),
		},
	}
}

func (c *chain) health(context.Context) error { return nil }
func (c *chain) close()                       {}

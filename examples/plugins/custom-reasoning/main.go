// A reasoning strategy that reflects: it treats a model's answer as a draft, checks the draft
// against the question and the results of tools, and makes the model try again with a list of what
// is missing. It does not use another model; its checks are simple and can be explained.
package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/kadirpekel/hector/plugins/grpc"
)

func main() { grpc.ServeReasoningStrategy(&strategy{}) }

// A strategy has only settings, which do not change: calls for many runs arrive in parallel, and a
// run may continue in another process. See notes for its memory.
type strategy struct {
	maxRounds    int
	coverage     float64
	checkNumbers bool
}

func (s *strategy) Initialize(_ context.Context, config map[string]interface{}) error {
	settings := grpc.ReadSettings(config)
	s.maxRounds = settings.Int("max_rounds", 2)
	if s.maxRounds < 0 {
		settings.Fail("max_rounds", "expected 0 or more")
	}
	s.coverage = settings.Float("coverage", 0.5)
	if s.coverage < 0 || s.coverage > 1 {
		settings.Fail("coverage", "expected 0 to 1")
	}
	s.checkNumbers = settings.Bool("check_numbers", true)
	return settings.Err()
}

// PrepareIteration begins again with each run: one that continues a session has the state of the
// last.
func (s *strategy) PrepareIteration(iteration int, state *grpc.ReasoningState) error {
	if iteration <= 1 {
		forget(state)
	}
	return nil
}

// ShouldStop lets tools run, and if there are none, treats the text as a draft.
func (s *strategy) ShouldStop(
	text string, toolCalls []*grpc.ToolCall, state *grpc.ReasoningState,
) bool {
	if len(toolCalls) > 0 {
		return false
	}
	n := notesIn(state)
	findings := s.check(text, state, n)
	switch {
	case len(findings) == 0:
		n.Stopped = "nothing is missing"
	case n.Round >= s.maxRounds:
		n.Stopped = fmt.Sprintf("%d rounds did not help", n.Round)
	case n.Round > 0 && normalised(text) == normalised(n.Draft):
		n.Stopped = "the draft did not change"
	default:
		n.Round++
	}
	n.Draft, n.Findings = text, findings
	n.save(state)
	return n.Stopped != ""
}

// AfterIteration remembers the tools that have failed and not succeeded since.
func (s *strategy) AfterIteration(
	_ int, _ string, toolCalls []*grpc.ToolCall, results []*grpc.ToolResult,
	state *grpc.ReasoningState,
) error {
	n := notesIn(state)
	for i, result := range results {
		name := result.ToolName
		if name == "" && i < len(toolCalls) {
			name = toolCalls[i].Name
		}
		n.note(name, result.Success)
	}
	n.save(state)
	return nil
}

// GetContextInjection lists the findings for the model, for the iteration after a draft.
func (s *strategy) GetContextInjection(state *grpc.ReasoningState) string {
	n := notesIn(state)
	if len(n.Findings) == 0 {
		return ""
	}
	return fmt.Sprintf(
		"Your draft was checked (round %d of %d). What is missing:\n- %s\n"+
			"Look up what you do not know. Then write the whole answer again, as if there had been "+
			"no draft.",
		n.Round, s.maxRounds, strings.Join(n.Findings, "\n- "))
}

func (s *strategy) GetPromptSlots() *grpc.PromptSlots {
	return &grpc.PromptSlots{
		ReasoningInstructions: "Your answer is a draft until it has been checked. It is checked " +
			"for each part of the question, for numbers that no source has, and for calls that " +
			"failed. When you are told what is missing, mend it.",
		ToolUsage: "Call a tool for a fact that you do not have. If a call fails, try another way, " +
			"or say that you could not find out.",
		OutputFormat: "Answer each part of the question by name. Do not speak of drafts.",
	}
}

func (s *strategy) GetName() string { return "reflection" }

func (s *strategy) GetDescription() string {
	return "Checks each draft against the question and goes round again with what is missing"
}

func (s *strategy) Health(context.Context) error   { return nil }
func (s *strategy) Shutdown(context.Context) error { return nil }

func (s *strategy) GetManifest() grpc.Manifest {
	return grpc.Manifest{
		Name: "custom-reasoning", Version: "1.0.0", HectorVersion: ">=0.1.0",
		Description: s.GetDescription(),
	}
}

package main

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/kadirpekel/hector/plugins/grpc"
)

func started(t *testing.T, config map[string]interface{}) *strategy {
	t.Helper()
	s := &strategy{}
	if err := s.Initialize(context.Background(), config); err != nil {
		t.Fatal(err)
	}
	return s
}

// A run as in an agent, except for the model.
type run struct {
	*strategy
	state *grpc.ReasoningState
}

func begin(t *testing.T, query string) *run {
	r := &run{started(t, nil), &grpc.ReasoningState{
		Query: query, CustomState: map[string]string{"other": "kept"},
		Conversation: []grpc.Message{{Role: "user", Content: query}},
	}}
	if err := r.PrepareIteration(1, r.state); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *run) draft(text string) (stops bool) {
	r.state.Conversation = append(
		r.state.Conversation, grpc.Message{Role: "assistant", Content: text})
	return r.ShouldStop(text, nil, r.state)
}

func (r *run) calls(t *testing.T, tool string, result *grpc.ToolResult) {
	t.Helper()
	calls := []*grpc.ToolCall{{ID: "1", Name: tool, ArgumentsJSON: "{}"}}
	if r.ShouldStop("", calls, r.state) {
		t.Error("it stops before the tool has run")
	}
	r.state.Conversation = append(
		r.state.Conversation, grpc.Message{Role: "tool", Content: result.Content})
	if err := r.AfterIteration(1, "", calls, []*grpc.ToolResult{result}, r.state); err != nil {
		t.Error(err)
	}
}

const two = "How often is the signing key rotated, and when do backups run?"

func TestItGoesRoundWithWhatIsMissingUntilNothingIs(t *testing.T) {
	r := begin(t, two)
	if found := r.GetContextInjection(r.state); found != "" {
		t.Errorf("it has something to say before there is a draft: %q", found)
	}
	if r.draft("The signing key is rotated twice a year.") {
		t.Fatal("it stops with half an answer")
	}
	injection := r.GetContextInjection(r.state)
	if !strings.Contains(injection, "round 1 of 2") ||
		!strings.Contains(injection, "- It says nothing about: when do backups run\n") ||
		strings.Contains(injection, "signing") {
		t.Errorf("it says %q", injection)
	}
	if !r.draft("The signing key is rotated twice a year. Backups run at night.") {
		t.Error("it does not stop with a whole answer")
	}
	if n := notesIn(r.state); n.Stopped != "nothing is missing" || n.Round != 1 {
		t.Errorf("%+v", n)
	}
	if r.state.CustomState["other"] != "kept" {
		t.Error("it has lost what is not its own")
	}
}

func TestItStops(t *testing.T) {
	for reason, drafts := range map[string][]string{
		"nothing is missing":       {"The key is rotated yearly; backups run at night."},
		"the draft did not change": {"The signing key!", "The  signing key!"},
		"2 rounds did not help":    {"The signing key!", "The signing key?", "A signing key."},
	} {
		r := begin(t, two)
		for i, draft := range drafts {
			if stops := r.draft(draft); stops != (i == len(drafts)-1) {
				t.Errorf("%s: at draft %d it stops: %v", reason, i+1, stops)
			}
		}
		if found := notesIn(r.state).Stopped; found != reason {
			t.Errorf("expected %q, found %q", reason, found)
		}
	}
}

func TestAnEmptyDraftIsNoAnswer(t *testing.T) {
	r := begin(t, "What is the capital of France?")
	if r.draft(" \n") {
		t.Error("it stops")
	}
	if !r.draft("Paris.") {
		t.Error("it does not take a short answer to one question")
	}
}

func TestANumberNeedsASource(t *testing.T) {
	r := begin(t, "How high is the tower of 1889?")
	r.calls(t, "search", &grpc.ToolResult{Success: true, Content: "It is 330 m high, 10,100 t heavy."})
	if r.draft("Built in 1889, it is 324 m high and weighs 10100 t, or 3 of something.") {
		t.Fatal("it takes a number that nobody has told")
	}
	expected := []string{"No source has the number 324: name where it is from, or leave it out."}
	if found := notesIn(r.state).Findings; !reflect.DeepEqual(found, expected) {
		t.Errorf("found %q", found)
	}
	if !r.draft("It is 330 m high.") {
		t.Error("it does not stop")
	}
	r = begin(t, "How high is it?")
	if !r.draft("It is 324 m high.") {
		t.Error("it wants a source where nothing was looked up")
	}
}

func TestAFailureIsToBeTold(t *testing.T) {
	r := begin(t, "What does it weigh?")
	r.calls(t, "scales", &grpc.ToolResult{Error: "no power"})
	if r.draft("It is heavy.") {
		t.Error("it stops")
	}
	if !r.draft("I could not find out what it weighs.") {
		t.Error("it does not stop")
	}
	r = begin(t, "What does it weigh?")
	r.calls(t, "scales", &grpc.ToolResult{Error: "no power", ToolName: "scales"})
	r.calls(t, "scales", &grpc.ToolResult{Success: true, Content: "much"})
	if !r.draft("It weighs much.") {
		t.Error("it does not forgive a failure that was mended")
	}
}

func TestEverythingItRemembersIsInTheState(t *testing.T) {
	first := begin(t, two)
	first.draft("The signing key!")
	// Another process, which has only the data that crossed the wire.
	state := *first.state
	state.CustomState = map[string]string{key: first.state.CustomState[key]}
	second := &run{started(t, nil), &state}
	if a, b := first.GetContextInjection(first.state), second.GetContextInjection(&state); a != b {
		t.Errorf("%q and %q", a, b)
	}
	if !second.draft("The signing key!") || notesIn(&state).Stopped != "the draft did not change" {
		t.Errorf("%+v", notesIn(&state))
	}
	for _, text := range []string{"", "{", `{"round": -1}`, `{"round": "x"}`} {
		state.CustomState[key] = text
		if n := notesIn(&state); n.Round != 0 {
			t.Errorf("%s is read as %+v", text, n)
		}
	}
}

func TestAQuestionIsCutIntoItsParts(t *testing.T) {
	for query, expected := range map[string][]string{
		two:                             {"How often is the signing key rotated", "when do backups run"},
		"What is salt and pepper?":      {"What is salt and pepper"},
		"Who wrote it? When? And where": {"Who wrote it"},
		"List the ports; explain TLS.":  {"List the ports", "explain TLS."},
		"":                              nil,
	} {
		if found := split(query); !reflect.DeepEqual(found, expected) {
			t.Errorf("%q: found %q", query, found)
		}
	}
}

func TestSettingsThatCannotBeUsedAreRefused(t *testing.T) {
	for _, c := range [][2]string{
		{"max_rounds", "-1"}, {"coverage", "2"}, {"coverage", "NaN"}, {"check_numbers", "maybe"},
		{"rounds", "2"},
	} {
		err := (&strategy{}).Initialize(
			context.Background(), map[string]interface{}{c[0]: c[1]})
		if err == nil || !strings.Contains(err.Error(), "'"+c[0]+"'") {
			t.Errorf("%s=%s: %v", c[0], c[1], err)
		}
	}
}

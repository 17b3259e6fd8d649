package main

import (
	"encoding/json"

	"github.com/kadirpekel/hector/plugins/grpc"
)

// notes are what the strategy remembers of a run. They travel in the run's state as one text of
// JSON, which a person can read and edit: what cannot be read there is forgotten.
type notes struct {
	// How often the model was sent round again.
	Round int `json:"round"`
	// The last draft, and what was missing in it.
	Draft    string   `json:"draft,omitempty"`
	Findings []string `json:"findings,omitempty"`
	// Tools that have failed and not succeeded since.
	Failed []string `json:"failed,omitempty"`
	// Why the run ended.
	Stopped string `json:"stopped,omitempty"`
}

const key = "reflection"

func notesIn(state *grpc.ReasoningState) *notes {
	n := &notes{}
	if json.Unmarshal([]byte(state.CustomState[key]), n) != nil || n.Round < 0 {
		return &notes{}
	}
	return n
}

// save leaves what others have put there.
func (n *notes) save(state *grpc.ReasoningState) {
	// A struct of texts and numbers always has a JSON form.
	text, _ := json.Marshal(n)
	state.CustomState[key] = string(text)
}

func forget(state *grpc.ReasoningState) { delete(state.CustomState, key) }

func (n *notes) note(tool string, success bool) {
	var others []string
	for _, name := range n.Failed {
		if name != tool {
			others = append(others, name)
		}
	}
	if !success {
		others = append(others, tool)
	}
	n.Failed = others
}

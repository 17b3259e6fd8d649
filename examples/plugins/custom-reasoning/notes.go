package main

import (
	"encoding/json"

	"github.com/kadirpekel/hector/plugins/grpc"
)

// notes are the strategy's memory of a run. They are stored in the run's state as one text of JSON,
// which a user can read and edit: text that cannot be read is forgotten.
type notes struct {
	// The number of times that the model was asked again.
	Round int `json:"round"`
	// The last draft, and its findings.
	Draft    string   `json:"draft,omitempty"`
	Findings []string `json:"findings,omitempty"`
	// Tools that have failed and not succeeded since.
	Failed []string `json:"failed,omitempty"`
	// The reason why the run ended.
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

// save keeps the entries of others.
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

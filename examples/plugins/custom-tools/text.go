package main

import (
	"fmt"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kadirpekel/hector/plugins/grpc"
)

type text struct {
	Text string `json:"text"`
	// The number of most frequent words to list, or nil if it is not given.
	Top *int `json:"top"`
}

func textStatistics() grpc.Tool {
	return function[text]{
		info: pure("text_statistics",
			"Counts the lines, words, sentences and characters of a text, and its most frequent "+
				"words.",
			`{"type": "object", "properties": {"text": {"type": "string"},
			"top": {"type": "integer", "minimum": 0, "maximum": 100,
			"description": "how many of the most frequent words to tell; 5 unless said"}},
			"required": ["text"], "additionalProperties": false}`),
		run: func(t text) (string, map[string]interface{}, error) {
			top := 5
			if t.Top != nil {
				top = *t.Top
			}
			if top < 0 {
				return "", nil, fmt.Errorf("'top' is %d: expected 0 to 100", top)
			}
			return t.statistics(top), nil, nil
		},
	}
}

func (t text) statistics(top int) string {
	words := strings.FieldsFunc(strings.ToLower(t.Text), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '\'' && c != '-'
	})
	counts := map[string]int{}
	for _, word := range words {
		counts[word]++
	}
	lines := strings.Count(t.Text, "\n")
	if t.Text != "" && !strings.HasSuffix(t.Text, "\n") {
		lines++
	}
	sentences, isInside := 0, false
	for _, c := range t.Text {
		if strings.ContainsRune(".!?", c) {
			if isInside {
				sentences++
			}
			isInside = false
		} else if unicode.IsLetter(c) || unicode.IsDigit(c) {
			isInside = true
		}
	}
	if isInside {
		sentences++
	}
	return fmt.Sprintf(
		"lines: %d\nwords: %d (%d different)\nsentences: %d\ncharacters: %d\n"+
			"most frequent: %s",
		lines, len(words), len(counts), sentences, utf8.RuneCountInString(t.Text),
		frequent(counts, top))
}

func frequent(counts map[string]int, top int) string {
	words := make([]string, 0, len(counts))
	for word := range counts {
		words = append(words, word)
	}
	sort.Slice(words, func(i, j int) bool {
		a, b := words[i], words[j]
		return counts[a] > counts[b] || counts[a] == counts[b] && a < b
	})
	if len(words) > top {
		words = words[:top]
	}
	for i, word := range words {
		words[i] = fmt.Sprintf("%s (%d)", word, counts[word])
	}
	return strings.Join(words, ", ")
}

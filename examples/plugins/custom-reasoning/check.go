package main

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/kadirpekel/hector/plugins/grpc"
)

// check returns what is missing in a draft, in sentences for the model to read.
func (s *strategy) check(draft string, state *grpc.ReasoningState, n *notes) []string {
	if strings.TrimSpace(draft) == "" {
		return []string{"There is no answer yet."}
	}
	var findings []string
	// A correct answer to one question may contain none of its words ("Paris."). If a question has
	// several parts, models forget some of them.
	if parts := split(state.Query); len(parts) > 1 {
		has := words(draft)
		for _, part := range parts {
			if share(words(part), has) < s.coverage {
				findings = append(findings, fmt.Sprintf("It says nothing about: %s", part))
			}
		}
	}
	if s.checkNumbers {
		for _, number := range unsupported(draft, state.Conversation) {
			findings = append(findings, fmt.Sprintf(
				"No source has the number %s: name where it is from, or leave it out.", number))
		}
	}
	for _, tool := range n.Failed {
		if !admits.MatchString(draft) {
			findings = append(findings, fmt.Sprintf(
				"The call of %s failed, and the answer does not say so.", tool))
		}
	}
	return findings
}

var admits = regexp.MustCompile(
	`(?i)\b(fail|error|could not|couldn't|cannot|can't|unable|not available|do not know|unknown)`)

var between = regexp.MustCompile(
	`(?i)[?;\n]+|\.\s+|,?\s+and\s+((?:also\s+)?(?:who|what|when|where|why|how|which|whose|is|are|` +
		`do|does|did|can|could|should|will|name|list|tell|explain|give|compare)\b)`)

// split cuts a question into the questions in it.
func split(query string) []string {
	// The text after "and" belongs to the next part.
	marked := between.ReplaceAllString(query, "\x00$1")
	var parts []string
	for _, part := range strings.Split(marked, "\x00") {
		if len(words(part)) > 0 {
			parts = append(parts, strings.TrimSpace(part))
		}
	}
	return parts
}

// words returns the words that carry meaning, without their endings.
func words(text string) map[string]bool {
	found := map[string]bool{}
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c)
	}) {
		if len(word) > 2 && !common[word] {
			found[stem(word)] = true
		}
	}
	return found
}

// stem is crude: enough to recognise "backups" in "backup".
func stem(word string) string {
	for _, ending := range []string{"ing", "ies", "ed", "es", "s", "e", "y"} {
		if stem := strings.TrimSuffix(word, ending); stem != word && len(stem) > 2 {
			return stem
		}
	}
	return word
}

var common = set(`about all also and any are been but can could did does explain for from give had
	has have her his how its list many much must name not often one our out please shall she should
	some tell than that the their them then there they this was were what when where which who whose
	why will with would you your`)

func set(words string) map[string]bool {
	found := map[string]bool{}
	for _, word := range strings.Fields(words) {
		found[word] = true
	}
	return found
}

// share returns the share of wanted that is in found.
func share(wanted, found map[string]bool) float64 {
	count := 0
	for word := range wanted {
		if found[word] {
			count++
		}
	}
	return float64(count) / float64(len(wanted))
}

var number = regexp.MustCompile(`\d[\d.,:/-]*\d`)

// unsupported returns the numbers of a draft, of two digits or more, that are neither in the
// question nor in the results of tools. Without results it has nothing to compare with.
func unsupported(draft string, conversation []grpc.Message) []string {
	known, hasResults := map[string]bool{}, false
	for _, message := range conversation {
		if message.Role == "assistant" {
			continue
		}
		hasResults = hasResults || message.Role == "tool"
		for _, text := range number.FindAllString(message.Content, -1) {
			known[plain(text)] = true
		}
	}
	if !hasResults {
		return nil
	}
	var missing []string
	for _, text := range number.FindAllString(draft, -1) {
		if !known[plain(text)] {
			known[plain(text)] = true
			missing = append(missing, text)
		}
	}
	return missing
}

// plain returns a number without the commas between its thousands.
func plain(number string) string { return strings.ReplaceAll(number, ",", "") }

func normalised(text string) string { return strings.Join(strings.Fields(text), " ") }

package main

import (
	"fmt"
	"time"

	"github.com/kadirpekel/hector/plugins/grpc"
)

type reckoning struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Days   int    `json:"days"`
	Weeks  int    `json:"weeks"`
	Months int    `json:"months"`
	Years  int    `json:"years"`
}

func dates() grpc.Tool {
	return function[reckoning]{
		info: pure("reckon_date",
			"Tells how many days are between two dates, or the date some days, weeks, months and "+
				"years after one; negative numbers go back.",
			`{"type": "object", "properties": {
			"from": {"type": "string", "description": "YYYY-MM-DD"},
			"to": {"type": "string", "description": "YYYY-MM-DD, to count the days until then"},
			"days": {"type": "integer"}, "weeks": {"type": "integer"},
			"months": {"type": "integer"}, "years": {"type": "integer"}},
			"required": ["from"], "additionalProperties": false}`),
		run: func(r reckoning) (string, map[string]interface{}, error) {
			content, err := r.answer()
			return content, nil, err
		},
	}
}

func (r reckoning) answer() (string, error) {
	from, err := day(r.From)
	if err != nil {
		return "", err
	}
	if r.To != "" {
		if r.Days != 0 || r.Weeks != 0 || r.Months != 0 || r.Years != 0 {
			return "", fmt.Errorf("give 'to', or how far to go, not both")
		}
		to, err := day(r.To)
		if err != nil {
			return "", err
		}
		// Both are midnights of UTC, so days have 24 hours.
		return fmt.Sprintf("%d days, from %s to %s", int(to.Sub(from).Hours()/24),
			spelled(from), spelled(to)), nil
	}
	months := r.Months + 12*r.Years
	if months < -120_000 || months > 120_000 {
		return "", fmt.Errorf("that is too far away")
	}
	// The last day of a shorter month, where Go's own AddDate goes over into the next.
	first := time.Date(from.Year(), from.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	at := from.Day()
	if at > last {
		at = last
	}
	result := first.AddDate(0, 0, at-1+r.Days+7*r.Weeks)
	if result.Year() < 1 || result.Year() > 9999 {
		return "", fmt.Errorf("that is too far away")
	}
	return spelled(result), nil
}

func spelled(t time.Time) string { return t.Format("2006-01-02 (Monday)") }

func day(text string) (time.Time, error) {
	t, err := time.Parse("2006-01-02", text)
	if err != nil {
		return t, fmt.Errorf("'%s' is no date: expected YYYY-MM-DD", text)
	}
	return t, nil
}

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
		// Both are midnights of UTC, so all days are equally long. A time.Duration ends at 292 years.
		return fmt.Sprintf("%d days, from %s to %s", (to.Unix()-from.Unix())/86_400,
			spelled(from), spelled(to)), nil
	}
	for name, count := range map[string]int{
		"days": r.Days, "weeks": r.Weeks, "months": r.Months, "years": r.Years,
	} {
		if count < -farthest || count > farthest {
			return "", fmt.Errorf(
				"'%s' is %d: expected %d to %d", name, count, -farthest, farthest)
		}
	}
	months := r.Months + 12*r.Years
	// The last day of a shorter month, where Go's own AddDate continues into the next.
	first := time.Date(from.Year(), from.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	at := from.Day()
	if at > last {
		at = last
	}
	result := first.AddDate(0, 0, at-1+r.Days+7*r.Weeks)
	if result.Year() < 1 || result.Year() > 9999 {
		return "", fmt.Errorf("the date is not within the years 1 to 9999")
	}
	return spelled(result), nil
}

// More days than between any two dates of the years 1 to 9999.
const farthest = 4_000_000

func spelled(t time.Time) string { return t.Format("2006-01-02 (Monday)") }

func day(text string) (time.Time, error) {
	t, err := time.Parse("2006-01-02", text)
	if err != nil {
		return t, fmt.Errorf("'%s' is no date: expected YYYY-MM-DD", text)
	}
	if t.Year() < 1 {
		return t, fmt.Errorf("'%s' is not within the years 1 to 9999", text)
	}
	return t, nil
}

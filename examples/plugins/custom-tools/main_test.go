package main

import (
	"context"
	"encoding/json"
	"sort"
	"strings"
	"testing"

	"github.com/kadirpekel/hector/plugins/grpc"
)

func started(t *testing.T, config map[string]interface{}) *provider {
	t.Helper()
	p := &provider{}
	if err := p.Initialize(context.Background(), config); err != nil {
		t.Fatal(err)
	}
	return p
}

// execute runs a tool with JSON arguments and returns its output, or its error.
func execute(t *testing.T, p *provider, name, arguments string) string {
	t.Helper()
	var args map[string]interface{}
	if err := json.Unmarshal([]byte(arguments), &args); err != nil {
		t.Fatal(err)
	}
	result, err := p.ExecuteTool(context.Background(), name, args)
	if err != nil {
		return "error: " + err.Error()
	}
	if !result.Success {
		t.Errorf("%s: neither an error nor a success", name)
	}
	return result.Content
}

func TestEveryToolDescribesItself(t *testing.T) {
	p := started(t, nil)
	var names []string
	for _, info := range p.ListTools() {
		names = append(names, info.Name)
		var schema struct{ Type string }
		if err := json.Unmarshal([]byte(info.ParametersJSON), &schema); err != nil ||
			schema.Type != "object" {
			t.Errorf("%s: %v in %s", info.Name, err, info.ParametersJSON)
		}
		if info.Description == "" || info.ReadOnly != grpc.HintTrue {
			t.Errorf("%+v", info)
		}
		if tool, ok := p.GetTool(info.Name); !ok || tool.GetInfo() != info {
			t.Errorf("%s is listed and not found", info.Name)
		}
	}
	if len(names) == 0 || !sort.StringsAreSorted(names) {
		t.Errorf("found %q", names)
	}
}

func TestATool(t *testing.T) {
	const csv = `name,age,city\nAda,36,London\nGrace,85,\"New York\"\nAlan,41,London\nKurt,9,Brno`
	p := started(t, nil)
	for _, c := range []struct{ tool, arguments, expected string }{
		{"calculate", `{"expression": "1 + 2 * 3"}`, "7"},
		{"calculate", `{"expression": "(2 + 3) * sqrt(16)"}`, "20"},
		{"calculate", `{"expression": "-2^2 + 2^3^2"}`, "508"},
		{"calculate", `{"expression": "10 - 4 - 3"}`, "3"},
		{"calculate", `{"expression": "7 % 4 * 2 / 3"}`, "2"},
		{"calculate", `{"expression": "max(1, 2.5e1, -3) + min(4)"}`, "29"},
		{"calculate", `{"expression": "0.1 + 0.2"}`, "0.30000000000000004"},
		{"calculate", `{"expression": "2 pi"}`,
			"error: expected an operator at byte 2, but found 'pi'"},
		{"calculate", `{"expression": "2 * (3 + 4"}`,
			"error: expected ')' at byte 10, but found the end"},
		{"calculate", `{"expression": ""}`, "error: expected a number at byte 0, but found the end"},
		{"calculate", `{"expression": "1 / (2 - 2)"}`, "error: division by zero"},
		{"calculate", `{"expression": "sqrt(-1)"}`, "error: 'sqrt(-1)' has no value"},
		{"calculate", `{"expression": "sqrt(1, 2)"}`,
			"error: expected ')' at byte 6, but found ', 2)'"},
		{"calculate", `{"expression": "launch(1)"}`,
			"error: 'launch' is neither a constant nor a function"},
		{"calculate", `{"expression": "1.2.3"}`, "error: '1.2.3' is no number"},
		{"calculate", `{"expression": "` + strings.Repeat("(", 100_000) + `"}`,
			"error: the expression is nested too deeply"},
		{"calculate", `{"expression": "é"}`, "error: 'é' is neither a constant nor a function"},
		{"calculate", `{"expression": "2 + 3"}`, "5"},
		{"calculate", `{"expression": "2 × 3"}`,
			"error: expected an operator at byte 2, but found '× 3'"},
		{"calculate", `{"expression": "٣"}`, "error: expected a number at byte 0, but found '٣'"},
		{"calculate", `{"expression": "2\u0000"}`,
			"error: expected an operator at byte 1, but found '\x00'"},
		{"calculate", `{"expression": 7}`,
			"error: the arguments are not as described: json: cannot unmarshal number into Go " +
				"struct field calculation.expression of type string"},

		{"text_statistics", `{"text": "One two. Two?\nThree… it's"}`,
			"lines: 2\nwords: 5 (4 different)\nsentences: 3\ncharacters: 25\n" +
				"most frequent: two (2), it's (1), one (1), three (1)"},
		{"text_statistics", `{"text": "a b", "top": 0}`,
			"lines: 1\nwords: 2 (2 different)\nsentences: 1\ncharacters: 3\nmost frequent: "},
		{"text_statistics", `{"text": "a b", "top": -1}`, "error: 'top' is -1: expected 0 to 100"},
		{"text_statistics", `{"text": "", "top": 1}`,
			"lines: 0\nwords: 0 (0 different)\nsentences: 0\ncharacters: 0\nmost frequent: "},

		{"reckon_date", `{"from": "2026-03-01", "to": "2028-03-01"}`,
			"731 days, from 2026-03-01 (Sunday) to 2028-03-01 (Wednesday)"},
		{"reckon_date", `{"from": "2026-01-31", "months": 1}`, "2026-02-28 (Saturday)"},
		{"reckon_date", `{"from": "2024-02-29", "years": 1}`, "2025-02-28 (Friday)"},
		{"reckon_date", `{"from": "2026-03-01", "days": -1, "weeks": 2}`, "2026-03-14 (Saturday)"},
		{"reckon_date", `{"from": "1.3.2026"}`, "error: '1.3.2026' is no date: expected YYYY-MM-DD"},
		{"reckon_date", `{"from": "2026-03-01", "to": "2026-03-02", "days": 1}`,
			"error: give 'to', or how far to go, not both"},
		{"reckon_date", `{"from": "2026-03-01", "years": 9000}`,
			"error: the date is not within the years 1 to 9999"},
		{"reckon_date", `{"from": "1700-01-01", "to": "2026-01-01"}`,
			"119069 days, from 1700-01-01 (Friday) to 2026-01-01 (Thursday)"},
		{"reckon_date", `{"from": "9999-12-31", "to": "0001-01-01"}`,
			"-3652058 days, from 9999-12-31 (Friday) to 0001-01-01 (Monday)"},
		{"reckon_date", `{"from": "0001-01-01", "days": 3652058}`, "9999-12-31 (Friday)"},
		{"reckon_date", `{"from": "0001-01-01", "days": 3652059}`,
			"error: the date is not within the years 1 to 9999"},
		{"reckon_date", `{"from": "2026-01-01", "weeks": 2000000000000000000}`,
			"error: 'weeks' is 2000000000000000000: expected -4000000 to 4000000"},
		{"reckon_date", `{"from": "2026-01-01", "years": -2000000000000000000}`,
			"error: 'years' is -2000000000000000000: expected -4000000 to 4000000"},
		{"reckon_date", `{"from": "0000-01-01", "days": 1}`,
			"error: '0000-01-01' is not within the years 1 to 9999"},

		{"query_table", `{"data": "` + csv + `", "where": {"city": "London"}, "sort_by": "-age",
			"columns": ["name", "age"]}`,
			"| name | age |\n| --- | --- |\n| Alan | 41 |\n| Ada | 36 |\n"},
		{"query_table", `{"data": "` + csv + `", "where": {"age": "<40"}, "sort_by": "age",
			"format": "csv"}`, "name,age,city\nKurt,9,Brno\nAda,36,London\n"},
		{"query_table", `{"data": "[{\"a\": 10, \"b\": \"x|y\"}, {\"a\": 9}]", "sort_by": "a"}`,
			"| a | b |\n| --- | --- |\n| 9 |  |\n| 10 | x\\|y |\n"},
		{"query_table", `{"data": "[{\"a\": 10}, {\"a\": 9}]", "limit": 1, "format": "json"}`,
			`[{"a":"10"}]`},
		{"query_table", `{"data": "a,b\n1,2", "columns": ["c"]}`,
			"error: no column 'c': there are a, b"},
		{"query_table", `{"data": "a,b\n1"}`,
			"error: the data is no CSV: record on line 2: wrong number of fields"},
		{"query_table", `{"data": "a\n1", "format": "xml"}`,
			"error: no format 'xml': there are markdown, csv and json"},

		{"nothing", `{}`, "error: no tool 'nothing'"},
	} {
		if found := execute(t, p, c.tool, c.arguments); found != c.expected {
			t.Errorf("%s %.200s: found %q, expected %q", c.tool, c.arguments, found, c.expected)
		}
	}
}

package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/kadirpekel/hector/plugins/grpc"
)

type query struct {
	Data    string            `json:"data"`
	Where   map[string]string `json:"where"`
	Columns []string          `json:"columns"`
	SortBy  string            `json:"sort_by"`
	Limit   int               `json:"limit"`
	Format  string            `json:"format"`
}

func tables() grpc.Tool {
	return function[query]{
		info: pure("query_table",
			"Selects, sorts and formats rows of CSV with a header, or of a JSON list of objects.",
			`{"type": "object", "properties": {
			"data": {"type": "string", "description": "CSV with a header, or JSON"},
			"where": {"type": "object", "additionalProperties": {"type": "string"},
				"description": "conditions by column, such as {\"city\": \"Rome\", \"age\": \">=30\"}"},
			"columns": {"type": "array", "items": {"type": "string"}},
			"sort_by": {"type": "string", "description": "a column, -column for the largest first"},
			"limit": {"type": "integer", "minimum": 1},
			"format": {"enum": ["markdown", "csv", "json"]}},
			"required": ["data"], "additionalProperties": false}`),
		run: func(q query) (string, map[string]interface{}, error) {
			t, err := q.selected()
			if err != nil {
				return "", nil, err
			}
			content, err := t.format(q.Format)
			return content, map[string]interface{}{"rows": len(t.rows)}, err
		},
	}
}

// A table has rows of the same length as its header.
type table struct {
	header []string
	rows   [][]string
}

func (q query) selected() (*table, error) {
	t, err := readTable(q.Data)
	if err != nil {
		return nil, err
	}
	for column, condition := range q.Where {
		at, err := t.column(column)
		if err != nil {
			return nil, err
		}
		var rows [][]string
		for _, row := range t.rows {
			if holds(row[at], condition) {
				rows = append(rows, row)
			}
		}
		t.rows = rows
	}
	if by := strings.TrimPrefix(q.SortBy, "-"); by != "" {
		at, err := t.column(by)
		if err != nil {
			return nil, err
		}
		sort.SliceStable(t.rows, func(i, j int) bool {
			if by != q.SortBy {
				i, j = j, i
			}
			return compare(t.rows[i][at], t.rows[j][at]) < 0
		})
	}
	if q.Limit > 0 && len(t.rows) > q.Limit {
		t.rows = t.rows[:q.Limit]
	}
	return t.project(q.Columns)
}

func readTable(data string) (*table, error) {
	if strings.HasPrefix(strings.TrimSpace(data), "[") {
		return readObjects(data)
	}
	records, err := csv.NewReader(strings.NewReader(data)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("the data is no CSV: %w", err)
	}
	if len(records) == 0 {
		return nil, fmt.Errorf("the data is empty")
	}
	return &table{records[0], records[1:]}, nil
}

// Columns are sorted by name, because a JSON object does not order them.
func readObjects(data string) (*table, error) {
	decoder := json.NewDecoder(strings.NewReader(data))
	decoder.UseNumber()
	var objects []map[string]interface{}
	if err := decoder.Decode(&objects); err != nil {
		return nil, fmt.Errorf("the data is no JSON list of objects: %w", err)
	}
	t, seen := &table{}, map[string]bool{}
	for _, object := range objects {
		for name := range object {
			if !seen[name] {
				seen[name] = true
				t.header = append(t.header, name)
			}
		}
	}
	sort.Strings(t.header)
	for _, object := range objects {
		row := make([]string, len(t.header))
		for i, name := range t.header {
			row[i] = cell(object[name])
		}
		t.rows = append(t.rows, row)
	}
	return t, nil
}

func cell(value interface{}) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	}
	// The value was JSON before.
	bytes, _ := json.Marshal(value)
	return string(bytes)
}

func (t *table) column(name string) (int, error) {
	for i, column := range t.header {
		if column == name {
			return i, nil
		}
	}
	return 0, fmt.Errorf(
		"no column '%s': there are %s", name, strings.Join(t.header, ", "))
}

// A condition is a text for equality, or one of < <= > >= != and a value.
func holds(value, condition string) bool {
	for _, operator := range []string{"<=", ">=", "!=", "<", ">"} {
		if !strings.HasPrefix(condition, operator) {
			continue
		}
		order := compare(value, strings.TrimSpace(strings.TrimPrefix(condition, operator)))
		switch operator {
		case "<=":
			return order <= 0
		case ">=":
			return order >= 0
		case "!=":
			return order != 0
		case "<":
			return order < 0
		}
		return order > 0
	}
	return value == condition
}

// Numbers are compared as numbers, other values as text.
func compare(a, b string) int {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	switch {
	case errX != nil || errY != nil:
		return strings.Compare(a, b)
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func (t *table) project(columns []string) (*table, error) {
	if len(columns) == 0 {
		return t, nil
	}
	out := &table{header: columns, rows: make([][]string, len(t.rows))}
	for _, column := range columns {
		at, err := t.column(column)
		if err != nil {
			return nil, err
		}
		for i, row := range t.rows {
			out.rows[i] = append(out.rows[i], row[at])
		}
	}
	return out, nil
}

func (t *table) format(format string) (string, error) {
	var out strings.Builder
	switch format {
	case "csv":
		writer := csv.NewWriter(&out)
		err := writer.WriteAll(append([][]string{t.header}, t.rows...))
		return out.String(), err
	case "json":
		objects := make([]map[string]string, len(t.rows))
		for i, row := range t.rows {
			objects[i] = map[string]string{}
			for j, name := range t.header {
				objects[i][name] = row[j]
			}
		}
		bytes, err := json.Marshal(objects)
		return string(bytes), err
	case "", "markdown":
		lines := [][]string{t.header, nil}
		for range t.header {
			lines[1] = append(lines[1], "---")
		}
		for _, line := range append(lines, t.rows...) {
			for _, text := range line {
				// Characters that would end the cell or the row.
				text = strings.NewReplacer("|", `\|`, "\n", " ").Replace(text)
				out.WriteString("| " + text + " ")
			}
			out.WriteString("|\n")
		}
		return out.String(), nil
	}
	return "", fmt.Errorf("no format '%s': there are markdown, csv and json", format)
}

package grpc

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"sort"
	"strings"
)

// difference names each requested setting whose value differs from the given one; it is empty if
// they agree. Settings that are not requested may have any value.
func difference(given, asked map[string]string) string {
	var found []string
	for name, wanted := range asked {
		value, isThere := given[name]
		switch {
		case !isThere && isShown(name, wanted):
			found = append(found, fmt.Sprintf("'%s' is not set, and would be '%s'", name, wanted))
		case !isThere:
			found = append(found, fmt.Sprintf("'%s' is not set", name))
		case areEqual(value, wanted):
		case isShown(name, value) && isShown(name, wanted):
			found = append(found, fmt.Sprintf("'%s' is '%s', not '%s'", name, value, wanted))
		default:
			found = append(found, fmt.Sprintf("'%s' is another than the one given", name))
		}
	}
	sort.Strings(found)
	return strings.Join(found, ", ")
}

var (
	// Parts of the names of secret settings, and names that are secret as a whole.
	secret = regexp.MustCompile(`(?i)^(headers|env|environment)$` +
		`|(key|token|secret|password|passwd|authorization|credential|cookie)$` +
		`|^(key|token|secret|password|passwd|authorization|credential|cookie)_`)
	// Only values that cannot contain a secret, unlike URLs and nested values.
	shown = regexp.MustCompile(`^[\pL\pN_ .,:/~+-]{0,80}$`)
)

func isShown(name, value string) bool {
	return !secret.MatchString(name) && shown.MatchString(value)
}

// areEqual compares texts, and nested values as JSON.
func areEqual(left, right string) bool {
	if left == right {
		return true
	}
	a, isNested := nested(left)
	b, isOtherNested := nested(right)
	return isNested && isOtherNested && reflect.DeepEqual(a, b)
}

func nested(text string) (value interface{}, isNested bool) {
	trimmed := strings.TrimLeft(text, " \t\r\n")
	if !strings.HasPrefix(trimmed, "{") && !strings.HasPrefix(trimmed, "[") {
		return nil, false
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil || decoder.More() {
		return nil, false
	}
	return canonical(value), true
}

// canonical gives numbers that a float64 holds exactly one spelling, and keeps the others.
func canonical(value interface{}) interface{} {
	switch value := value.(type) {
	case map[string]interface{}:
		for name, member := range value {
			value[name] = canonical(member)
		}
	case []interface{}:
		for i, element := range value {
			value[i] = canonical(element)
		}
	case json.Number:
		const exact = 1 << 53
		if float, err := value.Float64(); err == nil && -exact < float && float < exact {
			return float
		}
	}
	return value
}

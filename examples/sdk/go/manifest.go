package grpc

import (
	"os"
	"regexp"
	"strings"
)

// requiredByFile reads config_schema.required of the manifest beside the executable. If the file is
// missing, or has a form that it does not understand, nothing is required: the host reads it as
// YAML.
func requiredByFile() []string {
	path, err := os.Executable()
	if err != nil {
		return nil
	}
	text, err := os.ReadFile(path + ".plugin.yaml")
	if err != nil || len(text) > 1<<20 {
		return nil
	}
	return requiredIn(string(text))
}

var (
	settingName = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)
	comment     = regexp.MustCompile(`(^|\s)#.*$`)
	flowList    = regexp.MustCompile(`\brequired\s*:\s*\[([^\]]*)\]`)
)

// requiredIn understands the list in both of YAML's styles, with quoted or plain names.
func requiredIn(manifest string) []string {
	lines := schemaLines(manifest)
	var items []string
	if found := flowList.FindStringSubmatch(strings.Join(lines, " ")); found != nil {
		items = strings.Split(found[1], ",")
	} else {
		isInside := false
		for _, line := range lines {
			text := strings.TrimSpace(line)
			if isInside && strings.HasPrefix(text, "-") {
				items = append(items, text[1:])
				continue
			}
			isInside = text == "required:"
		}
	}
	var names []string
	for _, item := range items {
		name := strings.Trim(strings.TrimSpace(item), `"'`)
		if !settingName.MatchString(name) {
			return nil
		}
		names = append(names, name)
	}
	return names
}

// schemaLines returns the lines of config_schema, without comments.
func schemaLines(manifest string) []string {
	var lines []string
	outer := -1
	for _, line := range strings.Split(manifest, "\n") {
		line = comment.ReplaceAllString(strings.TrimRight(line, "\r"), "")
		text := strings.TrimLeft(line, " ")
		if text == "" {
			continue
		}
		indent := len(line) - len(text)
		if outer >= 0 && indent <= outer {
			break
		}
		if outer < 0 && strings.HasPrefix(text, "config_schema:") {
			outer, text = indent, strings.TrimPrefix(text, "config_schema:")
		}
		if outer >= 0 {
			lines = append(lines, text)
		}
	}
	return lines
}

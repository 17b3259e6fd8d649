package grpc

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Settings reads a plugin's settings and collects the mistakes in them, so that all are reported to
// the user at once:
//
//	settings := grpc.ReadSettings(config)
//	p.key = settings.Required("api_key")
//	p.tokens = settings.Int("max_tokens", 256)
//	return settings.Err()
type Settings struct {
	texts    map[string]string
	known    map[string]bool
	problems []string
}

// ReadSettings takes the config of Initialize, and in tests also one with numbers and other values.
func ReadSettings(config map[string]interface{}) *Settings {
	s := &Settings{known: map[string]bool{}}
	var err error
	if s.texts, err = toTexts(config); err != nil {
		s.problems = append(s.problems, err.Error())
	}
	return s
}

// Has returns true if a setting is given and not empty.
func (s *Settings) Has(name string) bool {
	s.known[name] = true
	return s.texts[name] != ""
}

func (s *Settings) String(name, otherwise string) string {
	if !s.Has(name) {
		return otherwise
	}
	return s.texts[name]
}

// Required returns a string that must be given.
func (s *Settings) Required(name string) string {
	if !s.Has(name) {
		s.problems = append(s.problems, fmt.Sprintf("setting '%s' is missing", name))
	}
	return s.texts[name]
}

func (s *Settings) Int(name string, otherwise int) int {
	return read(s, name, otherwise, "a whole number", strconv.Atoi)
}

// Float accepts finite numbers, but neither NaN nor Inf.
func (s *Settings) Float(name string, otherwise float64) float64 {
	return read(s, name, otherwise, "a number", func(text string) (float64, error) {
		value, err := strconv.ParseFloat(text, 64)
		if math.IsNaN(value) || math.IsInf(value, 0) {
			err = strconv.ErrRange
		}
		return value, err
	})
}

func (s *Settings) Bool(name string, otherwise bool) bool {
	return read(s, name, otherwise, "true or false", strconv.ParseBool)
}

// Duration accepts Go's spelling, such as 1m30s, and a plain number of seconds.
func (s *Settings) Duration(name string, otherwise time.Duration) time.Duration {
	expected := "a time such as 90s or 500ms"
	return read(s, name, otherwise, expected, func(text string) (time.Duration, error) {
		if _, err := strconv.ParseFloat(text, 64); err == nil {
			text += "s"
		}
		return time.ParseDuration(text)
	})
}

// JSON reads a nested setting into a pointer, which stays unchanged if the setting is missing.
func (s *Settings) JSON(name string, into interface{}) {
	read(s, name, into, "other JSON", func(text string) (interface{}, error) {
		return into, json.Unmarshal([]byte(text), into)
	})
}

func read[T any](
	s *Settings, name string, otherwise T, expected string, parse func(text string) (T, error),
) T {
	if !s.Has(name) {
		return otherwise
	}
	value, err := parse(s.texts[name])
	if err != nil {
		s.Fail(name, "expected "+expected)
		return otherwise
	}
	return value
}

// Fail adds a mistake that the caller has found.
func (s *Settings) Fail(name, problem string) {
	s.problems = append(
		s.problems, fmt.Sprintf("setting '%s' is '%s': %s", name, s.texts[name], problem))
}

// Err returns nil if there were no mistakes. Call it last: settings that were never read are
// mistakes.
func (s *Settings) Err() error {
	problems := append([]string(nil), s.problems...)
	for name := range s.texts {
		if !s.known[name] {
			problems = append(problems, fmt.Sprintf("setting '%s' is unknown", name))
		}
	}
	if len(problems) == 0 {
		return nil
	}
	sort.Strings(problems)
	return errors.New(strings.Join(problems, "; "))
}

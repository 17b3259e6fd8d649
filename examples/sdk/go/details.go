package grpc

import (
	"context"
	"encoding/json"
)

// Details is the data of a request beyond the parameters of its method. All of it is optional.
type Details struct {
	// Generate: settings for this call, such as temperature, max_tokens or stop. Search: options that
	// are the database's own; an unknown one is an error.
	Options map[string]string
	// Generate: a JSON Schema that the answer's text should satisfy.
	ResponseSchema string
	// Embed: "query", "document" or empty.
	InputType string
	// Search: a JSON object that the metadata should satisfy.
	Filter string
	// Search: true if results should include their vectors.
	IncludeVectors bool
	// Search: the words of the question. If it has only words, the vector is empty. These, Options,
	// Alpha and Explain are sent to a database whose manifest has the capability "hybrid".
	Text string
	// Search: the weight of the vector in the score, from 0 to 1; nil for the collection's own.
	Alpha *float32
	// Search: true if results should say how their scores came about.
	Explain bool
	// CreateCollection: facts to keep with the collection, sent to a database with the capability
	// "catalog". Those of a collection that exists are kept, except those that are given.
	Properties map[string]string
}

type detailsKey struct{}

// DetailsOf returns the details of a call from its context.
func DetailsOf(ctx context.Context) Details {
	details, _ := ctx.Value(detailsKey{}).(Details)
	return details
}

// WithDetails is for tests.
func WithDetails(ctx context.Context, details Details) context.Context {
	return context.WithValue(ctx, detailsKey{}, details)
}

func toValues(texts map[string]string) map[string]interface{} {
	values := make(map[string]interface{}, len(texts))
	for key, text := range texts {
		values[key] = text
	}
	return values
}

// toTexts keeps strings, except for bytes that are not UTF-8, and turns other values into JSON, as
// the host does.
func toTexts(values map[string]interface{}) (map[string]string, error) {
	texts := make(map[string]string, len(values))
	for key, value := range values {
		if text, ok := value.(string); ok {
			texts[valid(key)] = valid(text)
			continue
		}
		bytes, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		texts[valid(key)] = string(bytes)
	}
	return texts, nil
}

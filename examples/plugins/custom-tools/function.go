package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/kadirpekel/hector/plugins/grpc"
)

// A function is a tool in Go. It takes its arguments as the struct A, by their JSON names, and
// returns text for the model to read.
type function[A any] struct {
	info *grpc.ToolInfo
	run  func(arguments A) (content string, metadata map[string]interface{}, err error)
}

func (f function[A]) GetInfo() *grpc.ToolInfo { return f.info }

func (f function[A]) Execute(
	ctx context.Context, args map[string]interface{},
) (*grpc.ToolResult, error) {
	// The host has checked them against the schema, but the caller need not be Hector.
	bytes, err := json.Marshal(args)
	if err != nil {
		return nil, err
	}
	var arguments A
	if err := json.Unmarshal(bytes, &arguments); err != nil {
		return nil, fmt.Errorf("the arguments are not as described: %w", err)
	}
	content, metadata, err := f.run(arguments)
	if err != nil {
		return nil, err
	}
	return &grpc.ToolResult{Success: true, Content: content, Metadata: metadata}, nil
}

// pure describes a tool that only calculates: it may run without asking the user.
func pure(name, description, parameters string) *grpc.ToolInfo {
	return &grpc.ToolInfo{
		Name: name, Description: description, ParametersJSON: parameters,
		ReadOnly: grpc.HintTrue, Destructive: grpc.HintFalse, Idempotent: grpc.HintTrue,
		OpenWorld: grpc.HintFalse,
	}
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/kadirpekel/hector/plugins/grpc"
)

// A program is a tool that is an executable. With --describe it prints its description as JSON;
// without, it reads the arguments as JSON from its input and prints the result. A status other than
// 0 is a failure, which its standard error explains.
type program struct {
	path   string
	info   *grpc.ToolInfo
	limits limits
}

// The output of --describe.
type description struct {
	Name        string          `json:"name"`
	Description string          `json:"description"`
	Parameters  json.RawMessage `json:"parameters"`
	ReadOnly    *bool           `json:"read_only"`
	Destructive *bool           `json:"destructive"`
	Idempotent  *bool           `json:"idempotent"`
	OpenWorld   *bool           `json:"open_world"`
}

// Returns the programs of a folder, sorted by name.
func discover(ctx context.Context, folder string, limits limits) ([]*program, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("cannot read the setting 'tools_dir': %w", err)
	}
	var paths []string
	for _, entry := range entries {
		path, err := filepath.Abs(filepath.Join(folder, entry.Name()))
		if err != nil {
			return nil, err
		}
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() || info.Mode()&0o111 == 0 {
			continue
		}
		if info.Mode()&0o022 != 0 {
			grpc.Logger.Warn("left out: others may write to it", "program", path)
			continue
		}
		paths = append(paths, path)
	}
	return describeAll(ctx, paths, limits), ctx.Err()
}

// describeAll asks all programs in parallel, because each may take its whole time and the host
// waits for all. Programs that do not answer are logged and left out.
func describeAll(ctx context.Context, paths []string, limits limits) []*program {
	answers := make([]*program, len(paths))
	places := make(chan struct{}, 32)
	var asked sync.WaitGroup
	for i, path := range paths {
		asked.Add(1)
		places <- struct{}{}
		go func(i int, path string) {
			defer asked.Done()
			p, err := describe(ctx, path, limits)
			if err != nil {
				grpc.Logger.Warn("left out", "program", path, "error", err)
			}
			answers[i] = p
			<-places
		}(i, path)
	}
	asked.Wait()
	var programs []*program
	for _, p := range answers {
		if p != nil {
			programs = append(programs, p)
		}
	}
	return programs
}

func describe(ctx context.Context, path string, limits limits) (*program, error) {
	p := &program{path: path, limits: limits.forDescribing()}
	output, err := p.start(ctx, nil, "--describe")
	p.limits = limits
	if err != nil {
		return nil, err
	}
	var d description
	if err := json.Unmarshal([]byte(output), &d); err != nil {
		return nil, fmt.Errorf("its description is no JSON: %w", err)
	}
	if d.Name == "" || d.Description == "" {
		return nil, fmt.Errorf("its description has no name or no description")
	}
	p.info = &grpc.ToolInfo{
		Name: d.Name, Description: d.Description, ParametersJSON: string(d.Parameters),
		ReadOnly: hint(d.ReadOnly), Destructive: hint(d.Destructive),
		Idempotent: hint(d.Idempotent), OpenWorld: hint(d.OpenWorld),
	}
	return p, nil
}

func hint(said *bool) grpc.Hint {
	switch {
	case said == nil:
		return grpc.HintNotSaid
	case *said:
		return grpc.HintTrue
	}
	return grpc.HintFalse
}

func (p *program) GetInfo() *grpc.ToolInfo { return p.info }

func (p *program) Execute(
	ctx context.Context, args map[string]interface{},
) (*grpc.ToolResult, error) {
	input, err := json.Marshal(args)
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	output, err := p.start(ctx, input)
	if err != nil {
		return nil, err
	}
	return &grpc.ToolResult{
		Success: true, Content: output, ExecutionTime: time.Since(begin),
		Metadata: map[string]interface{}{"program": p.path},
	}, nil
}

// start runs the program to its end, in its own folder.
func (p *program) start(ctx context.Context, input []byte, arguments ...string) (string, error) {
	limited, cancel := context.WithTimeout(ctx, p.limits.timeout)
	defer cancel()
	command := exec.Command(p.path, arguments...)
	command.Dir = filepath.Dir(p.path)
	output := &limitedBuffer{room: p.limits.maxOutput}
	problems := &limitedBuffer{room: 4096}
	err := runGroup(limited, command, input, output, problems)
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		return "", fmt.Errorf("it did not end within %v", p.limits.timeout)
	case err != nil && problems.text.Len() > 0:
		return "", fmt.Errorf("%w: %s", err, strings.TrimSpace(problems.String()))
	case err != nil:
		return "", err
	case output.isCut:
		return output.String() + "\n[the rest is left out]", nil
	}
	return output.String(), nil
}

// A limitedBuffer keeps the beginning of the written data.
type limitedBuffer struct {
	text  bytes.Buffer
	room  int
	isCut bool
}

func (b *limitedBuffer) Write(data []byte) (int, error) {
	kept := data
	if len(kept) > b.room {
		kept, b.isCut = kept[:b.room], true
	}
	b.room -= len(kept)
	b.text.Write(kept)
	return len(data), nil
}

// String leaves out the beginning of a character whose end was cut off.
func (b *limitedBuffer) String() string {
	text := b.text.Bytes()
	for at := len(text) - 1; b.isCut && at >= 0 && at >= len(text)-utf8.UTFMax; at-- {
		if utf8.RuneStart(text[at]) {
			if !utf8.FullRune(text[at:]) {
				text = text[:at]
			}
			break
		}
	}
	return string(text)
}

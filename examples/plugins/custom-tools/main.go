// A tool plugin: four tools in Go, and one more for each executable in a folder that describes
// itself.
package main

import (
	"context"
	"fmt"
	"sort"
	"sync"
	"time"

	"github.com/kadirpekel/hector/plugins/grpc"
)

func main() { grpc.ServeToolProvider(&provider{}) }

type provider struct {
	folder string
	limits limits

	// DiscoverTools may be called at any time, also beside other calls.
	mutex sync.RWMutex
	tools map[string]grpc.Tool
}

// limits prevent a program from delaying the agent.
type limits struct {
	timeout   time.Duration
	maxOutput int
}

// forDescribing is shorter, because the list of tools waits for the answers of all programs.
func (l limits) forDescribing() limits {
	if l.timeout > 5*time.Second {
		l.timeout = 5 * time.Second
	}
	return l
}

func (p *provider) Initialize(ctx context.Context, config map[string]interface{}) error {
	settings := grpc.ReadSettings(config)
	p.folder = settings.String("tools_dir", "")
	p.limits = limits{
		timeout:   settings.Duration("tool_timeout", 30*time.Second),
		maxOutput: settings.Int("max_output", 100_000),
	}
	if p.limits.timeout <= 0 {
		settings.Fail("tool_timeout", "expected more than nothing")
	}
	if p.limits.maxOutput < 1 {
		settings.Fail("max_output", "expected at least 1")
	}
	if err := settings.Err(); err != nil {
		return err
	}
	return p.DiscoverTools(ctx)
}

// DiscoverTools makes the list again. A folder that cannot be read is an error, which keeps the old
// list; an unusable program in it is logged and left out.
func (p *provider) DiscoverTools(ctx context.Context) error {
	tools := map[string]grpc.Tool{}
	for _, tool := range []grpc.Tool{calculator(), textStatistics(), dates(), tables()} {
		tools[tool.GetInfo().Name] = tool
	}
	if p.folder != "" {
		programs, err := discover(ctx, p.folder, p.limits)
		if err != nil {
			return err
		}
		for _, tool := range programs {
			name := tool.GetInfo().Name
			if _, taken := tools[name]; taken {
				grpc.Logger.Warn("left out: its name is taken", "tool", name, "program", tool.path)
				continue
			}
			tools[name] = tool
		}
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.tools = tools
	return nil
}

func (p *provider) ListTools() []*grpc.ToolInfo {
	p.mutex.RLock()
	defer p.mutex.RUnlock()
	var infos []*grpc.ToolInfo
	for _, tool := range p.tools {
		infos = append(infos, tool.GetInfo())
	}
	sort.Slice(infos, func(i, j int) bool { return infos[i].Name < infos[j].Name })
	return infos
}

func (p *provider) GetTool(name string) (grpc.Tool, bool) {
	p.mutex.RLock()
	defer p.mutex.RUnlock()
	tool, ok := p.tools[name]
	return tool, ok
}

func (p *provider) ExecuteTool(
	ctx context.Context, name string, args map[string]interface{},
) (*grpc.ToolResult, error) {
	tool, ok := p.GetTool(name)
	if !ok {
		return nil, fmt.Errorf("no tool '%s'", name)
	}
	return tool.Execute(ctx, args)
}

func (p *provider) Health(context.Context) error   { return nil }
func (p *provider) Shutdown(context.Context) error { return nil }

func (p *provider) GetManifest() grpc.Manifest {
	return grpc.Manifest{
		Name: "custom-tools", Version: "1.0.0", HectorVersion: ">=0.1.0",
		Description: "Calculates, counts, reckons dates, reads tables, and runs your own programs",
	}
}

package grpc

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/kadirpekel/hector/plugins/grpc/pluginpb"
)

// Plugin has the methods that all kinds share.
type Plugin interface {
	// Initialize is called first, once. Every value in config is a string: a scalar as it was written,
	// a nested value as JSON. See ReadSettings.
	Initialize(ctx context.Context, config map[string]interface{}) error
	// Shutdown is called last. The process is killed two seconds after it.
	Shutdown(ctx context.Context) error
	// Health returns the reason why the plugin cannot work at present, or nil.
	Health(ctx context.Context) error
}

// Manifest is the plugin's description of itself. The file beside the executable takes precedence.
type Manifest struct {
	Name, Version, Author, Description, HectorVersion string
	Capabilities                                      map[string]string
	// Required has settings that must be given and not empty. If one is missing, Initialize is refused
	// before the plugin's own is called, as with those of the file's config_schema.required.
	Required []string
}

// Described is a plugin that describes itself.
type Described interface {
	GetManifest() Manifest
}

// lifecycle serves the five methods that every service has.
type lifecycle struct {
	plugin Plugin
	kind   string
	// A string for StatusResponse.
	status  atomic.Value
	restore sync.Once

	// Held while the plugin takes its settings, for hosts that arrive at the same time.
	mutex sync.Mutex
	// The settings that the plugin has taken, and keeps, because other hosts may be using it with
	// them.
	given map[string]string
}

func newLifecycle(plugin Plugin, kind string) *lifecycle {
	l := &lifecycle{plugin: plugin, kind: kind}
	l.status.Store("unloaded")
	return l
}

func (l *lifecycle) Initialize(
	ctx context.Context, in *pb.InitializeRequest,
) (*pb.InitializeResponse, error) {
	l.restore.Do(restoreOutput)
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.given != nil {
		if different := difference(l.given, in.Config); different != "" {
			return nil, status.Errorf(
				codes.FailedPrecondition, "it is in use already and keeps its settings: %s", different)
		}
		return &pb.InitializeResponse{Success: true}, nil
	}
	l.status.Store("loading")
	text, err := told(l.initialize(ctx, in.Config))
	if text != "" || err != nil {
		l.status.Store("error")
		return &pb.InitializeResponse{Error: text}, err
	}
	l.status.Store("ready")
	l.given = map[string]string{}
	for name, value := range in.Config {
		l.given[name] = value
	}
	return &pb.InitializeResponse{Success: true}, nil
}

func (l *lifecycle) initialize(ctx context.Context, config map[string]string) error {
	required := requiredByFile()
	if described, ok := l.plugin.(Described); ok {
		required = append(required, described.GetManifest().Required...)
	}
	for _, name := range required {
		if config[name] == "" {
			return fmt.Errorf("setting '%s' is missing: the manifest requires it", name)
		}
	}
	return l.plugin.Initialize(ctx, toValues(config))
}

func (l *lifecycle) Shutdown(
	ctx context.Context, _ *pb.ShutdownRequest,
) (*pb.ShutdownResponse, error) {
	l.status.Store("shutdown")
	text, err := told(l.plugin.Shutdown(ctx))
	return &pb.ShutdownResponse{Success: text == "", Error: text}, err
}

func (l *lifecycle) Health(
	ctx context.Context, _ *pb.HealthRequest,
) (*pb.HealthResponse, error) {
	text, err := told(l.plugin.Health(ctx))
	return &pb.HealthResponse{Healthy: text == "", Message: text}, err
}

func (l *lifecycle) GetManifest(
	context.Context, *pb.ManifestRequest,
) (*pb.ManifestResponse, error) {
	out := &pb.ManifestResponse{Type: l.kind, Protocol: "grpc"}
	if described, ok := l.plugin.(Described); ok {
		m := described.GetManifest()
		out.Name, out.Version, out.Author = valid(m.Name), valid(m.Version), valid(m.Author)
		out.Description, out.HectorVersion = valid(m.Description), valid(m.HectorVersion)
		out.Capabilities = validTexts(m.Capabilities)
	}
	return out, nil
}

func (l *lifecycle) GetStatus(
	context.Context, *pb.StatusRequest,
) (*pb.StatusResponse, error) {
	return &pb.StatusResponse{Status: l.status.Load().(string)}, nil
}

// A host of plugins with HashiCorp's go-plugin, against which hector-embed and hector-generate are
// measured.
//
//	go-host PLUGIN <records >records
//	go-host PLUGIN PROMPT >answer
//
// Reads JSON lines, embeds each record's `content` with up to 32 calls in flight, and writes the
// records in their order with `vector` added, as a Go program would with its standard library. With
// a prompt it writes a model's answer piece by piece.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
	"os/exec"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	pb "github.com/kadirpekel/hector/plugins/grpc/pluginpb"
)

const inFlight = 32

type embedderPlugin struct {
	plugin.NetRPCUnsupportedPlugin
}

func (embedderPlugin) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error {
	return errors.New("this program is a host, not a plugin")
}

func (embedderPlugin) GRPCClient(
	_ context.Context, _ *plugin.GRPCBroker, connection *grpc.ClientConn,
) (interface{}, error) {
	return pb.NewEmbedderProviderClient(connection), nil
}

func embed(client pb.EmbedderProviderClient, line []byte) ([]byte, error) {
	var record map[string]json.RawMessage
	if err := json.Unmarshal(line, &record); err != nil {
		return nil, err
	}
	var content string
	if err := json.Unmarshal(record["content"], &content); err != nil {
		return nil, err
	}
	response, err := client.Embed(context.Background(), &pb.EmbedRequest{Text: content})
	if err != nil {
		return nil, err
	}
	if response.Error != "" {
		return nil, errors.New(response.Error)
	}
	if record["vector"], err = json.Marshal(response.Vector); err != nil {
		return nil, err
	}
	return json.Marshal(record)
}

type answer struct {
	record []byte
	err    error
}

// Each line has a channel for its answer. The channels are queued in the order of the lines; the
// length of the queue limits the calls in flight.
func run(client pb.EmbedderProviderClient, input io.Reader, output io.Writer) error {
	queue := make(chan chan answer, inFlight-1)
	go func() {
		defer close(queue)
		lines := bufio.NewReaderSize(input, 1<<16)
		for {
			line, err := lines.ReadBytes('\n')
			if err != nil && err != io.EOF {
				failed := make(chan answer, 1)
				failed <- answer{err: err}
				queue <- failed
				return
			}
			if len(line) > 0 {
				embedded := make(chan answer, 1)
				queue <- embedded
				go func() {
					record, err := embed(client, line)
					embedded <- answer{record, err}
				}()
			}
			if err == io.EOF {
				return
			}
		}
	}()
	writer := bufio.NewWriterSize(output, 1<<16)
	for embedded := range queue {
		next := <-embedded
		if next.err != nil {
			return next.err
		}
		writer.Write(next.record)
		writer.WriteByte('\n')
	}
	return writer.Flush()
}

// Runs a client for the plugin's kind, and returns when the plugin has ended.
func host(program, kind string, plugins map[string]plugin.Plugin, use func(interface{}) error) error {
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: plugin.HandshakeConfig{
			ProtocolVersion:  1,
			MagicCookieKey:   "HECTOR_PLUGIN",
			MagicCookieValue: "hector_plugin_v1",
		},
		Plugins:          plugins,
		Cmd:              exec.Command(program),
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		Logger:           hclog.NewNullLogger(),
	})
	defer client.Kill()
	connection, err := client.Client()
	if err != nil {
		return err
	}
	raw, err := connection.Dispense(kind)
	if err != nil {
		return err
	}
	return use(raw)
}

func check(response *pb.InitializeResponse, err error) error {
	if err != nil {
		return err
	}
	if !response.Success {
		return errors.New(response.Error)
	}
	return nil
}

func embedRecords(program string) error {
	plugins := map[string]plugin.Plugin{"embedder_provider": embedderPlugin{}}
	return host(program, "embedder_provider", plugins, func(raw interface{}) error {
		embedder := raw.(pb.EmbedderProviderClient)
		if err := check(embedder.Initialize(context.Background(), &pb.InitializeRequest{})); err != nil {
			return err
		}
		return run(embedder, os.Stdin, os.Stdout)
	})
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("go-host: ")
	var err error
	switch len(os.Args) {
	case 2:
		err = embedRecords(os.Args[1])
	case 3:
		err = generate(os.Args[1], os.Args[2])
	default:
		log.Fatal("usage: go-host PLUGIN <records >records, or go-host PLUGIN PROMPT >answer")
	}
	if err != nil {
		log.Fatal(err)
	}
}

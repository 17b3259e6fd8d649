// A host of embedder plugins on HashiCorp's go-plugin, to measure hector-embed against.
//
//	go-host PLUGIN <records >records
//
// Reads JSON lines, embeds each record's `content` with up to 32 calls in flight, and writes the
// records in their order with `vector` added, as a Go program would with its standard library.
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

	pb "hector/pluginpb"
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
// queue's length is what bounds the calls in flight.
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

// Returns when the plugin has ended.
func host(program string) error {
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: plugin.HandshakeConfig{
			ProtocolVersion:  1,
			MagicCookieKey:   "HECTOR_PLUGIN",
			MagicCookieValue: "hector_plugin_v1",
		},
		Plugins:          map[string]plugin.Plugin{"embedder_provider": embedderPlugin{}},
		Cmd:              exec.Command(program),
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		Logger:           hclog.NewNullLogger(),
	})
	defer client.Kill()
	connection, err := client.Client()
	if err != nil {
		return err
	}
	raw, err := connection.Dispense("embedder_provider")
	if err != nil {
		return err
	}
	embedder := raw.(pb.EmbedderProviderClient)
	initialized, err := embedder.Initialize(context.Background(), &pb.InitializeRequest{})
	if err != nil {
		return err
	}
	if !initialized.Success {
		return errors.New(initialized.Error)
	}
	return run(embedder, os.Stdin, os.Stdout)
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("go-host: ")
	if len(os.Args) != 2 {
		log.Fatal("usage: go-host PLUGIN <records >records")
	}
	if err := host(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

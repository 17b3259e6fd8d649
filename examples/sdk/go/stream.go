package grpc

import (
	"context"
	"io"
)

// NewStream returns a StreamReader for the chunks that produce sends. produce runs beside the
// reader and never ahead of it; its context ends when the call does, and send fails from then on.
func NewStream(
	ctx context.Context,
	produce func(ctx context.Context, send func(*StreamChunk) error) error,
) StreamReader {
	ctx, cancel := context.WithCancel(ctx)
	s := &stream{chunks: make(chan *StreamChunk), cancel: cancel}
	go func() {
		s.err = produce(ctx, func(chunk *StreamChunk) error {
			select {
			case s.chunks <- chunk:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		close(s.chunks)
	}()
	return s
}

type stream struct {
	chunks chan *StreamChunk
	cancel context.CancelFunc
	// The error of produce. Written before chunks is closed and read after.
	err error
}

func (s *stream) Recv() (*StreamChunk, error) {
	if chunk, ok := <-s.chunks; ok {
		return chunk, nil
	}
	if s.err != nil {
		return nil, s.err
	}
	return nil, io.EOF
}

// Close ends produce and waits until it has ended.
func (s *stream) Close() error {
	s.cancel()
	for range s.chunks {
	}
	return nil
}

package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// The time to wait after a program has ended when a child of it has its output open.
const grace = 500 * time.Millisecond

// runGroup runs a command in a new process group, which is killed as a whole when the context ends,
// and then returns the context's error. The command has ended when its first process has ended:
// output of a child is read for a moment longer, and then the group is killed, too.
func runGroup(
	ctx context.Context, command *exec.Cmd, input []byte, output, problems io.Writer,
) error {
	// Three pipes. With writers, Wait would wait for every process that has them open.
	var files []*os.File
	for len(files) < 6 {
		r, w, err := os.Pipe()
		if err != nil {
			closeAll(files)
			return err
		}
		files = append(files, r, w)
	}
	in, out, problem := files[1], files[2], files[4]
	defer closeAll([]*os.File{in, out, problem})
	command.Stdin, command.Stdout, command.Stderr = files[0], files[3], files[5]
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	err := command.Start()
	closeAll([]*os.File{files[0], files[3], files[5]})
	if err != nil {
		return err
	}
	go func() {
		// A program need not read it.
		in.Write(input)
		in.Close()
	}()
	drained := drain(map[*os.File]io.Writer{out: output, problem: problems})
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	kill := func() { syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	select {
	case err = <-ended:
	case <-ctx.Done():
		kill()
		<-ended
		err = ctx.Err()
	}
	// A child that has left the group keeps its end of the pipe; our end is closed then.
	for _, next := range []func(){kill, func() { closeAll([]*os.File{out, problem}) }} {
		select {
		case <-drained:
			return err
		case <-time.After(grace):
			next()
		}
	}
	<-drained
	return err
}

// drain copies until every file has ended or is closed, and then closes the channel.
func drain(files map[*os.File]io.Writer) <-chan struct{} {
	var copies sync.WaitGroup
	copies.Add(len(files))
	for file, writer := range files {
		go func(file *os.File, writer io.Writer) {
			defer copies.Done()
			io.Copy(writer, file)
		}(file, writer)
	}
	drained := make(chan struct{})
	go func() {
		copies.Wait()
		close(drained)
	}()
	return drained
}

// closeAll may close a file twice, which is harmless.
func closeAll(files []*os.File) {
	for _, file := range files {
		file.Close()
	}
}

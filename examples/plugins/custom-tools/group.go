package main

import (
	"context"
	"os/exec"
	"syscall"
)

// runGroup runs a command in a process group of its own, which is killed as a whole when the
// context ends: a child that has its output open would be waited for otherwise.
func runGroup(ctx context.Context, command *exec.Cmd) error {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		return err
	}
	group, done := -command.Process.Pid, make(chan struct{})
	go func() {
		select {
		case <-ctx.Done():
			syscall.Kill(group, syscall.SIGKILL)
		case <-done:
		}
	}()
	err := command.Wait()
	close(done)
	return err
}

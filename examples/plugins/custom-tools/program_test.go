package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kadirpekel/hector/plugins/grpc"
)

// write makes an executable from the text of a shell script.
func write(t *testing.T, folder, name, script string) {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o755); err != nil {
		t.Fatal(err)
	}
}

// described returns a script whose tool has this name and runs this action.
func described(name, action string) string {
	return `[ "$1" != --describe ] || {
		echo '{"name": "` + name + `", "description": "d", "destructive": true}'; exit; }
		` + action
}

// added returns the tools that come from the folder.
func added(t *testing.T, p *provider) string {
	t.Helper()
	without := started(t, nil)
	for _, info := range without.ListTools() {
		if _, ok := p.GetTool(info.Name); !ok {
			t.Errorf("'%s' is lost", info.Name)
		}
	}
	var names []string
	for _, info := range p.ListTools() {
		if _, ok := without.GetTool(info.Name); !ok {
			names = append(names, info.Name)
		}
	}
	return strings.Join(names, " ")
}

func TestProgramsAreFoundRunAndFoundAnew(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "echo", described("a_echo", `printf 'got '; cat; pwd`))
	p := started(t, map[string]interface{}{"tools_dir": folder})
	if found := added(t, p); found != "a_echo" {
		t.Errorf("found %s", found)
	}
	tool, _ := p.GetTool("a_echo")
	if info := tool.GetInfo(); info.Destructive != grpc.HintTrue ||
		info.ReadOnly != grpc.HintNotSaid {
		t.Errorf("%+v", info)
	}
	real, _ := filepath.EvalSymlinks(folder)
	if found := execute(t, p, "a_echo", `{"x": "y"}`); found != `got {"x":"y"}`+real+"\n" {
		t.Errorf("found %q", found)
	}
	write(t, folder, "more", described("b_more", "true"))
	if err := os.Remove(filepath.Join(folder, "echo")); err != nil {
		t.Fatal(err)
	}
	if found := added(t, p); found != "a_echo" {
		t.Errorf("found %s before it was asked to look", found)
	}
	if err := p.DiscoverTools(context.Background()); err != nil {
		t.Fatal(err)
	}
	if found := added(t, p); found != "b_more" {
		t.Errorf("found %s", found)
	}
}

func TestWhatCannotBeUsedIsLeftOut(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "silent", "true")
	write(t, folder, "garbage", "echo '{'")
	write(t, folder, "nameless", `echo '{"description": "d"}'`)
	write(t, folder, "fails", "exit 1")
	write(t, folder, "taken", described("calculate", "echo 5"))
	write(t, folder, "open", described("open", "true"))
	write(t, folder, "text", described("text", "true"))
	os.Chmod(filepath.Join(folder, "open"), 0o777)
	os.Chmod(filepath.Join(folder, "text"), 0o644)
	p := started(t, map[string]interface{}{"tools_dir": folder})
	if found := added(t, p); found != "" {
		t.Errorf("found %s", found)
	}
	if found := execute(t, p, "calculate", `{"expression": "2 + 2"}`); found != "4" {
		t.Errorf("a program has taken the place of a function: %s", found)
	}
}

func TestAProgramThatFailsSaysWhy(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "bad", described("bad", "echo 'no luck' >&2; exit 3"))
	write(t, folder, "slow", described("slow", "sleep 600 & sleep 600"))
	write(t, folder, "long", described("long", "yes | head -c 1000"))
	p := started(t, map[string]interface{}{
		"tools_dir": folder, "tool_timeout": "300ms", "max_output": "50",
	})
	// The program's description is longer than the limit.
	if found := added(t, p); found != "" {
		t.Errorf("found %s", found)
	}
	p = started(t, map[string]interface{}{
		"tools_dir": folder, "tool_timeout": "1s", "max_output": "100",
	})
	for tool, expected := range map[string]string{
		"bad":  "error: exit status 3: no luck",
		"slow": "error: it did not end within 1s",
		"long": strings.Repeat("y\n", 50) + "\n[the rest is left out]",
	} {
		if found := execute(t, p, tool, "{}"); found != expected {
			t.Errorf("%s: found %q", tool, found)
		}
	}
}

func TestProgramsAreAskedSideBySideAndNotForLong(t *testing.T) {
	folder := t.TempDir()
	// Each describes itself only after all have been asked.
	for _, name := range []string{"a", "b", "c"} {
		write(t, folder, name, "touch on-"+name+`
			until [ -e on-a ] && [ -e on-b ] && [ -e on-c ]; do sleep 0.01; done
			`+described(name, "true"))
	}
	p := started(t, map[string]interface{}{"tools_dir": folder})
	if found := added(t, p); found != "a b c" {
		t.Errorf("found %s", found)
	}
	if found := p.limits.forDescribing().timeout; found != 5*time.Second {
		t.Errorf("found %v", found)
	}
	write(t, folder, "d", "sleep 600")
	p = started(t, map[string]interface{}{"tools_dir": folder, "tool_timeout": "1s"})
	if found := added(t, p); found != "a b c" {
		t.Errorf("found %s", found)
	}
}

func TestAChildThatHasTheOutputOpenIsNotWaitedFor(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "child", described("child", "sleep 600 & echo $! >pid; echo done"))
	write(t, folder, "left", described("left", "setsid sleep 600 & echo $! >left-pid; echo done"))
	p := started(t, map[string]interface{}{"tools_dir": folder})
	for _, tool := range []string{"child", "left"} {
		if found := execute(t, p, tool, "{}"); found != "done\n" {
			t.Errorf("%s: found %q", tool, found)
		}
	}
	if left, err := os.ReadFile(filepath.Join(folder, "left-pid")); err != nil {
		t.Error(err)
	} else if pid, err := strconv.Atoi(strings.TrimSpace(string(left))); err != nil {
		t.Error(err)
	} else {
		syscall.Kill(pid, syscall.SIGKILL)
	}
	text, err := os.ReadFile(filepath.Join(folder, "pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid := strings.TrimSpace(string(text))
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		// Gone, or dead and not yet reaped by its adoptive parent.
		stat, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("process %s is alive", pid)
		}
	}
}

func TestALimitedBufferCutsBetweenCharacters(t *testing.T) {
	for room, expected := range []string{"", "a", "a", "aé", "aé", "aé", "aé€", "aé€b"} {
		b := &limitedBuffer{room: room}
		for _, c := range []byte("aé€b") {
			b.Write([]byte{c})
		}
		if found := b.String(); found != expected {
			t.Errorf("%d bytes: found %q", room, found)
		}
	}
}

func TestAProgramThatIsCancelledEndsWithItsChildren(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "slow", described("slow", "sleep 600 & echo > running; wait"))
	p := started(t, map[string]interface{}{"tools_dir": folder})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() {
		_, err := p.ExecuteTool(ctx, "slow", nil)
		done <- err
	}()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if _, err := os.Stat(filepath.Join(folder, "running")); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("it did not start")
		}
	}
	cancel()
	// The program's child has the pipe of its output, so this ends only when the child has ended, too.
	if err := <-done; err != context.Canceled {
		t.Error(err)
	}
}

func TestSettingsThatCannotBeUsedAreRefused(t *testing.T) {
	for setting, expected := range map[string]string{
		"tools_dir": "cannot read the setting 'tools_dir'", "max_output": "expected a whole number",
		"tool_timeout": "expected a time", "other": "setting 'other' is unknown",
	} {
		err := (&provider{}).Initialize(
			context.Background(), map[string]interface{}{setting: "/nowhere"})
		if err == nil || !strings.Contains(err.Error(), expected) {
			t.Errorf("%s: %v", setting, err)
		}
	}
}

func TestTheProgramsBesideItWork(t *testing.T) {
	notes := filepath.Join(t.TempDir(), "notes")
	t.Setenv("NOTES", notes)
	p := started(t, map[string]interface{}{"tools_dir": "tools"})
	// Each tool has the name of its file.
	entries, err := os.ReadDir("tools")
	if err != nil || len(entries) == 0 {
		t.Fatal(entries, err)
	}
	var beside []string
	for _, entry := range entries {
		beside = append(beside, strings.TrimSuffix(entry.Name(), filepath.Ext(entry.Name())))
	}
	if found := added(t, p); found != strings.Join(beside, " ") {
		t.Fatalf("found %s", found)
	}
	if found := execute(t, p, "disk_free", `{"path": "/"}`); !strings.Contains(found, "/") {
		t.Errorf("found %q", found)
	}
	if found := execute(t, p, "disk_free", `{"path": "a\"b"}`); !strings.HasPrefix(found, "error: exit status 64") {
		t.Errorf("found %q", found)
	}
	execute(t, p, "add_note", `{"text": "buy\nmilk"}`)
	if text, err := os.ReadFile(notes); err != nil || string(text) != "buy milk\n" {
		t.Errorf("%q, %v", text, err)
	}
}

"""A terminal with a program in it, for tests, which wait for its output and never sleep."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time


class Terminal:
    def __init__(self, *command, rows=24, columns=80, **environment):
        self.shown = ""
        self.all = b""
        reading, writing = os.pipe()
        self.process, self.file = pty.fork()
        if self.process == 0:
            os.environ.update({"TERM": "xterm-256color", **environment})
            os.read(reading, 1)
            os.execvp(command[0], command)
        self.resize(rows, columns)
        # The modes that the program finds, as it does not begin before.
        self.first_modes = self.modes()
        os.write(writing, b"x")
        os.close(reading)
        os.close(writing)

    def resize(self, rows, columns):
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, deadline):
        if not select.select([self.file], [], [], max(0, deadline - time.monotonic()))[0]:
            sys.exit(f"not shown in time; there is {self.shown!r}")
        try:
            data = os.read(self.file, 65536)
        except OSError:
            data = b""
        self.all += data
        return data

    def expect(self, text, seconds=60):
        """Waits for a text and forgets all up to its end. Returns the text before it."""
        deadline = time.monotonic() + seconds
        while text not in self.shown:
            data = self.read(deadline)
            if not data:
                sys.exit(f"ended without {text!r}; there is {self.shown!r}")
            self.shown += data.decode(errors="replace")
        before, self.shown = self.shown.split(text, 1)
        return before

    def send(self, text):
        data = text.encode()
        while data:
            ready = select.select([self.file], [self.file], [], 60)
            if self.file in ready[0]:
                self.shown += self.read(time.monotonic() + 60).decode(errors="replace")
            if self.file in ready[1]:
                data = data[os.write(self.file, data[:1024]):]

    def modes(self):
        return termios.tcgetattr(self.file)

    def end(self, seconds=60):
        """Waits for the end of the program and returns its status."""
        deadline = time.monotonic() + seconds
        while self.read(deadline):
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])

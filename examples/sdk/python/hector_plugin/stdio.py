"""GRPCStdio: what a plugin prints, for the host to read."""

import contextlib
import io
import queue
import sys
import threading
from typing import Iterator, Optional

from goplugin import stdio_pb2, stdio_pb2_grpc


class Prints(io.TextIOBase, stdio_pb2_grpc.GRPCStdioServicer):
    """Takes the place of sys.stdout. Until a host asks for it, and when that is slow to read,
    what is printed goes where it always went: a print never waits for a reader here."""

    # What go-plugin sends at most at a time.
    PIECE = 1024
    # Pieces that may wait to be read.
    LIMIT = 1024

    def __init__(self) -> None:
        self._standard = sys.stdout
        self._line = b""
        # Reentrant, for a reader's end may come wherever Python throws its call away.
        self._turn = threading.RLock()
        # Held for as long as one reads.
        self._reading = threading.Lock()
        # What is on its way to the one who reads, and None behind it; guarded by _turn.
        self._pieces: "Optional[queue.SimpleQueue[Optional[bytes]]]" = None
        self._has_ended = False

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        with self._turn:
            self._line += text.encode("utf-8", "surrogateescape")
            # A line is not torn apart, but a long one does not wait for its end.
            ready = self._line.rfind(b"\n") + 1 or (len(self._line) > self.PIECE) * len(self._line)
            self._send(ready)
        return len(text)

    def flush(self) -> None:
        with self._turn:
            self._send(len(self._line))

    def _send(self, length: int) -> None:
        data, self._line = self._line[:length], self._line[length:]
        for start in range(0, length, self.PIECE):
            piece = data[start:start + self.PIECE]
            if self._pieces is not None and self._pieces.qsize() < self.LIMIT:
                self._pieces.put(piece)
            else:
                self._print(piece)

    def _print(self, piece: bytes) -> None:
        self._standard.buffer.write(piece)
        self._standard.flush()

    def end(self) -> None:
        """Lets the host's call come to its end, once it has what was printed, a line without its
        end included. What is printed from here on goes where it always went."""
        # If nobody reads there either, the plugin ends all the same.
        with self._turn, contextlib.suppress(OSError):
            self.flush()
        with self._turn:
            self._has_ended = True
            pieces, self._pieces = self._pieces, None
            if pieces is not None:
                pieces.put(None)

    def StreamStdio(self, request, context) -> Iterator[stdio_pb2.StdioData]:
        """What is printed, for one host at a time: a plugin may be shared by many, and each of
        these calls takes a thread for good. To the others it ends at once."""
        if not self._reading.acquire(blocking=False):
            return
        pieces: "queue.SimpleQueue[Optional[bytes]]" = queue.SimpleQueue()
        try:
            with self._turn:
                # Not if the host has gone already: then nothing would tell.
                if self._has_ended or not context.add_callback(lambda: pieces.put(None)):
                    return
                self._pieces = pieces
            while (data := pieces.get()) is not None:
                yield stdio_pb2.StdioData(channel=stdio_pb2.StdioData.STDOUT, data=data)
        finally:
            with self._turn:
                self._pieces = None
                while not pieces.empty():
                    if data := pieces.get():
                        self._print(data)
            self._reading.release()

"""GRPCStdio: the printed output of a plugin, for the host to read."""

import contextlib
import io
import queue
import sys
import threading
from typing import Iterator, Optional

from goplugin import stdio_pb2, stdio_pb2_grpc


class Prints(io.TextIOBase, stdio_pb2_grpc.GRPCStdioServicer):
    """Replaces sys.stdout. Until a host asks for it, and when the host is slow to read, printed
    output goes to the original place: a print never waits for a reader here."""

    # The most that go-plugin sends at a time.
    PIECE = 1024
    # The number of pieces that may wait to be read.
    LIMIT = 1024

    def __init__(self) -> None:
        self._standard = sys.stdout
        self._line = b""
        # Reentrant, because a reader may end wherever Python discards its call.
        self._turn = threading.RLock()
        # Held while a host reads.
        self._reading = threading.Lock()
        # The pieces on the way to the reader, followed by None; guarded by _turn.
        self._pieces: "Optional[queue.SimpleQueue[Optional[bytes]]]" = None
        self._has_ended = False

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        with self._turn:
            self._line += text.encode("utf-8", "surrogateescape")
            # A line is kept together, but a long one does not wait for its end.
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
        """Lets the host's call end once it has the printed output, including an unfinished line.
        Output printed from here on goes to the original place."""
        # Even if that is not read either, the plugin ends.
        with self._turn, contextlib.suppress(OSError):
            self.flush()
        with self._turn:
            self._has_ended = True
            pieces, self._pieces = self._pieces, None
            if pieces is not None:
                pieces.put(None)

    def StreamStdio(self, request, context) -> Iterator[stdio_pb2.StdioData]:
        """Streams printed output to one host at a time: a plugin may be shared by many, and each of
        these calls occupies a thread. For the others the stream ends at once."""
        if not self._reading.acquire(blocking=False):
            return
        pieces: "queue.SimpleQueue[Optional[bytes]]" = queue.SimpleQueue()
        try:
            with self._turn:
                # Not if the host has gone already: its end would not be noticed.
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

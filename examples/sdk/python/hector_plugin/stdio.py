"""GRPCStdio: what a plugin prints, for the host to read."""

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
        self._pieces: "queue.Queue[Optional[bytes]]" = queue.Queue(self.LIMIT)
        self._is_read = threading.Event()
        self._line = b""
        self._turn = threading.Lock()

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
            try:
                if not self._is_read.is_set():
                    raise queue.Full
                self._pieces.put_nowait(piece)
            except queue.Full:
                self._standard.buffer.write(piece)
                self._standard.flush()

    def end(self) -> None:
        """Lets the host's call come to its end, once it has what was printed."""
        self._is_read.clear()
        try:
            self._pieces.put_nowait(None)
        except queue.Full:
            pass

    def StreamStdio(self, request, context) -> Iterator[stdio_pb2.StdioData]:
        context.add_callback(self.end)
        self._is_read.set()
        while (data := self._pieces.get()) is not None:
            yield stdio_pb2.StdioData(channel=stdio_pb2.StdioData.STDOUT, data=data)

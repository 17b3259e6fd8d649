"""The call that a thread works on."""

import contextlib
import threading
from typing import Iterator

import grpc

_current = threading.local()


def is_cancelled() -> bool:
    """Returns True if nothing waits any more for the call that this thread works on.

    A method with much to do asks this now and then, and ends early; its answer is then ignored."""
    context = getattr(_current, "context", None)
    return context is not None and not context.is_active()


@contextlib.contextmanager
def working_on(context: grpc.ServicerContext) -> Iterator[None]:
    """Makes this the call of this thread within the scope."""
    _current.context = context
    try:
        yield
    finally:
        _current.context = None

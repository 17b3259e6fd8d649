"""The order in which calls use the processors."""

import bisect
import itertools
import threading
from contextlib import contextmanager
from typing import Iterator, List, Tuple

# Short calls before long ones, then by arrival.
Place = Tuple[bool, int]


class Turns:
    """Lets calls run one at a time, each to its end, except that a short one goes between the runs
    of a long one: a question does not wait for an index.

    One run uses all processors; two at once would only hinder each other."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._places: List[Place] = []
        self._arrivals = itertools.count()
        self._is_running = False

    @contextmanager
    def call(self, is_long: bool) -> Iterator[Place]:
        """Keeps a place for a call until the end of the scope."""
        place = (is_long, next(self._arrivals))
        with self._changed:
            bisect.insort(self._places, place)
        try:
            yield place
        finally:
            with self._changed:
                self._places.remove(place)
                self._changed.notify_all()

    @contextmanager
    def run(self, place: Place) -> Iterator[None]:
        """Waits until it is the turn of this call, and keeps it until the end of the scope."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_running and self._places[0] == place)
            self._is_running = True
        try:
            yield
        finally:
            with self._changed:
                self._is_running = False
                self._changed.notify_all()

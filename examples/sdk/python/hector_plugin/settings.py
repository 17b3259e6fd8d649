"""The settings that a plugin keeps once it has accepted some."""

import decimal
import json
import re
import threading
from typing import Any, Callable, Dict, Mapping, Optional

import grpc
from hector import common_pb2

# Parts of the names of secret settings, and names that are secret as a whole.
_SECRET = re.compile(
    r"(?i)^(headers|env|environment)$"
    r"|(key|token|secret|password|passwd|authorization|credential|cookie)$"
    r"|^(key|token|secret|password|passwd|authorization|credential|cookie)_")

# Only values that cannot contain a secret, unlike URLs and nested values.
_SHOWN = re.compile(r"[\w .,:/~+-]{0,80}")


class Settings:
    """Lets the first host initialize a plugin, and later ones with the same settings.

    A plugin that is kept running has one set of settings for all its hosts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._given: Optional[Dict[str, str]] = None

    def initialize(
        self, method: Callable[..., Any], request: Any, context: grpc.ServicerContext
    ) -> Any:
        with self._lock:
            asked = dict(request.config)
            if self._given is None:
                answer = method(request, context)
                if getattr(answer, "success", False):
                    self._given = asked
                return answer
            different = difference(self._given, asked)
        if different:
            context.abort(
                grpc.StatusCode.FAILED_PRECONDITION,
                f"it is in use already and keeps its settings: {different}")
        return common_pb2.InitializeResponse(success=True)


def difference(given: Mapping[str, str], asked: Mapping[str, str]) -> str:
    """Names each requested setting whose value differs; empty if they agree. Settings that are
    not requested may have any value."""
    found = []
    for name, wanted in sorted(asked.items()):
        value = given.get(name)
        if value is None:
            would = f", and would be '{wanted}'" if _is_shown(name, wanted) else ""
            found.append(f"'{name}' is not set{would}")
        elif not _are_equal(value, wanted):
            found.append(
                f"'{name}' is '{value}', not '{wanted}'"
                if _is_shown(name, value) and _is_shown(name, wanted)
                else f"'{name}' is another than the one given")
    return ", ".join(found)


def _is_shown(name: str, value: str) -> bool:
    return not _SECRET.search(name) and _SHOWN.fullmatch(value) is not None


def _are_equal(left: str, right: str) -> bool:
    """Compares texts, and nested values as JSON."""
    if left == right:
        return True
    if left.lstrip()[:1] not in ("{", "[") or right.lstrip()[:1] not in ("{", "["):
        return False
    try:
        return _canonical(_parse(left)) == _canonical(_parse(right))
    except (ValueError, RecursionError):
        return False


def _parse(text: str) -> Any:
    return json.loads(text, parse_int=decimal.Decimal, parse_float=decimal.Decimal)


def _canonical(value: Any) -> Any:
    """Adds its type to each value, because in Python 1 equals True."""
    if isinstance(value, dict):
        return {name: _canonical(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_canonical(element) for element in value]
    return (type(value), value)

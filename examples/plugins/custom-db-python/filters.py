"""--filter of hector-search: conditions on metadata, in the style of MongoDB, Chroma and Pinecone.

Metadata are texts: a JSON value as its JSON, a string unchanged. So a text that looks like a
number equals both that number and that string. hector-plugins(7) has the whole language.
"""

import json
from typing import Any, Callable, Dict, Optional

from hector_plugin import PluginError

Metadata = Dict[str, str]
Filter = Callable[[Metadata], bool]
Condition = Callable[[Optional[str]], bool]

KINDS = {dict: "an object", list: "an array", str: "a string", bool: "a boolean",
         int: "a number", float: "a number", type(None): "null"}


def read(text: str) -> Filter:
    """Returns the filter of a JSON object; an empty text accepts everything."""
    if not text:
        return lambda metadata: True
    try:
        value = json.loads(text)
    except ValueError as error:
        raise PluginError(f"the filter is not JSON: {error}") from None
    except RecursionError:
        raise PluginError("the filter is nested too deeply") from None
    return _filter(value)


def _filter(value: Any) -> Filter:
    if not isinstance(value, dict):
        raise PluginError(f"a filter must be an object, not {KINDS[type(value)]}")
    parts = [_member(name, operand) for name, operand in value.items()]
    return lambda metadata: all(part(metadata) for part in parts)


def _member(name: str, operand: Any) -> Filter:
    if name == "$not":
        inner = _filter(operand)
        return lambda metadata: not inner(metadata)
    if name in ("$and", "$or", "$nor"):
        if not isinstance(operand, list) or not operand:
            raise PluginError(f"'{name}' in the filter needs a list of filters")
        parts = [_filter(part) for part in operand]
        if name == "$and":
            return lambda metadata: all(part(metadata) for part in parts)
        return lambda metadata: any(part(metadata) for part in parts) == (name == "$or")
    if name.startswith("$"):
        raise PluginError(
            f"the filter has an unknown operator '{name}': "
            "expected $and, $or, $nor, $not or a key of the metadata")
    condition = _condition(name, operand)
    return lambda metadata: condition(metadata.get(name))


def _condition(key: str, operand: Any) -> Condition:
    if not isinstance(operand, dict):
        return _equals(operand, f"'{key}'")
    if not operand:
        raise PluginError(f"'{key}' in the filter needs a value or an operator such as $gt")
    parts = [_operator(key, name, value) for name, value in operand.items()]
    return lambda text: all(part(text) for part in parts)


def _operator(key: str, name: str, operand: Any) -> Condition:
    subject = f"'{name}' of '{key}'"
    if name in ("$eq", "$ne"):
        equals = _equals(operand, subject)
        return lambda text: equals(text) == (name == "$eq")
    if name in ("$in", "$nin"):
        if not isinstance(operand, list):
            raise PluginError(f"{subject} in the filter needs a list, not {KINDS[type(operand)]}")
        each = [_equals(value, subject) for value in operand]
        return lambda text: any(equals(text) for equals in each) == (name == "$in")
    if name == "$not":
        inner = _condition(key, operand)
        return lambda text: not inner(text)
    if name == "$exists":
        if not isinstance(operand, bool):
            raise PluginError(f"{subject} in the filter needs true or false")
        return lambda text: (text is not None) == operand
    if name == "$prefix":
        if not isinstance(operand, str):
            raise PluginError(
                f"{subject} in the filter needs a string, not {KINDS[type(operand)]}")
        return lambda text: text is not None and _string(text).startswith(operand)
    if name in COMPARISONS:
        if isinstance(operand, bool) or not isinstance(operand, (str, int, float)):
            raise PluginError(f"{subject} in the filter needs a number or a string")
        compare = COMPARISONS[name]
        return lambda text: compare(text, operand)
    raise PluginError(
        f"the filter has an unknown operator '{name}' for '{key}': expected $eq, $ne, $in, $nin, "
        "$lt, $lte, $gt, $gte, $prefix, $exists or $not")


def _compared(test: Callable[[Any, Any], bool]) -> Callable[[Optional[str], Any], bool]:
    def compare(text: Optional[str], bound: Any) -> bool:
        if text is None:
            return False
        if isinstance(bound, str):
            return test(_string(text), bound)
        number = _number(text)
        return number is not None and test(number, bound)
    return compare


COMPARISONS = {
    "$lt": _compared(lambda value, bound: value < bound),
    "$lte": _compared(lambda value, bound: value <= bound),
    "$gt": _compared(lambda value, bound: value > bound),
    "$gte": _compared(lambda value, bound: value >= bound),
}


def _equals(operand: Any, subject: str) -> Condition:
    if isinstance(operand, (dict, list)):
        raise PluginError(
            f"{subject} in the filter needs a string, a number, true, false or null, "
            f"not {KINDS[type(operand)]}")
    kind = type(operand)

    def equals(text: Optional[str]) -> bool:
        if text is None:
            return operand is None
        if operand is None or kind is bool:
            whole = text == json.dumps(operand)
        elif kind is str:
            whole = _string(text) == operand
        else:
            whole = _number(text) == operand
        return whole or any(_same(element, operand) for element in _list(text))

    return equals


def _same(left: Any, right: Any) -> bool:
    """Compares values; True equals 1 in Python, but not here."""
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    # A value too deep to be parsed is not a number, a string or a list of them either.
    except (ValueError, RecursionError):
        return None


def _string(text: str) -> str:
    """Returns the string that a text in the metadata represents."""
    value = _parsed(text) if text.startswith('"') else None
    return value if isinstance(value, str) else text


def _number(text: str) -> Any:
    # Most texts are not numbers, as their first character shows; and NaN is not a number in JSON.
    value = _parsed(text) if text[:1] in tuple("-0123456789") and text[:2] != "-I" else None
    return None if isinstance(value, bool) else value


def _list(text: str) -> list:
    value = _parsed(text) if text.startswith("[") else None
    return value if isinstance(value, list) else []

"""The settings that a plugin's manifest requires."""

import os
import re
import sys
from typing import List


def by_file() -> List[str]:
    """Returns `config_schema.required` of the manifest beside the executable.

    A missing file, or an unknown form, requires nothing: the host reads the file as YAML."""
    path = os.path.abspath(sys.argv[0] if sys.argv else "")
    for name in (path, os.path.splitext(path)[0]):
        try:
            with open(f"{name}.plugin.yaml", encoding="utf-8") as file:
                return in_manifest(file.read(1 << 20))
        except (OSError, UnicodeError):
            continue
    return []


def in_manifest(manifest: str) -> List[str]:
    """Returns the list in either of YAML's styles, with quoted or plain names."""
    lines = _schema(manifest)
    flow = re.search(r"\brequired\s*:\s*\[([^\]]*)\]", " ".join(lines))
    items: List[str] = []
    if flow:
        items = flow[1].split(",")
    else:
        inside = False
        for line in lines:
            if inside and line.startswith("-"):
                items.append(line[1:])
                continue
            inside = line.rstrip() == "required:"
    names = [item.strip().strip("\"'") for item in items]
    return names if all(re.fullmatch(r"[A-Za-z0-9_.-]+", name) for name in names) else []


def _schema(manifest: str) -> List[str]:
    """Returns the lines of config_schema, without comments and indentation."""
    lines: List[str] = []
    outer = None
    for line in manifest.splitlines():
        line = re.sub(r"(^|\s)#.*$", "", line)
        text = line.lstrip(" ")
        if not text:
            continue
        indent = len(line) - len(text)
        if outer is not None and indent <= outer:
            break
        if outer is None and text.startswith("config_schema:"):
            outer, text = indent, text[len("config_schema:"):]
        if outer is not None:
            lines.append(text)
    return lines

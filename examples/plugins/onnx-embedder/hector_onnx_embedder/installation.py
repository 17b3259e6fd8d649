"""Puts the plugin where Hector finds it."""

import os
import shlex
import sys
from pathlib import Path
from typing import Optional

NAME = "hector-onnx-embedder"


def write(folder: Optional[str]) -> None:
    """Writes the executable and its manifest into the folder, by default the user's plugins.

    Raises OSError with the file that cannot be written."""
    target = Path(folder or "~/.hector/plugins").expanduser()
    target.mkdir(parents=True, exist_ok=True)
    # The environment's own Python, which may be a link: its target would not know the packages.
    # -I: neither the working directory nor variables of the user's can change what is imported.
    replace(target / NAME, "#!/bin/sh\n"
            f'exec {shlex.quote(os.path.abspath(sys.executable))} -I -m {__package__} "$@"\n', 0o755)
    manifest = f"{NAME}.plugin.yaml"
    text = Path(__file__).with_name(manifest).read_text(encoding="utf-8")
    replace(target / manifest, text, 0o644)


def replace(path: Path, text: str, mode: int) -> None:
    """Writes a file that another process may be using."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.chmod(mode)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)

"""Builds a plugin in Python: an environment with what it needs, and the executable that Hector
starts. A plugin's build.py calls `main`; it needs nothing but Python itself."""

import argparse
import hashlib
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

SDK = Path(__file__).resolve().parent
OLDEST = (3, 9)


def fail(message: str) -> NoReturn:
    sys.exit(f"build.py: {message}")


def main(folder: Path, script: str) -> None:
    """Builds the plugin in `folder` that `script` there is the program of."""
    folder = folder.resolve()
    parser = argparse.ArgumentParser(
        prog="build.py", description="Builds this plugin. Quick when nothing has changed.")
    parser.add_argument(
        "-o", "--output", type=Path,
        help="the executable to write (default: named as the manifest, beside it)")
    parser.add_argument(
        "--venv", type=Path, default=folder / ".venv",
        help="the virtual environment to install into, made if it is not there (default: .venv)")
    options = parser.parse_args()
    if sys.version_info < OLDEST:
        fail("needs Python {}.{} or later, this is {}.{}".format(*OLDEST, *sys.version_info[:2]))

    manifests = sorted(folder.glob("*.plugin.yaml"))
    made = folder / ".made"
    known = made.read_text().splitlines() if made.exists() else []
    manifests = [path for path in manifests if path.name not in known]
    if len(manifests) != 1:
        fail(f"one manifest NAME.plugin.yaml has to be in '{folder}', not {len(manifests)}")
    manifest = manifests[0]
    output = options.output or folder / manifest.name[:-len(".plugin.yaml")]
    output = Path(os.path.abspath(output))

    python = install(Path(os.path.abspath(options.venv)), folder / "requirements.txt")
    write_executable(output, python, folder / script)
    beside = output.with_name(output.name + ".plugin.yaml")
    if beside != manifest:
        # A manifest is found beside its executable, by its name.
        beside.write_text(manifest.read_text())
        if beside.parent == folder and beside.name not in known:
            made.write_text("".join(f"{name}\n" for name in [*known, beside.name]))


def install(venv: Path, requirements: Path) -> Path:
    """Makes the environment, unless it is there with just that in it; its Python."""
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = venv / "hector-build"
    wanted = fingerprint(requirements)
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    if not python.exists():
        try:
            import ensurepip  # noqa: F401
        except ImportError:
            fail("cannot make a virtual environment: Python's module 'ensurepip' is not there"
                 " (on Debian: apt-get install python3-venv)")
        made = run(sys.executable, "-m", "venv", str(venv))
        if made.returncode != 0:
            fail(f"cannot make a virtual environment in '{venv}': {last_words(made)}")
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    done = run(*pip, "--requirement", str(requirements), str(SDK))
    if done.returncode == 0 and stamp.exists():
        # Of the SDK that was there pip sees the version only.
        done = run(*pip, "--force-reinstall", "--no-deps", str(SDK))
    if done.returncode != 0:
        fail(f"cannot install what '{requirements}' names: {last_words(done)}\n"
             "It comes from PyPI, or from where pip's settings say: is that within reach?")
    stamp.write_text(wanted)
    return python


def fingerprint(requirements: Path) -> str:
    """Differs whenever something else would be installed."""
    parts = hashlib.sha256(repr(sys.version_info).encode())
    sources = sorted([*SDK.rglob("*.py"), SDK / "pyproject.toml"])
    for path in [requirements, *(path for path in sources if "build" not in path.parts)]:
        parts.update(path.read_bytes())
    return parts.hexdigest()


def run(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True)


def last_words(done: "subprocess.CompletedProcess[str]") -> str:
    """What a program that failed said, without what it said of every attempt."""
    lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or [f"exit status {done.returncode}"])[-1]


def write_executable(output: Path, python: Path, script: Path) -> None:
    text = f'#!/bin/sh\nexec {shlex.quote(str(python))} {shlex.quote(str(script))} "$@"\n'
    if output.is_dir():
        fail(f"cannot write '{output}': it is a folder")
    if output.exists() and output.read_text(errors="replace") == text:
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    fresh = output.with_name(output.name + ".new")
    fresh.write_text(text)
    fresh.chmod(0o755)
    # Not written in place: it may be running.
    fresh.replace(output)

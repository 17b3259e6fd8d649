"""Builds a plugin in Python: an environment with its packages, and the executable that Hector
starts. A plugin's build.py calls `main`; it needs only Python itself."""

import argparse
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, NoReturn

SDK = Path(__file__).resolve().parent
OLDEST = (3, 9)


def fail(message: str) -> NoReturn:
    sys.exit(f"build.py: {message}")


def main(folder: Path, script: str) -> None:
    """Builds the plugin in `folder` whose program is `script` there."""
    try:
        build(folder.resolve(), script)
    except KeyboardInterrupt:
        # The status that a shell reports for a program that SIGINT has ended.
        sys.exit(130)


def build(folder: Path, script: str) -> None:
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

    venv = Path(os.path.abspath(options.venv))
    with alone(venv.parent):
        python = install(venv, folder / "requirements.txt")
        write_executable(output, python, folder / script)
        beside = output.with_name(output.name + ".plugin.yaml")
        if beside != manifest:
            # A manifest is found beside its executable, by its name.
            beside.write_text(manifest.read_text())
            if beside.parent == folder and beside.name not in known:
                made.write_text("".join(f"{name}\n" for name in [*known, beside.name]))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Locks the folder until the end: another build there waits for its turn."""
    try:
        import fcntl
    except ImportError:
        # Windows does not have such locks.
        yield
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder, os.O_RDONLY)
    except OSError as error:
        fail(f"cannot open '{folder}': {error.strerror}")
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"build.py: waiting for another build in '{folder}'", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def install(venv: Path, requirements: Path) -> Path:
    """Makes the environment, unless it exists with exactly these packages. Returns its Python."""
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = venv / "hector-build"
    wanted = fingerprint(requirements)
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    is_new = not has_pip(python)
    if is_new:
        clear(venv)
    try:
        if is_new:
            make(venv)
        fill(python, requirements, stamp)
    except KeyboardInterrupt:
        if is_new:
            shutil.rmtree(venv, ignore_errors=True)
        raise
    stamp.write_text(wanted)
    return python


def has_pip(python: Path) -> bool:
    """Returns True if the environment is complete: an interrupted build leaves one without pip."""
    try:
        return run(str(python), "-m", "pip", "--version").returncode == 0
    except OSError:
        return False


def clear(venv: Path) -> None:
    """Removes the remains of an environment, and nothing else."""
    try:
        if (venv / "pyvenv.cfg").exists():
            shutil.rmtree(venv)
        elif venv.exists() and not (venv.is_dir() and not any(venv.iterdir())):
            fail(f"'{venv}' is no virtual environment: remove it, or name another with --venv")
    except OSError as error:
        fail(f"cannot remove '{venv}', which has no pip: {error.strerror or error}")


def make(venv: Path) -> None:
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        fail("cannot make a virtual environment: Python's module 'ensurepip' is not there"
             " (on Debian: apt-get install python3-venv)")
    made = run(sys.executable, "-m", "venv", str(venv))
    if made.returncode != 0:
        fail(f"cannot make a virtual environment in '{venv}': {last_words(made)}")


def fill(python: Path, requirements: Path, stamp: Path) -> None:
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    was_there = stamp.exists()
    # Until pip has finished, the contents are unknown.
    stamp.write_text("")
    with sdk_to_build() as sdk:
        done = run(*pip, "--requirement", str(requirements), str(sdk))
        if done.returncode == 0 and was_there:
            # Of an installed SDK pip checks only the version.
            done = run(*pip, "--force-reinstall", "--no-deps", str(sdk))
    if done.returncode != 0:
        fail(f"cannot install what '{requirements}' names: {last_words(done)}\n"
             "It comes from PyPI, or from where pip's settings say: is that within reach?")


@contextmanager
def sdk_to_build() -> Iterator[Path]:
    """Makes a copy of the SDK, because pip builds in its folder, which may be read-only."""
    with tempfile.TemporaryDirectory(prefix="hector-build") as folder:
        copy = Path(folder, SDK.name)
        for path in SDK.rglob("*"):
            parts = path.relative_to(SDK).parts
            if path.is_file() and not any(
                    part in ("build", "__pycache__", ".venv") or part.endswith(".egg-info")
                    for part in parts):
                target = copy.joinpath(*parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                # Only the contents: read-only permissions would be copied, too.
                shutil.copyfile(path, target)
        yield copy


def fingerprint(requirements: Path) -> str:
    """Returns a text that differs whenever other packages would be installed."""
    parts = hashlib.sha256(repr(sys.version_info).encode())
    sources = sorted([*SDK.rglob("*.py"), SDK / "pyproject.toml"])
    for path in [requirements, *(path for path in sources if "build" not in path.parts)]:
        parts.update(path.read_bytes())
    return parts.hexdigest()


def run(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True)


def last_words(done: "subprocess.CompletedProcess[str]") -> str:
    """Returns the errors that a failed program printed, without its reports of every attempt."""
    lines = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    errors = [line for line in lines if re.search("error", line, re.IGNORECASE)
              and not re.match("note:|hint:|warning:", line, re.IGNORECASE)]
    # Each program that has started the failed one repeats the same.
    errors = list(dict.fromkeys(errors))[-10:]
    return "\n  ".join(errors or lines[-1:] or [f"exit status {done.returncode}"])


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
    # Not written in place, because it may be running.
    fresh.replace(output)

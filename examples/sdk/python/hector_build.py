"""Builds a plugin in Python: an environment with its packages, and the executable that Hector
starts. A plugin's build.py calls `main`; one that is a package of its own is installed by
`install_package`. Needs only Python itself."""

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
from typing import Iterator, List, NoReturn, Optional, Sequence

SDK = Path(__file__).resolve().parent
OLDEST = (3, 9)
# Stands before messages.
program = "build.py"


def fail(message: str) -> NoReturn:
    sys.exit(f"{program}: {message}")


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
    require(OLDEST)

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
        python = install(venv, [SDK], folder / "requirements.txt")
        write_executable(output, python, folder / script)
        beside = output.with_name(output.name + ".plugin.yaml")
        if beside != manifest:
            # A manifest is found beside its executable, by its name.
            beside.write_text(manifest.read_text())
            if beside.parent == folder and beside.name not in known:
                made.write_text("".join(f"{name}\n" for name in [*known, beside.name]))


def install_package(folder: Path, venv: Path, oldest: "tuple[int, int]" = OLDEST) -> Path:
    """Installs the Python package in `folder`, and the SDK, into an environment, made if it is not
    there. Returns its Python."""
    require(oldest)
    venv = Path(os.path.abspath(venv))
    with alone(venv.parent):
        return install(venv, [SDK, folder.resolve()])


def require(oldest: "tuple[int, int]") -> None:
    if sys.version_info < oldest:
        fail("needs Python {}.{} or later, this is {}.{}".format(*oldest, *sys.version_info[:2]))


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
            print(f"{program}: waiting for another build in '{folder}'", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def install(venv: Path, sources: Sequence[Path], requirements: Optional[Path] = None) -> Path:
    """Makes the environment, unless it exists with exactly these packages. Returns its Python.

    `sources` are the folders of packages that are built here."""
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = venv / "hector-build"
    wanted = fingerprint(sources, requirements)
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    is_new = not has_pip(python)
    if is_new:
        clear(venv)
    try:
        if is_new:
            make(venv)
        fill(python, sources, requirements, stamp)
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


def fill(
    python: Path, sources: Sequence[Path], requirements: Optional[Path], stamp: Path
) -> None:
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    was_there = stamp.exists()
    # Until pip has finished, the contents are unknown.
    stamp.write_text("")
    listed = ["--requirement", str(requirements)] if requirements else []
    with to_build(sources) as copies:
        done = run(*pip, *listed, *copies)
        if done.returncode == 0 and was_there:
            # Of what is installed pip checks only the version.
            done = run(*pip, "--force-reinstall", "--no-deps", *copies)
    if done.returncode != 0:
        name = requirements or sources[-1] / "pyproject.toml"
        fail(f"cannot install what '{name}' names: {last_words(done)}\n"
             "It comes from PyPI, or from where pip's settings say: is that within reach?")


@contextmanager
def to_build(sources: Sequence[Path]) -> Iterator[List[str]]:
    """Makes copies of packages, because pip builds in their folders, which may be read-only."""
    with tempfile.TemporaryDirectory(prefix="hector-build") as folder:
        copies = []
        for number, source in enumerate(sources):
            copy = Path(folder, str(number), source.name)
            for path in contents(source):
                target = copy / path.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                # Only the contents: read-only permissions would be copied, too.
                shutil.copyfile(path, target)
            copies.append(str(copy))
        yield copies


def contents(source: Path) -> List[Path]:
    """Returns a package's own files, and nothing that was built of them."""
    return sorted(
        path for path in source.rglob("*") if path.is_file() and not any(
            part in ("build", "__pycache__", ".venv") or part.endswith(".egg-info")
            for part in path.relative_to(source).parts))


def fingerprint(sources: Sequence[Path], requirements: Optional[Path] = None) -> str:
    """Returns a text that differs whenever other packages would be installed."""
    parts = hashlib.sha256(repr(sys.version_info).encode())
    if requirements:
        parts.update(requirements.read_bytes())
    for source in sources:
        for path in contents(source):
            # Tests and pages are not installed.
            if "tests" not in path.relative_to(source).parts and path.suffix != ".md":
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

"""The parts that the rows of the table share: paths, measurement, and the form of a row."""

import json
import os
import pathlib
import random
import statistics
import subprocess
import threading
import time
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
RELEASE = ROOT / ".build" / "release"
FOREIGN = ROOT / ".build" / "foreign"
PYTHON = ROOT / ".build" / "venv" / "bin" / "python"
WORK = ROOT / ".build" / "bench"


def programs():
    """The names of all programs."""
    listed = subprocess.run([ROOT / "Sources/Programs/link", "--programs"], check=True,
                            capture_output=True, text=True)
    return listed.stdout.split()


@dataclass
class Run:
    seconds: float
    # The time of the process itself, without its children, such as plugins.
    cpu: float
    # The largest number of resident bytes, also without its children.
    peak: int


def cpu_of(pid):
    """Returns the CPU seconds of a process, which may have ended but is not yet waited for."""
    text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    fields = text[text.rindex(")") + 2:].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def watch_peak(pid, ended, peaks):
    # The kernel keeps the high-water mark until the end, so looking now and then is enough.
    while not ended.wait(0.02):
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                peaks.append(int(line.split()[1]) * 1024)


def run(command, stdin, stdout=subprocess.DEVNULL, **environment):
    """Runs a command on a file to its end; it must succeed."""
    with open(stdin, "rb") as file:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command], stdin=file, stdout=stdout,
            env={**os.environ, **environment})
        ended, peaks = threading.Event(), [0]
        watcher = threading.Thread(target=watch_peak, args=(process.pid, ended, peaks))
        watcher.start()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        seconds = time.perf_counter() - start
        ended.set()
        watcher.join()
        cpu = cpu_of(process.pid)
        status = process.wait()
    if status != 0:
        raise SystemExit(f"bench: {command[0]} ended with status {status}")
    return Run(seconds, cpu, max(peaks))


def median(runs, attribute):
    return statistics.median(getattr(run, attribute) for run in runs)


def records(count):
    """Returns a file of that many records with about 120 characters of content, made once."""
    path = WORK / f"records-{count}.jsonl"
    if not path.exists():
        WORK.mkdir(parents=True, exist_ok=True)
        source = random.Random(1)
        words = ["".join(source.choices("abcdefghijklmnopqrstuvwxyz", k=source.randint(2, 9)))
                 for _ in range(2000)]
        with open(path.with_suffix(".new"), "w", encoding="utf-8") as file:
            for number in range(count):
                content = " ".join(source.choices(words, k=18))
                file.write(json.dumps({"id": f"record-{number}", "content": content}) + "\n")
        path.with_suffix(".new").rename(path)
    return path


def row(what, bar, measured, met):
    print(f"| {what} | {bar} | {measured} | {'yes' if met else 'no'} |", flush=True)

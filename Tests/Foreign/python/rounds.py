"""Sends random signals to programs at work, and looks for what they leave.

    rounds.py COUNT SEED

Each round starts an agent, a pipe, an index or a served plugin, waits for a moment, and sends a signal
to one of its processes or to all. Then nothing of it may run, one more command has to work, and no
socket and no folder may be left. Prints each round that left something, and the seed.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

SIGNALS = ["HUP", "INT", "QUIT", "ABRT", "TERM", "KILL", "SEGV", "PIPE"]

WORK = {
    "agent": "hector --agent a --session s$ROUND 'How often are keys rotated?'",
    "tools": "hector --agent t 'echo {\"text\":\"x\"}'",
    "pipe": "yes '{\"content\":\"some words\"}' | head -n 20000 | hector-embed "
            "| hector-search upsert --create -C c$ROUND -q",
    "index": "hector index run notes --rebuild -q",
    # With job control, as bash has what is in the background ignore SIGQUIT otherwise.
    "serve": "set -m; hector-plugin serve hash-embedder --socket $PWD/s.sock -q & server=$!; "
             "until [ -S s.sock ] || ! kill -0 $server; do :; done; "
             "yes hello | head -n 20000 | hector-embed --text --socket $PWD/s.sock > out; "
             "kill $server; wait $server",
}

SERVE = ("hector-plugin serve hash-embedder --socket $PWD/s.sock -q & server=$!; "
         "until hector-embed --socket $PWD/s.sock hello 2> errors; do "
         "kill -0 $server || { cat errors >&2; exit 1; }; done; kill $server; wait $server")


def own():
    """Returns the processes with this one's home, other than this one and its parents."""
    home = ("HOME=" + os.environ["HOME"]).encode()
    known = {os.getpid()}
    process = os.getpid()
    while process > 1:
        process = int(Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[1])
        known.add(process)
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) in known:
            continue
        try:
            if home in (entry / "environ").read_bytes().split(b"\0"):
                found.append((int(entry.name), (entry / "comm").read_text().strip()))
        except OSError:
            pass
    return found


def wait_for(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def play(number, chance):
    """Plays a round. Returns a description of it and of what it left."""
    name = chance.choice(list(WORK))
    sent = chance.choice(SIGNALS)
    to_all = chance.random() < 0.3
    delay = chance.random() * (0.25 if name in ("agent", "tools") else 0.6)
    group = subprocess.Popen(
        ["bash", "-c", WORK[name]], start_new_session=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "ROUND": str(number)})
    time.sleep(delay)
    targets = own()
    if not to_all and targets:
        targets = [chance.choice(targets)]
    for process, _ in targets:
        try:
            os.kill(process, getattr(signal, "SIG" + sent))
        except ProcessLookupError:
            pass
    text = f"{name}, SIG{sent} to {[name for _, name in targets]} after {delay:.3f} s"
    problems = []

    def ended():
        group.poll()
        return not own()

    # A program that was not hit goes on with its work, and a server until it is told.
    if not wait_for(ended, 30):
        for process, program in own():
            if program in ("bash", "yes", "hector-plugin"):
                try:
                    os.kill(process, signal.SIGTERM)
                except ProcessLookupError:
                    pass
    if not wait_for(ended, 60):
        problems.append(f"runs: {own()}")
        for process, _ in own():
            os.kill(process, signal.SIGKILL)
    group.wait()
    # Whoever uses the place next removes what nobody could remove who was killed.
    for command in ["hector-embed hello", SERVE] if name == "serve" else ["hector-embed hello"]:
        check = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
        if check.returncode:
            problems.append(f"{command}: status {check.returncode}: {check.stderr}")
    folder = Path(os.environ["TMPDIR"])
    left = [path.name for path in [*folder.iterdir(), *Path(".").iterdir()]
            if path.is_socket() or path.name.startswith("hector-")]
    if left:
        problems.append(f"left: {left}")
    return text, problems


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(seed)
    for number in range(count):
        text, problems = play(number, chance)
        if os.environ.get("HECTOR_SIGNAL_TALK"):
            print(number, text, file=sys.stderr)
        for problem in problems:
            print(f"seed {seed}, round {number}: {text}: {problem}")
    print(count, "rounds")


main()

"""hector-embed against the Go host, on one Go embedder of 384 floats."""

import json

from measure import FOREIGN, RELEASE, median, records, run

EMBEDDER = FOREIGN / "go-embedder"
# The number of calls in flight in the Go host.
HECTOR = [RELEASE / "hector-embed", "--plugin", EMBEDDER, "--jobs", "32"]
GO = [FOREIGN / "go-host", EMBEDDER]
ROUNDS = 3


def output(command, **environment):
    path = records(1000)
    out = path.with_suffix(".out")
    with open(out, "wb") as file:
        run(command, path, file, **environment)
    return [json.loads(line) for line in out.read_text().splitlines()]


def compare(**environment):
    """Returns (lines/s, CPU) of hector-embed divided by the Go host's. Both do the same work: their
    records are compared first."""
    if output(HECTOR, **environment) != output(GO):
        raise SystemExit("bench: hector-embed and the Go host do not write the same records")
    lines = records(100_000)
    hector, go = [], []
    for _ in range(ROUNDS):
        # In turns, so that other work on the machine affects both.
        go.append(run(GO, lines))
        hector.append(run(HECTOR, lines, **environment))
    return (median(go, "seconds") / median(hector, "seconds"),
            median(hector, "cpu") / median(go, "cpu"),
            100_000 / median(hector, "seconds"), 100_000 / median(go, "seconds"))

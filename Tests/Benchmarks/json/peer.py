"""The cost of JSON in a filter in Python: orjson reads a record with its floats and writes it back.

usage: peer.py FILE, where `bench-json --write FILE` made FILE.
"""

import sys
import time

import orjson


def main() -> None:
    with open(sys.argv[1], "rb") as file:
        lines = file.read().splitlines()
    read = written = total = float("inf")
    for _ in range(50):
        start = time.perf_counter_ns()
        records = [orjson.loads(line) for line in lines]
        middle = time.perf_counter_ns()
        for record in records:
            orjson.dumps(record)
        end = time.perf_counter_ns()
        read = min(read, middle - start)
        written = min(written, end - middle)
        total = min(total, end - start)
    print(
        orjson.dumps({
            "peer": "orjson",
            "records": len(lines),
            "ns_per_record": total // len(lines),
            "read_ns": read // len(lines),
            "write_ns": written // len(lines),
        }).decode())


main()

"""The time that other stores need for the same documents and questions, one after the other, on one
thread where they can be told so. Prints a JSON line for each, with the recall of its answers."""
import json
import os
import pathlib
import shutil
import sqlite3
import sys
import time

os.environ.update(OMP_NUM_THREADS="1", LANCE_CPU_THREADS="1", RAYON_NUM_THREADS="1")

import numpy

from data import DIMENSION, Data

folder, count, questions = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
data = Data()
asked, vectors_asked = data.questions(questions)


def exact():
    """The ten nearest documents of each question."""
    best = [[] for _ in range(questions)]
    for first, _, vectors in data.blocks(count):
        scores = vectors_asked @ vectors.T
        near = numpy.argpartition(-scores, 10, axis=1)[:, :10]
        for number, row in enumerate(near):
            best[number] += [(-scores[number, place], first + place) for place in row]
    return [{int(place) for _, place in sorted(row)[:10]} for row in best]


def timed(ask):
    ask(0)
    start = time.perf_counter()
    found = [ask(number) for number in range(questions)]
    return (time.perf_counter() - start) / questions * 1000, found


def recall(found):
    return sum(len(near & set(row)) for near, row in zip(nearest, found)) / (10 * questions)


def report(name, built, milliseconds, found=None):
    print(json.dumps({"peer": name, "built_s": round(built, 1), "ms": round(milliseconds, 3),
                      "recall": None if found is None else round(recall(found), 4)}), flush=True)


def fts5():
    path = folder / "fts5.db"
    path.unlink(missing_ok=True)
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE VIRTUAL TABLE t USING fts5(body, tokenize = 'porter unicode61')")
    start = time.perf_counter()
    for first, texts, _ in data.blocks(count):
        db.executemany("INSERT INTO t(rowid, body) VALUES (?, ?)", enumerate(texts, first))
        db.commit()
    built = time.perf_counter() - start

    def ask(number):
        words = " OR ".join(f'"{word}"' for word in dict.fromkeys(asked[number].split()))
        return [row for row, in db.execute(
            "SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT 10", [words])]

    report("SQLite FTS5 (text)", built, timed(ask)[0])
    path.unlink()


def sqlite_vec():
    import sqlite_vec as extension

    path = folder / "vec.db"
    path.unlink(missing_ok=True)
    db = sqlite3.connect(path)
    db.enable_load_extension(True)
    extension.load(db)
    db.execute(f"CREATE VIRTUAL TABLE t USING vec0(v float[{DIMENSION}])")
    start = time.perf_counter()
    for first, _, vectors in data.blocks(count):
        db.executemany("INSERT INTO t(rowid, v) VALUES (?, ?)", (
            (number, vector.tobytes()) for number, vector in enumerate(vectors, first)))
        db.commit()
    built = time.perf_counter() - start
    milliseconds, found = timed(lambda number: [row for row, in db.execute(
        "SELECT rowid FROM t WHERE v MATCH ? AND k = 10", [vectors_asked[number].tobytes()])])
    report("sqlite-vec (vectors, exact)", built, milliseconds, found)
    path.unlink()


def usearch():
    from usearch.index import Index

    index = Index(ndim=DIMENSION, metric="cos", dtype="f32")
    start = time.perf_counter()
    for first, _, vectors in data.blocks(count):
        index.add(numpy.arange(first, first + len(vectors)), vectors, threads=2)
    built = time.perf_counter() - start
    milliseconds, found = timed(
        lambda number: index.search(vectors_asked[number], 10, threads=1).keys.tolist())
    report("usearch (vectors, HNSW)", built, milliseconds, found)


def lancedb():
    import lancedb as library
    import pyarrow
    from lancedb.index import FTS

    path = folder / "lance"
    shutil.rmtree(path, ignore_errors=True)
    db, table = library.connect(path), None
    start = time.perf_counter()
    for first, texts, vectors in data.blocks(count):
        rows = pyarrow.table({
            "number": numpy.arange(first, first + len(texts)), "text": texts,
            "vector": pyarrow.FixedSizeListArray.from_arrays(vectors.ravel(), DIMENSION)})
        table = table.add(rows) and table if table else db.create_table("t", rows)
    table.create_index("text", config=FTS())
    built = time.perf_counter() - start

    def ask(number):
        rows = (table.search(query_type="hybrid").vector(vectors_asked[number]).text(asked[number])
                .limit(10).to_arrow())
        return rows["number"].to_pylist()

    report("LanceDB (hybrid, vectors exact)", built, timed(ask)[0])
    shutil.rmtree(path)


peers = {"fts5": fts5, "sqlite_vec": sqlite_vec, "usearch": usearch, "lancedb": lancedb}
chosen = sys.argv[4:] or list(peers)
nearest = exact() if {"sqlite_vec", "usearch"} & set(chosen) else None
for peer in chosen:
    peers[peer]()

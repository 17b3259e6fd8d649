"""Faiss's flat index on one thread, on the vectors that bench-vectors left in FOLDER."""
import json
import sys
import time

import faiss
import numpy

DIMENSION = 384

folder = sys.argv[1]
vectors = numpy.fromfile(folder + "/vectors.f32", dtype="float32").reshape(-1, DIMENSION)
queries = numpy.fromfile(folder + "/queries.f32", dtype="float32").reshape(-1, DIMENSION)

faiss.omp_set_num_threads(1)
index = faiss.IndexFlatIP(DIMENSION)
index.add(vectors)
index.search(queries[:1], 10)

start = time.perf_counter()
found = numpy.concatenate([index.search(queries[i : i + 1], 10)[1] for i in range(200)])
single = 200 / (time.perf_counter() - start)

start = time.perf_counter()
for i in range(0, len(queries), 50):
    index.search(queries[i : i + 50], 10)
batched = len(queries) / (time.perf_counter() - start)

exact = numpy.argsort(-(queries[:50].astype("float64") @ vectors.T.astype("float64")), axis=1)[:, :10]
recall = sum(len(set(a) & set(b)) for a, b in zip(exact, found)) / exact.size

print(json.dumps({
    "name": "faiss.IndexFlatIP", "version": faiss.__version__, "queries_per_s": round(single, 3),
    "queries_per_s_in_batches_of_50": round(batched, 3), "recall_at_10": recall,
}))

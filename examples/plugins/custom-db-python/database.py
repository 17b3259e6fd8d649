"""Vectors in LanceDB, which is also used in production: in a folder, in an object store, or in
LanceDB Cloud, depending only on its `uri`.

A collection is a table. Its columns: id; vector, as it was given; direction, the vector at
length 1, which searches compare; metadata, as JSON.
"""

import datetime
import fcntl
import json
import logging
import os
import random
import re
import threading
import time
from contextlib import contextmanager
from typing import Callable, Dict, Iterator, List, Optional, Sequence

import lancedb
import numpy
import pyarrow
from hector_plugin import BatchDatabase, PluginError, serve
from hector_plugin.database import Document, Match, Query

import filters

log = logging.getLogger("database")

SETTINGS = {"uri", "api_key", "region", "storage_options"}

# Each write makes a version of the table with new files, which slow searches down. After this many
# writes of a process the files are merged, and versions older than CLEAN_UP_AFTER are removed.
WRITES_BETWEEN_CLEAN_UPS = 200
CLEAN_UP_AFTER = datetime.timedelta(minutes=10)

# The number of attempts to write while others write to the same table.
ATTEMPTS = 20

# The number of results for a host that does not give one.
STANDARD_LIMIT = 10


class LanceDatabase(BatchDatabase):
    # As in the manifest file. Hector checks here that it may filter.
    manifest = {
        "name": "custom-db-python", "version": "1.0.0",
        "capabilities": {"batch": "true", "filter": "true", "include_vectors": "true"},
    }

    def __init__(self) -> None:
        self._connection: Optional[lancedb.DBConnection] = None
        # A file that the processes of this machine lock, if the database is a folder on it.
        self._lock_file = ""
        self._lock = threading.Lock()
        self._writes: Dict[str, int] = {}

    # Connection

    def initialize(self, config: Dict[str, str]) -> None:
        uri = os.path.expanduser(config.get("uri") or _standard_folder())
        cloud = uri.startswith("db://")
        options, problems = {}, [
            f"unknown setting '{name}': expected {', '.join(sorted(SETTINGS))}"
            for name in sorted(config.keys() - SETTINGS)]
        if cloud and not config.get("api_key"):
            problems.append(f"'{uri}' is LanceDB Cloud, which needs the setting 'api_key'")
        elif cloud:
            options = {"api_key": config["api_key"], "region": config.get("region", "us-east-1")}
        elif config.get("api_key") or config.get("region"):
            problems.append(f"'api_key' and 'region' are for a 'uri' of db://NAME, not '{uri}'")
        if config.get("storage_options"):
            try:
                options["storage_options"] = _object(config["storage_options"], "storage_options")
            except PluginError as error:
                problems.append(str(error))
        if problems:
            raise PluginError("; ".join(problems))
        try:
            self._connection = lancedb.connect(
                # The next search finds documents that another process has stored.
                uri, read_consistency_interval=datetime.timedelta(0), **options)
            self._connection.list_tables(limit=1)
            if "://" not in uri:
                os.makedirs(uri, exist_ok=True)
                self._lock_file = os.path.abspath(os.path.join(uri, ".hector-lock"))
        except Exception as error:
            raise PluginError(f"cannot open the database '{uri}': {_sentence(error)}") from error

    def health(self) -> None:
        with _told("cannot reach the database"):
            self._open().list_tables(limit=1)

    def shutdown(self) -> None:
        # Each write was finished before it was answered.
        self._connection = None

    def _open(self) -> lancedb.DBConnection:
        if self._connection is None:
            raise PluginError("the database is not open: Initialize comes first")
        return self._connection

    def _table(self, collection: str):
        """Not kept: another process may drop the table, and opening it takes a millisecond."""
        connection = self._open()
        try:
            table = connection.open_table(table_name(collection))
            missing = [name for name in _schema(1).names if name not in table.schema.names]
        except Exception as error:
            if "not found" in str(error):
                raise PluginError(
                    f"there is no collection '{collection}': create it first") from None
            raise PluginError(
                f"cannot open the collection '{collection}': {_sentence(error)}") from error
        if missing:
            raise PluginError(
                f"the table '{table_name(collection)}' was not made by this plugin: it has no"
                f" column '{missing[0]}'")
        return table

    # Collections

    def create_collection(self, name: str, dimension: int) -> None:
        if not 0 < dimension <= 65536:
            raise PluginError(f"a dimension is from 1 to 65536, not {dimension}")
        table = table_name(name)
        with _told(f"cannot create the collection '{name}'"), self._turn():
            try:
                self._open().create_table(table, schema=_schema(dimension))
            except Exception as error:
                if "already exists" not in str(error):
                    raise
        there = _dimension(self._table(name))
        if there != dimension:
            raise PluginError(
                f"the collection '{name}' is there with dimension {there}, not {dimension}")

    def delete_collection(self, name: str) -> None:
        self._table(name)
        with _told(f"cannot delete the collection '{name}'"), self._turn():
            self._open().drop_table(table_name(name))

    # Documents

    def upsert_batch(
        self, collection: str, documents: Sequence[Document]
    ) -> Sequence[Optional[PluginError]]:
        table = self._table(collection)
        dimension = _dimension(table)
        errors = [_problem(document, dimension, collection) for document in documents]
        # Of two with the same id the later is kept, as if they had arrived one after the other.
        good = {document.id: document
                for document, error in zip(documents, errors) if error is None}
        if good:
            rows = _rows(list(good.values()), dimension)
            self._write(
                collection,
                lambda: self._table(collection).merge_insert("id")
                .when_matched_update_all().when_not_matched_insert_all().execute(rows))
        return errors

    def delete_batch(
        self, collection: str, ids: Sequence[str]
    ) -> Sequence[Optional[PluginError]]:
        self._table(collection)
        texts = ", ".join(_quoted(id) for id in ids)
        self._write(collection, lambda: self._table(collection).delete(f"id IN ({texts})"))
        return [None] * len(ids)

    def search(self, collection: str, query: Query) -> List[Match]:
        accepts = filters.read(query.filter_json)
        table = self._table(collection)
        dimension = _dimension(table)
        if problem := _vector_problem(query.vector, dimension, collection):
            raise problem
        wanted = query.top_k if query.top_k > 0 else STANDARD_LIMIT
        direction = _directions(numpy.array([query.vector], numpy.float32))[0]
        columns = ["id", "metadata", "_distance"] + ["vector"] * query.include_vectors

        # The engine knows neither the filter on metadata nor the order of equal scores: more
        # results are fetched until there are enough, and the next ones are worse.
        fetched = wanted + 1 if not query.filter_json else max(4 * wanted, 64)
        while True:
            with _told(f"cannot search the collection '{collection}'"):
                found = (
                    table.search(direction, vector_column_name="direction")
                    .distance_type("dot").limit(fetched).select(columns).to_list())
            matches = [match for match in map(_match, found) if accepts(match.metadata)]
            matches.sort(key=lambda match: (-match.score, match.id))
            if len(found) < fetched:
                break
            if len(matches) >= wanted and min(map(_score, found)) < matches[wanted - 1].score:
                break
            # Few documents may pass a filter, and many may be equally near.
            fetched *= 8
        return matches[:wanted]

    # Writing

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Allows one write at a time, of all processes here. Two parallel writes of a new document
        would both add it, because the engine does not have keys."""
        with self._lock:
            if not self._lock_file:
                yield
                return
            # Unlocked when it is closed, or its process dies.
            with open(self._lock_file, "ab") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield

    def _write(self, collection: str, write: Callable[[], object]) -> None:
        with _told(f"cannot write to the collection '{collection}'"), self._turn():
            _persist(write)
            self._writes[collection] = self._writes.get(collection, 0) + 1
            if self._writes[collection] % WRITES_BETWEEN_CLEAN_UPS == 0:
                self._clean_up(collection)

    def _clean_up(self, collection: str) -> None:
        try:
            self._table(collection).optimize(cleanup_older_than=CLEAN_UP_AFTER)
        except Exception as error:
            # Another process does this, or writes: the next time is early enough.
            log.info(f"did not clean up '{collection}': {_sentence(error)}")


def _persist(write: Callable[[], object]) -> None:
    """Writes, and again after a moment if another writer was faster, here or with other tools."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            write()
            return
        except PluginError:
            raise
        except Exception as error:
            if attempt == ATTEMPTS or not re.search("conflict|contention|concurrent", str(error)):
                raise
            time.sleep(random.uniform(0, 0.01 * attempt))


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Reports a failure in one sentence, for any error of the engine."""
    try:
        yield
    except PluginError:
        raise
    except Exception as error:
        log.error(f"{what}: {error}")
        raise PluginError(f"{what}: {_sentence(error)}") from error


def _sentence(error: Exception) -> str:
    """Removes the engine's source lines, which follow LanceDB's errors."""
    return str(error).split(", /")[0].splitlines()[0] if str(error) else type(error).__name__


# Names and settings


def table_name(collection: str) -> str:
    """Returns a name that LanceDB accepts, for any text: ASCII letters, digits, _, - and point.

    Any other byte, and the point, becomes a point and two digits: `a b` is `a.20b`."""
    if not collection:
        raise PluginError("a collection needs a name")
    name = "".join(
        chr(byte) if re.match(rb"[A-Za-z0-9_-]", bytes([byte])) else f".{byte:02x}"
        for byte in collection.encode())
    # The name of a folder, followed by `.lance`.
    if len(name) > 240:
        raise PluginError(f"the collection's name is too long: '{collection[:40]}…'")
    return name


def _standard_folder() -> str:
    data = os.environ.get("XDG_DATA_HOME", "")
    if not os.path.isabs(data):
        data = os.path.expanduser("~/.local/share")
    return os.path.join(data, "hector", "lancedb")


def _object(text: str, setting: str) -> Dict[str, str]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise PluginError(f"'{setting}' must be names with values, not '{text}'")
    return {name: str(item) for name, item in value.items()}


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# Rows


def _schema(dimension: int) -> pyarrow.Schema:
    vector = pyarrow.list_(pyarrow.float32(), dimension)
    return pyarrow.schema([
        pyarrow.field("id", pyarrow.string(), nullable=False),
        pyarrow.field("vector", vector, nullable=False),
        pyarrow.field("direction", vector, nullable=False),
        pyarrow.field("metadata", pyarrow.string(), nullable=False),
    ])


def _dimension(table) -> int:
    return table.schema.field("vector").type.list_size


def _directions(vectors: numpy.ndarray) -> numpy.ndarray:
    """Scales vectors to length 1. Zeros have no direction: they stay, and are near to no vector."""
    lengths = numpy.linalg.norm(vectors.astype(numpy.float64), axis=1, keepdims=True)
    lengths[lengths == 0] = 1
    return (vectors / lengths).astype(numpy.float32)


def _rows(documents: Sequence[Document], dimension: int) -> pyarrow.Table:
    vectors = numpy.array([document.vector for document in documents], numpy.float32)

    def column(values: numpy.ndarray) -> pyarrow.Array:
        return pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(values.reshape(-1)), dimension)

    return pyarrow.table({
        "id": [document.id for document in documents],
        "vector": column(vectors),
        "direction": column(_directions(vectors)),
        "metadata": [json.dumps(document.metadata, ensure_ascii=False) for document in documents],
    }, schema=_schema(dimension))


def _score(row: Dict) -> float:
    # The engine's distance is 1 minus the cosine.
    return max(-1.0, min(1.0, 1 - row["_distance"]))


def _match(row: Dict) -> Match:
    return Match(row["id"], row.get("vector") or [], json.loads(row["metadata"]), _score(row))


def _problem(document: Document, dimension: int, collection: str) -> Optional[PluginError]:
    if not document.id:
        return PluginError("a document needs an id")
    return _vector_problem(document.vector, dimension, collection)


def _vector_problem(
    vector: Sequence[float], dimension: int, collection: str
) -> Optional[PluginError]:
    if len(vector) != dimension:
        return PluginError(
            f"the vector has {len(vector)} numbers, those of the collection '{collection}' have"
            f" {dimension}: was it made by another embedder?")
    if not numpy.isfinite(vector).all():
        return PluginError("the vector has a number that is infinite or not a number")
    return None


if __name__ == "__main__":
    serve(LanceDatabase())

"""Tests of the database in temporary folders."""

import concurrent.futures
import math
import os
import random
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

FOLDER = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(FOLDER))

import database  # noqa: E402
from database import LanceDatabase, table_name  # noqa: E402
from hector_plugin import PluginError  # noqa: E402
from hector_plugin.database import Document, Query  # noqa: E402


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.uri = folder.name
        self.database = self.open()

    def open(self):
        made = LanceDatabase()
        made.initialize({"uri": self.uri})
        return made

    def put(self, *documents, collection="c"):
        return self.database.upsert_batch(collection, [
            Document(id, vector, metadata) for id, vector, metadata in documents])

    def find(self, vector, top_k=10, collection="c", **others):
        return self.database.search(collection, Query(vector, top_k, **others))

    def assert_refused(self, pattern, work, *arguments, **others):
        with self.assertRaisesRegex(PluginError, pattern):
            work(*arguments, **others)


class ConnectionTests(Case):
    def test_what_it_is_told_is_checked(self):
        refuse = LanceDatabase().initialize
        self.assert_refused(
            "^unknown setting 'path': expected api_key, region, storage_options, uri$",
            refuse, {"path": "x"})
        self.assert_refused(
            "^unknown setting 'path': .*; '.*' is LanceDB Cloud, .*; 'storage_options' must be",
            refuse, {"path": "x", "uri": "db://x", "storage_options": "1"})
        self.assert_refused("LanceDB Cloud, which needs the setting 'api_key'", refuse,
                            {"uri": "db://x"})
        self.assert_refused("are for a 'uri' of db://NAME", refuse,
                            {"uri": self.uri, "region": "eu"})
        self.assert_refused("'storage_options' must be names with values, not '\\[1\\]'", refuse,
                            {"uri": self.uri, "storage_options": "[1]"})
        self.assert_refused("^cannot open the database '/proc/nowhere': ", refuse,
                            {"uri": "/proc/nowhere"})

    def test_the_standard_folder_is_the_users(self):
        with mock.patch.dict(os.environ, {"XDG_DATA_HOME": self.uri}):
            made = LanceDatabase()
            made.initialize({})
            made.create_collection("c", 1)
        self.assertTrue(Path(self.uri, "hector/lancedb/c.lance").is_dir())

    def test_health_is_that_of_the_connection(self):
        self.database.health()
        self.database.shutdown()
        self.assert_refused("^the database is not open: Initialize comes first$",
                            self.database.health)
        with mock.patch.object(database.lancedb, "connect") as connect:
            connect.return_value.list_tables.side_effect = [None, OSError("unplugged")]
            broken = LanceDatabase()
            broken.initialize({"uri": "s3://far/away"})
            with self.assertLogs("database"):
                self.assert_refused("^cannot reach the database: unplugged$", broken.health)

    def test_another_uri_is_another_service_with_the_same_plugin(self):
        with mock.patch.object(database.lancedb, "connect") as connect:
            LanceDatabase().initialize({"uri": "db://mine", "api_key": "k"})
            LanceDatabase().initialize(
                {"uri": "s3://bucket", "storage_options": '{"timeout": 60}'})
        cloud, store = connect.call_args_list
        self.assertEqual((cloud.args[0], cloud.kwargs["api_key"], cloud.kwargs["region"]),
                         ("db://mine", "k", "us-east-1"))
        self.assertEqual(store.kwargs["storage_options"], {"timeout": "60"})


class CollectionTests(Case):
    def test_a_collection_has_one_dimension(self):
        self.database.create_collection("c", 3)
        self.database.create_collection("c", 3)
        self.assert_refused("^the collection 'c' is there with dimension 3, not 4$",
                            self.database.create_collection, "c", 4)
        self.assert_refused("^a dimension is from 1 to 65536, not 0$",
                            self.database.create_collection, "d", 0)

    def test_any_name_will_do(self):
        names = ["a b", "Größe", "a/b", "..", "a.20b", "a'b", "-x", "鍵", "x" * 240]
        for number, name in enumerate(names):
            self.database.create_collection(name, 1)
            self.put((str(number), [1.0], {}), collection=name)
        for number, name in enumerate(names):
            with self.subTest(name):
                found = self.find([1.0], collection=name)
                self.assertEqual([match.id for match in found], [str(number)])
                self.database.delete_collection(name)
        self.assertEqual(list(self.database._open().list_tables().tables), [])
        self.assertEqual(table_name("my-docs_2"), "my-docs_2")
        self.assert_refused("^a collection needs a name$",
                            self.database.create_collection, "", 1)
        self.assert_refused("^the collection's name is too long: 'xxx",
                            self.database.create_collection, "x" * 241, 1)

    def test_what_is_not_there_is_named(self):
        missing = "^there is no collection 'none': create it first$"
        query = Query([1.0], 1)
        self.assert_refused(missing, self.database.search, "none", query)
        self.assert_refused(missing, self.database.delete, "none", "a")
        self.assert_refused(missing, self.database.delete_collection, "none")
        self.assert_refused(missing, self.database.upsert, "none", Document("a", [1.0], {}))

    def test_a_table_that_it_has_not_made_is_left_alone(self):
        self.database._open().create_table("foreign", [{"id": "a", "vector": [1.0]}])
        for work, arguments in ((self.database.search, [Query([1.0], 1)]),
                                (self.database.delete, ["a"]),
                                (self.database.create_collection, [1]),
                                (self.database.delete_collection, [])):
            self.assert_refused(
                "^the table 'foreign' was not made by this plugin: it has no column 'direction'$",
                work, "foreign", *arguments)

    def test_a_lock_that_cannot_be_had_is_told(self):
        self.database.create_collection("c", 1)
        # A folder cannot be opened for writing, not even by the administrator.
        self.database._lock_file = self.uri
        with self.assertLogs("database"):
            self.assert_refused(
                "^cannot write to the collection 'c': .*Is a directory", self.put,
                ("a", [1.0], {}))

    def test_what_another_process_does_is_seen_at_once(self):
        other = self.open()
        self.database.create_collection("c", 1)
        self.put(("a", [1.0], {}))
        self.assertEqual(len(other.search("c", Query([1.0], 1))), 1)
        other.delete("c", "a")
        self.assertEqual(self.find([1.0]), [])
        other.delete_collection("c")
        other.create_collection("c", 2)
        self.put(("b", [1.0, 0.0], {}))
        self.assertEqual([match.id for match in self.find([1.0, 0.0])], ["b"])


class DocumentTests(Case):
    def setUp(self):
        super().setUp()
        self.database.create_collection("c", 2)

    def test_the_score_is_the_cosine(self):
        random.seed(1)
        vectors = [[random.uniform(-9, 9), random.uniform(-9, 9)] for _ in range(50)]
        self.put(*((str(n), vector, {}) for n, vector in enumerate(vectors)),
                 ("zero", [0.0, 0.0], {}))
        query = [0.3, -4.0]

        def cosine(vector):
            return (vector[0] * query[0] + vector[1] * query[1]) / (
                math.hypot(*vector) * math.hypot(*query))

        expected = {str(n): cosine(vector) for n, vector in enumerate(vectors)} | {"zero": 0.0}
        found = self.find(query, 100)
        self.assertEqual([match.id for match in found],
                         sorted(expected, key=lambda id: -expected[id]))
        for match in found:
            self.assertAlmostEqual(match.score, expected[match.id], places=5)
        self.assertEqual([match.id for match in self.find(query, 3)],
                         [match.id for match in found[:3]])
        self.assertEqual({match.score for match in self.find([0.0, 0.0], 100)}, {0.0})

    def test_metadata_come_back_as_they_were(self):
        metadata = {
            "content": "line\nline \"quoted\" \\ \t\x00\x7f é ☃ 🐦", "": "empty key", "empty": "",
            "number": "1.50", "json": '{"a": [1, null]}', "sql": "'; DROP TABLE c; --",
            "long": "x" * 100_000,
        }
        self.put(("a", [1.0, 0.0], metadata))
        (match,) = self.find([1.0, 0.0])
        self.assertEqual(match.metadata, metadata)

    def test_vectors_come_back_when_asked_for_and_exactly(self):
        vector = [0.1, 3e-30]
        self.put(("a", vector, {}))
        (match,) = self.find(vector, include_vectors=True)
        self.assertEqual([float.hex(x) for x in match.vector],
                         [float.hex(float(x)) for x in database.numpy.float32(vector)])
        self.assertEqual(self.find(vector)[0].vector, [])

    def test_an_id_is_any_text_and_names_one_document(self):
        ids = ["it's", 'a"b', "x\x00y", "new\nline", "\\", "ä☃", "%", "_", "' OR 1=1 --", "x" * 999]
        for id in ids:
            self.put((id, [1.0, 0.0], {"content": "old"}))
            self.put((id, [1.0, 0.0], {"content": "new " + id}))
        found = self.find([1.0, 0.0], 100)
        self.assertEqual({match.id: match.metadata["content"] for match in found},
                         {id: "new " + id for id in ids})
        for left, id in enumerate(reversed(ids)):
            self.database.delete("c", id)
            self.database.delete("c", id)
            self.assertEqual(len(self.find([1.0, 0.0], 100)), len(ids) - left - 1)

    def test_what_is_wrong_does_not_fail_its_neighbours(self):
        nan, infinity = float("nan"), float("inf")
        errors = self.put(
            ("a", [1.0, 0.0], {}), ("b", [1.0], {}), ("", [1.0, 0.0], {}),
            ("c", [nan, 0.0], {}), ("d", [infinity, 0.0], {}), ("e", [0.0, 1.0], {"n": "1"}),
            ("e", [1.0, 0.0], {"n": "2"}))
        self.assertEqual([str(error) if error else None for error in errors], [
            None,
            "the vector has 1 numbers, those of the collection 'c' have 2: "
            "was it made by another embedder?",
            "a document needs an id",
            "the vector has a number that is infinite or not a number",
            "the vector has a number that is infinite or not a number", None, None])
        found = self.find([1.0, 0.0])
        # Of two with the same id the later is stored, and equal scores are sorted by id.
        self.assertEqual([(match.id, match.metadata) for match in found],
                         [("a", {}), ("e", {"n": "2"})])
        self.assert_refused("^the vector has 3 numbers", self.find, [1.0, 2.0, 3.0])
        self.assert_refused("infinite or not a number", self.find, [nan, 0.0])

    def test_equal_scores_are_in_the_order_of_the_ids_beyond_the_limit_too(self):
        ids = [f"t{n:03}" for n in range(200)]
        random.seed(2)
        for id in random.sample(ids, 20):
            self.put((id, [1.0, 1.0], {"n": str(int(id[1:]))}))
        self.put(*((id, [1.0, 1.0], {"n": str(int(id[1:]))}) for id in reversed(ids)),
                 ("better", [1.0, 0.9], {"n": "1000"}), ("worse", [1.0, 0.0], {"n": "1001"}))
        query = [1.0, 0.9]
        self.assertEqual([match.id for match in self.find(query, 4)], ["better", *ids[:3]])
        self.assertEqual([match.id for match in self.find(query, 500)], ["better", *ids, "worse"])
        found = self.find(query, 3, filter_json='{"n": {"$gt": 90, "$lt": 1000}}')
        self.assertEqual([match.id for match in found], ["t091", "t092", "t093"])

    def test_metadata_too_deep_for_a_filter_do_not_fail_the_search(self):
        deep = "[" * 100_000 + "]" * 100_000
        self.put(("a", [1.0, 0.0], {"n": deep}), ("b", [1.0, 0.0], {"n": "[1]"}))
        self.assertEqual([match.id for match in self.find([1.0, 0.0], filter_json='{"n": 1}')],
                         ["b"])
        self.assert_refused("^the filter is nested too deeply$", self.find, [1.0, 0.0],
                            filter_json='{"$and": ' + deep + "}")

    def test_a_filter_finds_what_is_far_down(self):
        self.put(*((str(n), [1.0, n / 1000], {"n": str(n)}) for n in range(3000)))
        found = self.find([1.0, 0.0], 3, filter_json='{"n": {"$gte": 2500}}')
        self.assertEqual([match.id for match in found], ["2500", "2501", "2502"])
        self.assertEqual(self.find([1.0, 0.0], filter_json='{"n": {"$gt": 5000}}'), [])
        self.assertEqual(len(self.find([1.0, 0.0], 5000, filter_json='{"n": {"$lt": 7}}')), 7)

    def test_without_a_limit_there_are_ten(self):
        self.put(*((str(n), [1.0, n], {}) for n in range(20)))
        self.assertEqual(len(self.find([1.0, 0.0], 0)), 10)

    def test_many_write_at_once_and_nothing_is_lost(self):
        other = self.open()
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            errors = list(pool.map(
                lambda n: (self.database, other)[n % 2].upsert(
                    "c", Document(str(n), [1.0, n], {})), range(100)))
        self.assertEqual(errors, [None] * 100)
        self.assertEqual(len(self.find([1.0, 0.0], 1000)), 100)

    def test_many_who_write_the_same_document_write_it_once(self):
        others = [self.database, self.open(), self.open()]
        with concurrent.futures.ThreadPoolExecutor(9) as pool:
            errors = list(pool.map(
                lambda n: others[n % 3].upsert("c", Document(str(n // 3), [1.0, n], {})),
                range(90)))
        self.assertEqual(errors, [None] * 90)
        found = [match.id for match in self.find([1.0, 0.0], 1000)]
        self.assertEqual(sorted(found), sorted(map(str, range(30))))

    def test_many_small_writes_are_made_one(self):
        with mock.patch.object(database, "WRITES_BETWEEN_CLEAN_UPS", 20), \
                mock.patch.object(database, "CLEAN_UP_AFTER", database.datetime.timedelta(0)):
            for n in range(60):
                self.put((str(n), [1.0, n], {}))
        self.assertEqual(len(self.find([1.0, 0.0], 100)), 60)
        self.assertLess(len(list(Path(self.uri, "c.lance/data").iterdir())), 10)

    def test_what_was_answered_outlives_a_kill(self):
        script = (
            "import sys\n"
            f"sys.path.insert(0, {str(FOLDER)!r})\n"
            "from database import LanceDatabase\n"
            "from hector_plugin.database import Document\n"
            "database = LanceDatabase()\n"
            f"database.initialize({{'uri': {self.uri!r}}})\n"
            "for n in range(10 ** 9):\n"
            "    database.upsert('c', Document(str(n), [1.0, n], {}))\n"
            "    print(n, flush=True)\n")
        writer = subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        answered = [writer.stdout.readline() for _ in range(30)][-1]
        writer.send_signal(signal.SIGKILL)
        answered = int((writer.stdout.read().split() or [answered])[-1])
        writer.wait()
        writer.stdout.close()
        found = {int(match.id) for match in self.find([1.0, 0.0], 10 ** 6)}
        # One more may have been written but not answered.
        self.assertIn(found, (set(range(answered + 1)), set(range(answered + 2))))
        self.put(("more", [1.0, 0.0], {}))


if __name__ == "__main__":
    unittest.main()

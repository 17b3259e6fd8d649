"""Tests of the filter's language, with the table of the built-in database's own test."""

import unittest
from pathlib import Path
import sys

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import filters  # noqa: E402
from hector_plugin import PluginError  # noqa: E402

METADATA = {
    "lang": "en", "year": "2024", "price": "1.50", "draft": "false", "gone": "null",
    "tags": '["a","b",3]', "quoted": '"5"', "date": "2024-05-01", "empty": "",
    "big": "9007199254740993", "object": '{"a":1}',
}

TABLE = [
    ("", True), ("{}", True),
    ('{"lang": "en"}', True), ('{"lang": "de"}', False), ('{"none": "en"}', False),
    ('{"lang": "en", "year": 2024}', True), ('{"lang": "en", "year": 2023}', False),
    ('{"year": 2024.0}', True), ('{"year": 2.024e3}', True), ('{"year": "2024"}', True),
    ('{"price": 1.5}', True), ('{"price": {"$eq": 1.5}}', True),
    ('{"price": {"$ne": 1.5}}', False), ('{"none": {"$ne": 1}}', True),
    ('{"draft": false}', True), ('{"draft": true}', False), ('{"draft": 0}', False),
    ('{"gone": null}', True), ('{"none": null}', True), ('{"lang": null}', False),
    ('{"tags": "a"}', True), ('{"tags": "c"}', False), ('{"tags": 3}', True),
    ('{"tags": {"$in": ["x", "b"]}}', True), ('{"tags": {"$nin": ["x", "b"]}}', False),
    ('{"quoted": "5"}', True), ('{"quoted": 5}', False),
    ('{"big": 9007199254740993}', True), ('{"big": 9007199254740992}', False),
    ('{"lang": {"$in": ["de", "en"]}}', True), ('{"lang": {"$in": []}}', False),
    ('{"lang": {"$nin": ["de"]}}', True), ('{"none": {"$nin": ["de"]}}', True),
    ('{"year": {"$gt": 2023}}', True), ('{"year": {"$gt": 2024}}', False),
    ('{"year": {"$gte": 2024, "$lt": 2025}}', True), ('{"year": {"$lte": 2023.9}}', False),
    ('{"price": {"$lt": 10}}', True), ('{"lang": {"$gt": 3}}', False),
    ('{"none": {"$gt": 3}}', False), ('{"none": {"$lt": "z"}}', False),
    ('{"date": {"$gte": "2024-05-01", "$lt": "2024-06"}}', True),
    ('{"date": {"$gt": "2024-05-01"}}', False),
    ('{"date": {"$prefix": "2024-"}}', True), ('{"date": {"$prefix": "2023"}}', False),
    ('{"quoted": {"$prefix": "5"}}', True), ('{"empty": {"$prefix": "x"}}', False),
    ('{"none": {"$prefix": ""}}', False),
    ('{"empty": ""}', True), ('{"empty": {"$exists": true}}', True),
    ('{"none": {"$exists": true}}', False), ('{"none": {"$exists": false}}', True),
    ('{"year": {"$not": {"$gt": 2023}}}', False), ('{"year": {"$not": {"$gt": 2030}}}', True),
    ('{"$not": {"lang": "de"}}', True),
    ('{"$and": [{"lang": "en"}, {"year": {"$lt": 2000}}]}', False),
    ('{"$or": [{"lang": "de"}, {"year": {"$gt": 2000}}]}', True),
    ('{"$nor": [{"lang": "de"}, {"year": 1}]}', True),
    ('{"lang": "en", "$or": [{"lang": "de"}]}', False),
]

ERRORS = [
    ("[]", "a filter must be an object, not an array"),
    ("3", "a filter must be an object, not a number"),
    ('{"$where": 1}', "the filter has an unknown operator '$where': "
     "expected $and, $or, $nor, $not or a key of the metadata"),
    ('{"a": {"$regex": "x"}}', "the filter has an unknown operator '$regex' for 'a': expected "
     "$eq, $ne, $in, $nin, $lt, $lte, $gt, $gte, $prefix, $exists or $not"),
    ('{"a": {}}', "'a' in the filter needs a value or an operator such as $gt"),
    ('{"a": [1]}', "'a' in the filter needs a string, a number, true, false or null, "
     "not an array"),
    ('{"a": {"$in": 3}}', "'$in' of 'a' in the filter needs a list, not a number"),
    ('{"a": {"$gt": true}}', "'$gt' of 'a' in the filter needs a number or a string"),
    ('{"a": {"$prefix": 3}}', "'$prefix' of 'a' in the filter needs a string, not a number"),
    ('{"a": {"$exists": 1}}', "'$exists' of 'a' in the filter needs true or false"),
    ('{"$or": []}', "'$or' in the filter needs a list of filters"),
]


class FilterTests(unittest.TestCase):
    def test_accepts_what_it_describes(self):
        for text, accepted in TABLE:
            with self.subTest(text):
                self.assertEqual(filters.read(text)(METADATA), accepted)

    def test_refuses_what_it_cannot_read(self):
        for text, message in ERRORS:
            with self.subTest(text), self.assertRaises(PluginError) as caught:
                filters.read(text)
            self.assertEqual(str(caught.exception), message)
        with self.assertRaisesRegex(PluginError, "^the filter is not JSON: "):
            filters.read('{"a": }')


if __name__ == "__main__":
    unittest.main()

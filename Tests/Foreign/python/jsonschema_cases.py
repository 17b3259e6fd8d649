"""Makes schemas and values, and prints the verdict of PyPI's jsonschema on each pair.

    jsonschema_cases.py SEED COUNT

Prints a line of JSON for each: {"schema", "value", "isValid"}. Schemas of draft 7 say so in
$schema; all others are of draft 2020-12. They avoid what the two could not agree on: no fractions
that binary floating point cannot hold, no \\p{…}, and no circular reference.
"""

import json
import random
import sys

from jsonschema import Draft7Validator, Draft202012Validator

DRAFT7 = "http://json-schema.org/draft-07/schema#"
NAMES = ["a", "b", "c", "x-1", "é", "e\u0301", ""]
TEXTS = ["", "a", "ab", "abc", "b", "aab", "a1", "1", "12", "x-1", "é", "e\u0301", "😀", "A b", "a.b"]
NUMBERS = [0, -0.0, 1, 1.0, -1, 2, 3, 5, 7.5, 0.25, 1e2, 100, 12345678901234567890, 1e15]
PATTERNS = [
    "a", "^a", "b$", "^a+b*$", "^[a-c]{1,2}$", "^(?:ab|c)+$", r"\d", r"^\w+$", r"^\S*$", "[^a]",
    r"^a.b$", r"a\.b", "^$", "(a|b)?c", "^.{2}$", r"\bb\b", r"^(?=.*\d)a", "^(?!a)", "x-", "a{2}",
    r"[\d\-]", r"^[\w.]*?$", "(a*)*$", r"\u0061", r"\x61b", "{", "^(?P<n>a)(?P<m>b)?$", "é",
]


def value(r, depth=3):
    kind = r.randrange(9 if depth else 6)
    if kind == 0:
        return None
    if kind == 1:
        return r.random() < 0.5
    if kind in (2, 3):
        return r.choice(NUMBERS)
    if kind in (4, 5):
        return r.choice(TEXTS)
    if kind == 6:
        return [value(r, depth - 1) for _ in range(r.randrange(4))]
    return {r.choice(NAMES): value(r, depth - 1) for _ in range(r.randrange(4))}


class Schemas:
    def __init__(self, r):
        self.r = r
        self.is_old = r.random() < 0.3
        self.defs = 0

    def whole(self):
        schema = {}
        definitions = "definitions" if self.is_old else "$defs"
        # Each may refer only to those before it, so there cannot be a circle.
        parts = {}
        for number in range(self.r.randrange(4)):
            parts[f"d{number}"] = self.one(2)
            self.defs = number + 1
        schema = self.one(3)
        if not isinstance(schema, dict):
            schema = {"allOf": [schema]}
        if parts:
            schema[definitions] = parts
        if self.is_old:
            schema["$schema"] = DRAFT7
        return schema

    def reference(self):
        number = self.r.randrange(self.defs)
        return f"#/{'definitions' if self.is_old else '$defs'}/d{number}"

    def some(self, depth, most=3):
        return [self.one(depth) for _ in range(self.r.randrange(1, most + 1))]

    def one(self, depth):
        r = self.r
        if r.random() < 0.08 or depth < 0:
            return r.random() < 0.7
        schema = {}
        for _ in range(r.randrange(1, 4)):
            self.add(schema, depth - 1)
        return schema

    def add(self, schema, depth):
        r = self.r
        kinds = ["null", "boolean", "integer", "number", "string", "array", "object"]
        simple = {
            "type": lambda: r.choice([r.choice(kinds), r.sample(kinds, r.randrange(1, 4))]),
            "enum": lambda: [value(r, 1) for _ in range(r.randrange(1, 5))],
            "const": lambda: value(r, 1),
            "minimum": lambda: r.choice(NUMBERS),
            "maximum": lambda: r.choice(NUMBERS),
            "exclusiveMinimum": lambda: r.choice(NUMBERS),
            "exclusiveMaximum": lambda: r.choice(NUMBERS),
            "multipleOf": lambda: r.choice([1, 2, 3, 0.5, 0.25, 5.0]),
            "minLength": lambda: r.randrange(4),
            "maxLength": lambda: r.randrange(4),
            "pattern": lambda: r.choice(PATTERNS),
            "minItems": lambda: r.randrange(3),
            "maxItems": lambda: r.randrange(4),
            "uniqueItems": lambda: r.random() < 0.8,
            "minProperties": lambda: r.randrange(3),
            "maxProperties": lambda: r.randrange(4),
            "required": lambda: r.sample(NAMES, r.randrange(3)),
            "format": lambda: "email",
            "title": lambda: "a title",
        }
        nested = {
            "properties": lambda: {n: self.one(depth) for n in r.sample(NAMES, r.randrange(4))},
            "patternProperties": lambda: {
                p: self.one(depth) for p in r.sample(PATTERNS, r.randrange(3))
            },
            "additionalProperties": lambda: self.one(depth),
            "propertyNames": lambda: self.one(depth),
            "contains": lambda: self.one(depth),
            "allOf": lambda: self.some(depth),
            "anyOf": lambda: self.some(depth),
            "oneOf": lambda: self.some(depth),
            "not": lambda: self.one(depth),
            "if": lambda: self.one(depth),
            "then": lambda: self.one(depth),
            "else": lambda: self.one(depth),
            "items": lambda: self.one(depth),
        }
        if self.is_old:
            nested["items"] = lambda: r.choice([self.one(depth), self.some(depth)])
            nested["additionalItems"] = lambda: self.one(depth)
            nested["dependencies"] = lambda: {
                n: r.choice([self.one(depth), r.sample(NAMES, 2)]) for n in r.sample(NAMES, 2)
            }
        else:
            simple["dependentRequired"] = lambda: {
                n: r.sample(NAMES, r.randrange(3)) for n in r.sample(NAMES, 2)
            }
            simple["minContains"] = lambda: r.randrange(3)
            simple["maxContains"] = lambda: r.randrange(1, 3)
            nested["prefixItems"] = lambda: self.some(depth)
            nested["dependentSchemas"] = lambda: {
                n: self.one(depth) for n in r.sample(NAMES, 2)
            }
            nested["unevaluatedProperties"] = lambda: self.one(depth)
            nested["unevaluatedItems"] = lambda: self.one(depth)
        if self.defs:
            nested["$ref"] = self.reference
        makers = simple if depth < 0 or r.random() < 0.4 else nested
        keyword = r.choice(list(makers))
        schema[keyword] = makers[keyword]()


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    r = random.Random(seed)
    made = {True: 0, False: 0}
    while sum(made.values()) < count:
        schema = Schemas(r).whole()
        draft = Draft7Validator if "$schema" in schema else Draft202012Validator
        draft.check_schema(schema)
        validator = draft(schema)
        for _ in range(4):
            instance = value(r)
            is_valid = validator.is_valid(instance)
            # Equal numbers of both kinds.
            if made[is_valid] >= count // 2:
                continue
            made[is_valid] += 1
            case = {"schema": schema, "value": instance, "isValid": is_valid}
            print(json.dumps(case, ensure_ascii=False))


main()

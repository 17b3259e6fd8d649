"""Tests of the reranker with models that the tests make."""

import math
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import cross_encoder  # noqa: E402
import tiny_cross_encoder as tiny  # noqa: E402
from hector_plugin import PluginError  # noqa: E402
from reranker import OnnxReranker  # noqa: E402

QUERY = "how do i rotate the old key"
TEXTS = ["bake bread with salt", "rotate the old key every month", "", "the key",
         "the old server is full of old keys with a red key"]
# The words in common, by hand.
COMMON = [0, 4, 0, 2, 4]
IDENTITY = {"sentence_transformers": {"activation_fn": "torch.nn.modules.linear.Identity"}}


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name, "tiny")

    def open(self, settings=None, **options):
        shutil.rmtree(self.folder, ignore_errors=True)
        tiny.make(self.folder, **options)
        return self.initialize(settings)

    def initialize(self, settings=None):
        reranker = OnnxReranker()
        reranker.initialize({"model": str(self.folder), **(settings or {})})
        return reranker

    def assert_refused(self, pattern, settings=None):
        with self.assertRaisesRegex(PluginError, pattern):
            self.initialize(settings)


class ScoreTests(Case):
    def test_scores_are_the_networks_or_between_0_and_1(self):
        for config in (IDENTITY,
                       {"sbert_ce_default_activation_function": "torch.nn.modules.linear.Identity"}):
            self.assertEqual(self.open(config=config).score(QUERY, TEXTS),
                             [common - 3 for common in COMMON])
        for score, common in zip(self.open().score(QUERY, TEXTS), COMMON):
            self.assertAlmostEqual(score, 1 / (1 + math.exp(3 - common)))

    def test_groups_change_nothing(self):
        reranker = self.open(config=IDENTITY)
        for tokens in (1, 30, 60):
            with self.subTest(tokens), mock.patch.object(cross_encoder, "TOKENS", tokens):
                self.assertEqual(reranker.score(QUERY, TEXTS), [c - 3 for c in COMMON])
        self.assertEqual(reranker.score(QUERY, []), [])

    def test_what_is_too_long_is_cut(self):
        reranker = self.open(config=IDENTITY, length=8)
        self.assertEqual(reranker.max_tokens, 8)
        # Of five words two or three of each side are left.
        self.assertEqual(reranker.score("red red", ["blue " * 50 + "red"]), [-3])
        self.assertEqual(self.initialize({"max_length": "6"}).max_tokens, 6)
        self.assert_refused("'max_length' must be at most 8, the model's, not 9",
                            {"max_length": "9"})
        self.assert_refused("'max_length' must be more than 3", {"max_length": "3"})

    def test_the_name_is_the_folders(self):
        self.assertEqual(self.open().model_name, "tiny")


class ErrorTests(Case):
    def test_settings_and_files(self):
        self.open()
        self.assert_refused("^the setting 'model' is missing: it names", {"model": ""})
        self.assert_refused("^there is no folder '/none': 'model' names", {"model": "/none"})
        self.assert_refused("'threads' must be a whole number from 0 to 1024, not 'x'",
                            {"threads": "x"})
        self.assert_refused("unknown setting 'size': expected max_length, model, threads",
                            {"size": "1"})
        for name, text, message in [
            ("tokenizer.json", None, "tokenizer.json' is missing: is '.*' a model's folder"),
            ("tokenizer.json", "{}", "^cannot read '.*tokenizer.json': "),
            ("model.onnx", None, "model.onnx' is missing, and so is '.*': .* in ONNX form"),
            ("model.onnx", "not a model", "^cannot read '.*model.onnx': "),
            ("config.json", "[", "^cannot read '.*config.json': "),
            ("config.json", "[]", "^'.*config.json' must have an object"),
        ]:
            with self.subTest(message):
                shutil.rmtree(self.folder)
                tiny.make(self.folder)
                path = self.folder / name
                path.unlink() if text is None else path.write_text(text)
                self.assert_refused(message)

    def test_a_model_of_classes_is_refused(self):
        with self.assertRaisesRegex(PluginError, "the model has 3 numbers for a pair, not one"):
            self.open(outputs=3).score(QUERY, TEXTS)


if __name__ == "__main__":
    unittest.main()

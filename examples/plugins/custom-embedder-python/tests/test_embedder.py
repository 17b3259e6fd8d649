"""Tests of the embedder against numpy, with models that the tests make."""

import json
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

import numpy

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import tiny_model  # noqa: E402
from embedder import OnnxEmbedder  # noqa: E402
from hector_plugin import PluginError  # noqa: E402

WEIGHTS = tiny_model.Weights()
# Of different lengths, so that the shorter ones are padded.
TEXTS = ["how do i rotate a key", "red", "bake the bread, xyz!", ""]


def ids(text, length=32):
    """Returns the tokens of a text of known words or letters, computed without the library."""
    words = []
    for word in "".join(c if c.isalnum() else f" {c} " for c in text.lower()).split():
        if word in tiny_model.WORDS or word in ("query", "passage"):
            words.append(word)
        else:
            words += [word[0]] + ["##" + letter for letter in word[1:]]
    words = ["[CLS]"] + words[:length - 2] + ["[SEP]"]
    return numpy.array([tiny_model.VOCABULARY.index(word) for word in words])


def mean(hidden):
    return hidden.mean(axis=0)


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name, "tiny")

    def open(self, config=None, **options):
        tiny_model.make(self.folder, **options)
        return self.initialize(config)

    def initialize(self, config=None):
        embedder = OnnxEmbedder()
        embedder.initialize({"model": str(self.folder), **(config or {})})
        return embedder

    def assert_embeds(self, embedder, pool, texts=TEXTS, prompt="", input_type="", normalise=False,
                      length=32):
        found = numpy.array(list(embedder.embed_batch(texts, [input_type] * len(texts))))
        expected = numpy.array(
            [pool(WEIGHTS.hidden(ids(prompt + text, length))) for text in texts])
        if normalise:
            expected /= numpy.linalg.norm(expected, axis=1, keepdims=True)
        numpy.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)

    def assert_refused(self, pattern, config=None):
        with self.assertRaisesRegex(PluginError, pattern):
            self.initialize(config)


class VectorTests(Case):
    def test_means_of_length_1(self):
        embedder = self.open()
        self.assertEqual((embedder.dimension, embedder.model_name), (tiny_model.OUTER, "tiny"))
        self.assert_embeds(embedder, mean, normalise=True)
        self.assertAlmostEqual(sum(x * x for x in embedder.embed("red", "")), 1, places=5)

    def test_the_mean_or_the_first_as_the_files_say(self):
        for mode, pool in [("pooling_mode_cls_token", lambda hidden: hidden[0]),
                           ("pooling_mode_mean_tokens", mean)]:
            with self.subTest(mode):
                self.assert_embeds(self.open(pooling={mode: True}, normalise=False), pool)

    def test_a_batch_is_taken_in_pieces_and_kept_in_order(self):
        texts = [f"the {word}" for word in tiny_model.WORDS * 2]
        self.assert_embeds(self.open({"batch_size": "3"}), mean, texts, normalise=True)

    def test_a_long_text_is_cut(self):
        long = " ".join(tiny_model.WORDS)
        self.assert_embeds(self.open(length=8), mean, [long], normalise=True, length=8)

    def test_queries_and_documents_have_the_prompts_of_the_files(self):
        embedder = self.open(prompts={
            "prompts": {"query": "query: ", "passage": "passage: "}})
        self.assert_embeds(embedder, mean, prompt="query: ", input_type="query", normalise=True)
        self.assert_embeds(
            embedder, mean, prompt="passage: ", input_type="document", normalise=True)
        self.assert_embeds(embedder, mean, normalise=True)

    def test_without_the_optional_files_it_is_a_plain_mean(self):
        tiny_model.make(self.folder, types=False)
        for name in ("modules.json", "1_Pooling/config.json", "sentence_bert_config.json"):
            (self.folder / name).unlink()
        (self.folder / "onnx").mkdir()
        (self.folder / "model.onnx").rename(self.folder / "onnx/model.onnx")
        found = self.initialize().embed("red", "")
        words = WEIGHTS.embeddings[ids("red")] @ WEIGHTS.matrix
        numpy.testing.assert_allclose(found, numpy.tanh(words).mean(axis=0), atol=1e-5)


class ErrorTests(Case):
    def test_settings(self):
        self.open()
        for config, message in [
            ({"model": ""}, "^the setting 'model' is missing: it names the model's folder$"),
            ({"model": "/none"}, "^there is no folder '/none': 'model' names the model's folder$"),
            ({"batch_size": "0"},
             "^'batch_size' must be a whole number from 1 to 100000, not '0'$"),
            ({"batch_size": "²"}, "^'batch_size' must be .*, not '²'$"),
            ({"threads": "x"}, "^'threads' must be a whole number from 0 to 1024, not 'x'$"),
            ({"threads": "1025"}, "^'threads' must be .*, not '1025'$"),
            ({"threads": "9" * 5000}, "^'threads' must be .*, not '9+'$"),
            ({"model": "", "threads": "x", "size": "1"},
             "^unknown setting 'size': .*; the setting 'model' is missing: .*; 'threads' must be"),
            ({"size": "1"}, "^unknown setting 'size': expected batch_size, model, threads$"),
        ]:
            with self.subTest(message):
                self.assert_refused(message, config)

    def test_files(self):
        for name, text, message in [
            ("tokenizer.json", None, "tokenizer.json' is missing: is '.*' a model's folder"),
            ("tokenizer.json", "{}", "^cannot read '.*tokenizer.json': "),
            ("model.onnx", None, "model.onnx' is missing, and so is '.*': .* in ONNX form"),
            ("model.onnx", "not a model", "^cannot read '.*model.onnx': "),
            ("modules.json", "[", "^cannot read '.*modules.json': "),
            ("modules.json", "[" * 100_000, "^cannot read '.*modules.json': "),
            ("modules.json", "{}", "^'.*modules.json' must have an array, not {}$"),
            ("modules.json", "null", "^'.*modules.json' must have an array, not null$"),
            ("1_Pooling/config.json", "[]", "^'.*1_Pooling/config.json' must have an object, not"),
            ("1_Pooling/config.json", '{"pooling_mode_max_tokens": true}', "needs more than"),
            ("sentence_bert_config.json", '{"max_seq_length": "a"}', "^'.*bert_config.json' must "
             "have a whole number from 1 on as 'max_seq_length', not \"a\"$"),
            ("sentence_bert_config.json", '{"max_seq_length": -5}', "as 'max_seq_length', not -5$"),
            ("modules.json", json.dumps([{"type": "sentence_transformers.models.Dense",
                                          "path": "2_Dense"}]), "needs more than .*: the plugin "
             "hector-onnx-embedder does"),
        ]:
            with self.subTest(message):
                shutil.rmtree(self.folder, ignore_errors=True)
                tiny_model.make(self.folder)
                path = self.folder / name
                path.unlink() if text is None else path.write_text(text)
                self.assert_refused(message)


if __name__ == "__main__":
    unittest.main()

"""Tests of the embedder against numpy, with models that the tests make."""

import json
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy

PLUGINS = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PLUGINS / "onnx-embedder"))
# The tiny model is the other example's.
sys.path.insert(0, str(PLUGINS / "custom-embedder-python/tests"))

import tiny_model  # noqa: E402
from hector_onnx_embedder import model as models  # noqa: E402
from hector_onnx_embedder.plugin import OnnxEmbedder  # noqa: E402
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

    def embed(self, embedder, *texts):
        return numpy.array(list(embedder.embed_batch(texts, [""] * len(texts))))

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

    def test_every_pooling_as_the_files_say(self):
        def weighted(hidden):
            weights = numpy.arange(1, len(hidden) + 1)[:, None]
            return (hidden * weights).sum(axis=0) / weights.sum()

        tables = {
            "pooling_mode_cls_token": lambda hidden: hidden[0],
            "pooling_mode_max_tokens": lambda hidden: hidden.max(axis=0),
            "pooling_mode_mean_tokens": mean,
            "pooling_mode_mean_sqrt_len_tokens":
                lambda hidden: hidden.sum(axis=0) / len(hidden) ** 0.5,
            "pooling_mode_weightedmean_tokens": weighted,
            "pooling_mode_lasttoken": lambda hidden: hidden[-1],
        }
        for mode, pool in tables.items():
            with self.subTest(mode):
                pooling = {name: name == mode for name in tables}
                self.assert_embeds(self.open(pooling=pooling, normalise=False), pool)
        with self.subTest("two"):
            two = {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": True}
            embedder = self.open(pooling=two, normalise=False)
            self.assertEqual(embedder.dimension, 2 * tiny_model.OUTER)
            self.assert_embeds(embedder, lambda h: numpy.concatenate([h[0], mean(h)]))
        with self.subTest("the newer files"):
            self.assert_embeds(
                self.open(pooling={"pooling_mode": "cls"}, normalise=False), lambda h: h[0])

    def test_a_batch_is_taken_in_pieces_and_kept_in_order(self):
        texts = [f"the {word}" for word in tiny_model.WORDS * 2]
        embedder = self.open()
        sizes = []
        run = embedder.model.vectors
        embedder.model.vectors = lambda group: sizes.append(len(group)) or run(group)
        for tokens in (12, 1):
            with self.subTest(tokens), mock.patch.object(models, "TOKENS", tokens):
                sizes.clear()
                self.assert_embeds(embedder, mean, texts, normalise=True)
                # [CLS] the a-word [SEP]: four tokens, so three texts.
                self.assertEqual(max(sizes), 1 if tokens == 1 else 3)
                self.assertEqual(sum(sizes), len(texts))

    def test_texts_of_similar_length_go_together(self):
        embedder = self.open()
        encoded = embedder.model.encode(["a", "a red key", "a", "", "the a red key"], [""] * 5)
        with mock.patch.object(models, "TOKENS", 12):
            self.assertEqual(list(embedder.model.groups(encoded)), [[4, 1], [0, 2, 3]])
        self.assertEqual(list(embedder.model.groups([])), [])

    def test_more_texts_than_are_sorted_at_once(self):
        texts = ["red", "the blue key"] * 3
        with mock.patch("hector_onnx_embedder.plugin.WINDOW", 4):
            self.assert_embeds(self.open(), mean, texts, normalise=True)

    def test_a_vector_cut_to_its_first_numbers_has_length_1(self):
        whole = self.embed(self.open(), *TEXTS)
        embedder = self.initialize({"dimension": "16"})
        self.assertEqual(embedder.dimension, 16)
        found = self.embed(embedder, *TEXTS)
        expected = whole[:, :16] / numpy.linalg.norm(whole[:, :16], axis=1, keepdims=True)
        numpy.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
        self.assertEqual(self.initialize({"dimension": "64"}).dimension, 64)

    def test_a_text_that_has_no_number_does_not_spoil_the_others(self):
        embedder = self.open()
        run = embedder.model.network.run

        class Network:
            def run(self, names, given):
                (output,) = run(names, given)
                output[(given["input_ids"] == tiny_model.VOCABULARY.index("red")).any(axis=1)] = 1e39
                return [output]

        embedder.model.network = Network()
        good, bad = embedder.embed_batch(["blue", "red"], ["", ""])
        self.assertEqual(len(good), tiny_model.OUTER)
        self.assertEqual(str(bad), "the model's answer is not a number")

    def test_a_long_text_is_cut(self):
        long = " ".join(tiny_model.WORDS)
        self.assert_embeds(self.open(length=8), mean, [long], normalise=True, length=8)
        tiny_model.write(self.folder / "config.json", {"max_position_embeddings": 12})
        tiny_model.write(
            self.folder / "tokenizer_config.json", {"model_max_length": 10 ** 30})
        (self.folder / "sentence_bert_config.json").unlink()
        self.assert_embeds(self.initialize(), mean, [long], normalise=True, length=12)
        (self.folder / "config.json").unlink()
        self.assert_embeds(self.initialize(), mean, [long], normalise=True, length=99)

    def test_the_setting_max_length_cuts_earlier_or_later(self):
        long = " ".join(tiny_model.WORDS)
        embedder = self.open({"max_length": "5"})
        self.assert_embeds(embedder, mean, [long], normalise=True, length=5)
        tiny_model.write(self.folder / "config.json", {"max_position_embeddings": 35})
        embedder = self.initialize({"max_length": "34"})
        self.assert_embeds(embedder, mean, [long], normalise=True, length=34)
        self.assert_refused("'max_length' must be at most 35, the model's, not 36",
                            {"max_length": "36"})
        self.assert_refused("'max_length' must be more than 2, the tokens at a text's ends",
                            {"max_length": "2"})

    def test_the_words_of_a_bert_are_enough(self):
        words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *tiny_model.VOCABULARY[4:]]
        self.open()
        with_json = self.initialize().model.encode(TEXTS, [""] * len(TEXTS))
        (self.folder / "tokenizer.json").unlink()
        (self.folder / "vocab.txt").write_text("".join(f"{word}\n" for word in words))
        with_words = self.initialize().model.encode(TEXTS, [""] * len(TEXTS))
        for a, b in zip(with_json, with_words):
            self.assertEqual([tiny_model.VOCABULARY[id] for id in a.ids],
                             [words[id] for id in b.ids])
        (self.folder / "vocab.txt").write_text("a\n[UNK]\n")
        self.assert_refused("vocab.txt' is not the words of a BERT: it lacks one of")

    def test_queries_and_documents_have_the_prompts_of_the_files(self):
        embedder = self.open(prompts={
            "prompts": {"query": "query: ", "passage": "passage: "}})
        self.assert_embeds(embedder, mean, prompt="query: ", input_type="query", normalise=True)
        self.assert_embeds(
            embedder, mean, prompt="passage: ", input_type="document", normalise=True)
        self.assert_embeds(embedder, mean, normalise=True)
        embedder = self.open(prompts={
            "prompts": {"query": "query: "}, "default_prompt_name": "query"})
        self.assert_embeds(embedder, mean, prompt="query: ", normalise=True)

    def test_a_prompt_may_be_left_out_of_the_pooling(self):
        embedder = self.open(
            pooling={"pooling_mode_mean_tokens": True, "include_prompt": False}, normalise=False,
            prompts={"prompts": {"query": "query: "}})
        # [CLS] query : …
        self.assert_embeds(
            embedder, lambda hidden: mean(hidden[3:]), prompt="query: ", input_type="query")
        self.assert_embeds(embedder, mean)

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
            ({"model": "no_such_model"}, "^there is neither a folder nor an installed package "
             "'no_such_model': 'model' names"),
            ({"model": "numpy"}, "^the package 'numpy' has no model: there is no tokenizer.json"),
            ({"model": "/none"}, "^there is no folder '/none': 'model' names the model's folder$"),
            ({"dimension": "65"}, "^'dimension' must be at most 64, the model's, not 65$"),
            ({"dimension": "-1"},
             "^'dimension' must be a whole number from 0 to 65536, not '-1'$"),
            ({"max_length": "²"}, "^'max_length' must be .*, not '²'$"),
            ({"threads": "x"}, "^'threads' must be a whole number from 0 to 1024, not 'x'$"),
            ({"threads": "1025"}, "^'threads' must be .*, not '1025'$"),
            ({"threads": "9" * 5000}, "^'threads' must be .*, not '9+'$"),
            ({"dimension": "y", "threads": "x", "size": "1"},
             "^unknown setting 'size': .*; 'dimension' must be .*; 'threads' must be"),
            ({"size": "1"},
             "^unknown setting 'size': expected dimension, max_length, model, threads$"),
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
            ("modules.json", "[1]", "^'.*modules.json' must have an array of objects with texts "
             "'type' and 'path', not \\[1\\]$"),
            ("modules.json", "{}", "^'.*modules.json' must have an array, not {}$"),
            ("modules.json", "null", "^'.*modules.json' must have an array, not null$"),
            ("1_Pooling/config.json", "[]", "^'.*1_Pooling/config.json' must have an object, not"),
            ("1_Pooling/config.json", '{"pooling_mode": 5}', "texts as 'pooling_mode', not 5$"),
            ("config_sentence_transformers.json", '{"prompts": 5}',
             "^'.*transformers.json' must have texts by name as 'prompts', not 5$"),
            ("config_sentence_transformers.json", '{"prompts": {"query": 5}}',
             "must have texts by name as 'prompts', not {\"query\": 5}$"),
            ("config_sentence_transformers.json", '{"default_prompt_name": 5}',
             "must have a text as 'default_prompt_name', not 5$"),
            ("sentence_bert_config.json", '{"max_seq_length": "a"}', "^'.*bert_config.json' must "
             "have a whole number from 1 on as 'max_seq_length', not \"a\"$"),
            ("sentence_bert_config.json", '{"max_seq_length": -5}', "as 'max_seq_length', not -5$"),
            ("tokenizer_config.json", '{"pad_token": 5}', "a text as 'pad_token', not 5$"),
            ("1_Pooling/config.json", None, "1_Pooling/config.json' is missing, which"),
            ("1_Pooling/config.json", '{"pooling_mode": "magic"}', "pools by 'magic'"),
            ("1_Pooling/config.json", '{"pooling_mode_new": true}', "a pooling that is not known"),
            ("modules.json", json.dumps([{"type": "sentence_transformers.models.Dense",
                                          "path": "2_Dense"}]), "has a module 'Dense'"),
        ]:
            with self.subTest(message):
                shutil.rmtree(self.folder, ignore_errors=True)
                tiny_model.make(self.folder)
                path = self.folder / name
                path.unlink() if text is None else path.write_text(text)
                self.assert_refused(message)


if __name__ == "__main__":
    unittest.main()

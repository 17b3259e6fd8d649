"""Tests with the weights of the default model, and of the installation."""

import os
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy
from hector_onnx_embedder.plugin import OnnxEmbedder

PAIRS = [
    ("The automobile would not start this morning.", "My car failed to turn on today."),
    ("She fed the kitten some milk.", "A young cat was given a drink."),
    ("The central bank raised interest rates.", "Borrowing money has become more expensive."),
    ("Rotate the signing key twice a year.", "Replace the certificate every six months."),
    ("The doctor prescribed antibiotics.", "The physician gave her medicine for the infection."),
]


def command(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "hector_onnx_embedder", *arguments], capture_output=True, text=True,
        env={**os.environ, **environment})


class MiniLMTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.embedder = OnnxEmbedder()
        cls.embedder.initialize({})

    def embed(self, *texts):
        return numpy.array(list(self.embedder.embed_batch(texts, [""] * len(texts))))

    def test_is_what_its_files_say(self):
        self.assertEqual(self.embedder.model_name, "all-MiniLM-L6-v2")
        self.assertEqual(self.embedder.dimension, 384)
        self.assertTrue(self.embedder.model.normalises)
        long = self.embedder.model.encode(["word " * 1000], [""])
        self.assertEqual(len(long[0].ids), 256)

    def test_sentences_of_the_same_meaning_are_nearest(self):
        first, second = (self.embed(*texts) for texts in zip(*PAIRS))
        cosines = first @ second.T
        self.assertEqual(cosines.argmax(axis=1).tolist(), list(range(len(PAIRS))))
        self.assertGreater(cosines.diagonal().min(), 0.3)

    def test_a_text_has_the_same_vector_alone_and_among_others(self):
        texts = [text for pair in PAIRS for text in pair] + ["", "a", "word " * 300]
        together = self.embed(*texts)
        alone = numpy.concatenate([self.embed(text) for text in texts])
        # Processors add in different orders; a scale shared by a batch would change the third digit.
        numpy.testing.assert_allclose(together, alone, rtol=0, atol=1e-4)
        numpy.testing.assert_allclose(numpy.linalg.norm(together, axis=1), 1, atol=1e-5)


class InstallTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_puts_an_executable_and_its_manifest_where_hector_looks(self):
        done = command("install", HOME=str(self.folder))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        plugins = self.folder / ".hector/plugins"
        self.assertEqual(sorted(os.listdir(plugins)),
                         ["hector-onnx-embedder", "hector-onnx-embedder.plugin.yaml"])
        executable = plugins / "hector-onnx-embedder"
        self.assertEqual(stat.S_IMODE(executable.stat().st_mode), 0o755)
        said = subprocess.run([executable, "--version"], capture_output=True, text=True, cwd="/")
        self.assertEqual(said.stdout, "hector-onnx-embedder 0.1.0\n")
        # As a plugin that a person has started.
        said = subprocess.run([executable], capture_output=True, text=True, cwd="/",
                              env={**os.environ, "HECTOR_PLUGIN": ""})
        self.assertEqual(said.returncode, 1)
        self.assertIn("This binary is a plugin", said.stderr)

    def test_replaces_an_older_one_in_the_folder_of_ones_choice(self):
        folder = self.folder / "it's here"
        folder.mkdir()
        (folder / "hector-onnx-embedder").write_text("old")
        for _ in range(2):
            self.assertEqual(command("install", "--to", str(folder)).returncode, 0)
        self.assertEqual(len(os.listdir(folder)), 2)
        self.assertIn("exec ", (folder / "hector-onnx-embedder").read_text())

    def test_says_what_is_wrong(self):
        (self.folder / "file").write_text("")
        done = command("install", "--to", str(self.folder / "file/x"))
        self.assertEqual(done.returncode, 74)
        self.assertRegex(done.stderr, "^hector-onnx-embedder: cannot write '.*file.*': Not a dir")
        done = command("instal")
        self.assertEqual(done.returncode, 64)
        self.assertTrue(done.stderr.startswith("hector-onnx-embedder: unexpected 'instal'\nusage:"))
        self.assertTrue(command("--help").stdout.startswith("usage: hector-onnx-embedder install"))


if __name__ == "__main__":
    unittest.main()

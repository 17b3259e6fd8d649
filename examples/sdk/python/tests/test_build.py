"""Tests of a plugin's build.py when something obstructs it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

SDK = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SDK))

import hector_build  # noqa: E402

# Not the Python of a virtual environment, but the one that builds a plugin.
PYTHON = getattr(sys, "_base_executable", sys.executable)


class BuildTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "x.plugin.yaml").write_text("")
        (self.folder / "requirements.txt").write_text("")

    def start(self, script):
        started = subprocess.Popen(
            # A background job of a shell may ignore ^C from its start.
            [PYTHON, "-c", f"import signal, sys\nsys.path.insert(0, {str(SDK)!r})\n"
             "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
             f"import hector_build\nfrom pathlib import Path\nhere = Path('.')\n{script}"],
            cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True)
        self.addCleanup(started.communicate)
        self.addCleanup(started.kill)
        return started

    def test_an_environment_without_pip_is_none(self):
        venv = self.folder / ".venv"
        subprocess.run([PYTHON, "-m", "venv", "--without-pip", venv], check=True)
        self.assertFalse(hector_build.has_pip(venv / "bin/python"))
        hector_build.clear(venv)
        self.assertFalse(venv.exists())

    def test_what_is_no_environment_is_not_removed(self):
        with self.assertRaisesRegex(SystemExit, "is no virtual environment: remove it, or name"):
            hector_build.clear(self.folder)
        self.assertTrue((self.folder / "x.plugin.yaml").exists())

    def test_an_interrupted_build_leaves_nothing_half_made(self):
        build = self.start("hector_build.main(here, 'x.py')")
        while not (self.folder / ".venv/pyvenv.cfg").exists():
            self.assertIsNone(build.poll())
            time.sleep(0.01)
        os.killpg(build.pid, signal.SIGINT)
        output, errors = build.communicate(timeout=60)
        self.assertEqual((build.returncode, output, errors), (130, "", ""))
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()),
                         ["requirements.txt", "x.plugin.yaml"])

    def test_of_two_builds_the_second_waits(self):
        first = self.start(
            "with hector_build.alone(here):\n    print('in', flush=True)\n    input()\n")
        self.assertEqual(first.stdout.readline(), "in\n")
        second = self.start("with hector_build.alone(here):\n    print('in', flush=True)\n")
        self.assertIn("waiting for another build", second.stderr.readline())
        self.assertIsNone(second.poll())
        first.communicate("\n", timeout=20)
        self.assertEqual(second.communicate(timeout=20)[0], "in\n")
        self.assertEqual(len(list(self.folder.iterdir())), 2)

    def test_pip_builds_from_a_copy_that_it_may_write(self):
        source = self.folder / "python"
        shutil.copytree(SDK, source, ignore=shutil.ignore_patterns("__pycache__"))
        for path in source.rglob("*.py"):
            path.chmod(0o444)
        (source / "build").mkdir()
        with hector_build.to_build([source, source]) as copies:
            self.assertEqual(len(set(copies)), 2)
            copy = Path(copies[0])
            self.assertEqual(sorted({"pyproject.toml", "build"} & set(os.listdir(copy))),
                             ["pyproject.toml"])
            file = copy / "hector_plugin/stdio.py"
            self.assertEqual(file.read_text(), (SDK / "hector_plugin/stdio.py").read_text())
            self.assertTrue(file.stat().st_mode & 0o200)
        self.assertFalse(copy.exists())

    def test_tests_and_pages_are_not_installed_again(self):
        source = self.folder / "package"
        (source / "tests").mkdir(parents=True)
        (source / "x.py").write_text("")
        before = hector_build.fingerprint([source])
        (source / "README.md").write_text("")
        (source / "tests/test_x.py").write_text("")
        self.assertEqual(hector_build.fingerprint([source]), before)
        (source / "x.py").write_text("1")
        self.assertNotEqual(hector_build.fingerprint([source]), before)

    def test_the_reason_of_a_failure_is_shown(self):
        def words(text):
            return hector_build.last_words(subprocess.CompletedProcess([], 1, "", text))

        self.assertEqual(
            words("WARNING: Retrying after 'NewConnectionError'\n"
                  "  error: subprocess-exited-with-error\n  x did not run\n"
                  "      PermissionError: [Errno 13] Permission denied: 'build'\n"
                  "  note: This error originates from a subprocess\n"
                  "  error: subprocess-exited-with-error\n"),
            "error: subprocess-exited-with-error\n"
            "  PermissionError: [Errno 13] Permission denied: 'build'")
        self.assertEqual(words("one\ntwo\n"), "two")
        self.assertEqual(words(""), "exit status 1")


if __name__ == "__main__":
    unittest.main()

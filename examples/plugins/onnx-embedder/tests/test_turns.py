"""Tests of the order of calls."""

import threading
import unittest

from hector_onnx_embedder.turns import Turns


class TurnsTests(unittest.TestCase):
    def test_calls_run_one_after_another_and_short_ones_between_the_runs_of_a_long_one(self):
        turns, ran, threads = Turns(), [], []

        def start(name, is_long, runs):
            placed = threading.Event()

            def work():
                with turns.call(is_long) as place:
                    placed.set()
                    for _ in range(runs):
                        with turns.run(place):
                            ran.append(name)

            threads.append(threading.Thread(target=work))
            threads[-1].start()
            placed.wait()

        with turns.call(True) as place:
            with turns.run(place):
                start("first", True, 3)
                start("second", True, 2)
                start("short", False, 1)
                start("brief", False, 1)
            with turns.run(place):
                # The short ones have gone before this run, and the long ones have not.
                self.assertEqual(ran, ["short", "brief"])
        for thread in threads:
            thread.join()
        self.assertEqual(ran[2:], ["first"] * 3 + ["second"] * 2)

    def test_a_call_that_fails_does_not_hold_up_the_next(self):
        turns = Turns()
        with self.assertRaises(KeyError), turns.call(True) as place, turns.run(place):
            raise KeyError
        with turns.call(True) as place, turns.run(place):
            pass


if __name__ == "__main__":
    unittest.main()

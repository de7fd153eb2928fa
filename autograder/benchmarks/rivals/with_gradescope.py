"""The ten checks as gradescope-utils runs them: unittest, weights, results as JSON.

Run in a folder with numnet/, reference/ and test_loop.py.
"""

import json
import unittest
from pathlib import Path

import numpy as np
import reference.loop
import test_loop
from gradescope_utils.autograder_utils.decorators import weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

import numnet.loop


class TenChecks(unittest.TestCase):
    """A method for each check."""


def _method(check):
    @weight(1)
    def method(self):
        check(numnet, reference, np.random.default_rng(0))

    return method


for name, check in list(vars(test_loop).items()):
    if name.startswith("test_"):
        setattr(TenChecks, name, _method(check))

if __name__ == "__main__":
    with Path("results.json").open("w", encoding="utf-8") as file:
        JSONTestRunner(visibility="visible", stream=file).run(
            unittest.defaultTestLoader.loadTestsFromTestCase(TenChecks)
        )
    scores = [test["score"] for test in json.loads(Path("results.json").read_text("utf-8"))["tests"]]
    if scores != [1] * 10:
        raise SystemExit(f"the ten checks fail with gradescope-utils: {scores}")

"""The ten checks as otter-grader's `grade_submission` runs them: a script in a kernel, a test file for each check.

Run in a folder with numnet/, reference/ and test_loop.py: once with "prepare", then with "serve", to grade once for
every line that comes.
"""

import sys
from pathlib import Path
from zipfile import ZipFile

from otter.api import grade_submission

SUBMISSION, ARCHIVE = "ten.py", "autograder.zip"
TEST = """
import numpy as np, reference.loop, test_loop
from otter.test_files import test_case

OK_FORMAT, name, points = False, {name!r}, 1

@test_case()
def check(numnet):
    test_loop.{name}(numnet, reference, np.random.default_rng(0))
"""


def prepare():
    """Write the submission, and the archive that `otter generate` would."""
    Path(SUBMISSION).write_text("import numnet.loop\n", "utf-8")
    lines = Path("test_loop.py").read_text("utf-8").splitlines()
    with ZipFile(ARCHIVE, "w") as archive:
        archive.writestr("otter_config.json", "{}")
        for name in (line[4:].split("(")[0] for line in lines if line.startswith("def test_")):
            archive.writestr(f"tests/{name}.py", TEST.format(name=name))


def grade():
    """Grade it; every check must have passed."""
    results = grade_submission(SUBMISSION, ARCHIVE, quiet=True)
    if (results.total, results.possible) != (10, 10):
        raise SystemExit(f"the ten checks fail in otter-grader: {results.total} points of {results.possible}")


if __name__ == "__main__":
    if sys.argv[1:] == ["prepare"]:
        prepare()
    for _ in sys.stdin:
        grade()
        sys.stdout.write("graded\n")
        sys.stdout.flush()

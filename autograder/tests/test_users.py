"""The grader works, and the wall holds, for root, for root in a container, and for an ordinary user."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import elsewhere
from autograder.attack import FOLDER
from autograder.sandbox.level import Level

COMMAND = Path(sys.executable).with_name("autograder")
WHO = {"root": Level.L1, "container": Level.L2, "user": Level.L1u}


@pytest.fixture(params=WHO)
def who(request):
    """Root, root with the rights of a container, an ordinary user."""
    if os.geteuid() != 0:
        pytest.skip("only root can become others")
    return request.param


def _run(who, *arguments, also=()):
    program = [str(COMMAND), *map(str, arguments)]
    command = elsewhere.command(who, program, also=also) if who != "root" else program
    environment = os.environ | {"AUTOGRADER_SECRET": "of the tests"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)


@pytest.fixture
def shared(tmp_path):
    """A folder that every user can reach and write to."""
    folder = Path("/var/tmp") / f"numnet-{tmp_path.name}-{os.getpid()}"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    yield folder
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_doctor_tells_what_holds_here(who):
    """The highest level that each user can have is proved; those of others are named as such."""
    found = json.loads(_run(who, "doctor", "--json").stdout)

    assert found[WHO[who].value] == {"holds": True, "reason": "", "attacks_not_held": []}
    assert found["L3"]["holds"]
    assert "C04" in found["L5"]["attacks_not_held"]
    if who == "container":
        assert not found["L1"]["holds"] and "unshare" in found["L1"]["reason"]
    if who == "user":
        assert not found["L1"]["holds"] and found["L1"]["reason"] == "needs root"


def test_class_is_graded_behind_the_highest_wall(who, shared, solution, handout, assignment):
    """Each user grades the solution, a thief and one that exits; only the solution earns points."""
    thief = (FOLDER / "e01_search_for_the_answer.py").read_bytes()
    leaver = (FOLDER / "a01_exit_in_call.py").read_bytes()
    for name, files in {
        "honest": solution,
        "thief": handout | {"linear.py": thief},
        "leaver": handout | {"linear.py": leaver},
    }.items():
        (shared / "class" / name / "numnet").mkdir(parents=True)
        for path, source in files.items():
            (shared / "class" / name / "numnet" / path).write_bytes(source)

    done = _run(who, "grade", shared / "class", "--out", shared / "results", "--json", "--jobs", "1", also=[shared])

    assert done.returncode == 0, done.stderr
    scores = {report["submission"]["id"]: report["score"] for report in json.loads(done.stdout)["reports"]}
    levels = {report["level"] for report in json.loads(done.stdout)["reports"]}
    assert scores == {"honest": assignment.core_points, "thief": 0.0, "leaver": 0.0}
    assert levels == {WHO[who].value}


def test_a_level_that_cannot_be_had_is_refused_by_name(shared, solution):
    """Below the minimum nothing is graded: exit code 2, the reason, and no result."""
    if os.geteuid() != 0:
        pytest.skip("only root can become others")
    (shared / "numnet").mkdir()
    (shared / "numnet" / "linear.py").write_bytes(solution["linear.py"])

    done = _run("container", "grade", shared, "--out", shared / "results", "--min-level", "L1", also=[shared])

    assert done.returncode == 2
    assert "no wall of level L1 or higher can be built here" in done.stderr
    assert not (shared / "results").exists()

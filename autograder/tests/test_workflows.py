"""The recipes of platforms are run, step by step as they are written: PrairieLearn's image, GitHub's workflows."""

import csv
import json
import os
import shutil
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest

from autograder import elsewhere
from autograder.bundle import BUNDLES
from autograder.folder import write_files
from autograder.tests import receivers
from autograder.tests.conftest import ROOT
from autograder.tests.test_bundles import COURSE_SECRET, entries, unpack

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")

BASE = "/autograder"  # in the image
NO_INDEX = "there is no package index here, from which the image's recipe could install"


@pytest.fixture(scope="module")
def image(assignment, tmp_path_factory):
    """What `docker build` makes of the recipe, its one COPY and its one RUN, in a folder in the place of /."""
    if os.geteuid() != 0:
        pytest.skip("only root can make a container")
    root = tmp_path_factory.mktemp("root")
    base = root / BASE[1:]
    unpack(base, entries(".tar", BUNDLES["prairielearn"](assignment, COURSE_SECRET)["prairielearn.tar"]))
    lines = [line.split(None, 1) for line in (base / "Dockerfile").read_text("utf-8").splitlines() if line[:1] != "#"]
    assert [word for word, _ in lines] == ["FROM", "COPY", "RUN"] and lines[1][1] == f". {BASE}"
    built = subprocess.run(
        ["sh", "-c", lines[2][1].replace(BASE, str(base))],
        env=os.environ | {"PIP_RETRIES": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if "No matching distribution" in built.stderr or "Could not find a version" in built.stderr:
        pytest.skip(NO_INDEX)
    assert built.returncode == 0, built.stderr
    return root


def grade_in(image, files):
    """Return what PrairieLearn reads after its entry point was run on a submission."""
    place, info = image / "grade", json.loads((image / BASE[1:] / "info.json").read_text("utf-8"))
    shutil.rmtree(place, ignore_errors=True)
    write_files(place / "student" / "numnet", files)
    entry = str(image) + info["externalGradingOptions"]["entrypoint"]
    program = ["/bin/bash", entry, str(place), "--problems", "G1"]
    ended = subprocess.run(
        elsewhere.command("container", program, also=[image]), capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "graded behind a wall of level L2" in ended.stderr
    return (place / "results" / "results.json").read_text("utf-8")


def test_prairielearns_image_grades(image, solution, handout):
    """Built with its own libraries; the entry point makes the folder of results, and gives all points or none."""
    assert receivers.prairielearn(grade_in(image, solution), 3) == 3
    assert receivers.prairielearn(grade_in(image, handout), 3) == 0


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """A PATH on which `python` is new, and has what pip would install; sudo is a shim for root."""
    home = tmp_path_factory.mktemp("runner")
    venv.create(home, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(home)}))
    (packages / "installed.pth").write_text(f"{sysconfig.get_path('purelib')}\n", "utf-8")
    (home / "bin" / "sudo").write_text('#!/bin/sh\nshift\nexec "$@"\n', "utf-8")
    (home / "bin" / "sudo").chmod(0o755)
    return f"{home / 'bin'}:{os.environ['PATH']}"


def steps(workflow):
    """Return the commands of a workflow's one job."""
    [job] = yaml.safe_load(workflow)["jobs"].values()
    return [step["run"] for step in job["steps"] if "run" in step]


def run_steps(commands, folder, path, **variables):
    """Run commands as GitHub does, each in a shell that stops at the first error; return the last that ended."""
    ended = None
    for command in commands:
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", command], cwd=folder,
            env=os.environ | {"PATH": path, "CI": "true", "GITHUB_ACTIONS": "true"} | variables,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if ended.returncode:
            break
    return ended


def student_repository(assignment, folder):
    """Write what a student gets; return the commands that GitHub runs in it."""
    files = BUNDLES["github"](assignment, COURSE_SECRET)
    own = {name.removeprefix("student/"): text for name, text in files.items() if name.startswith("student/")}
    write_files(folder, own)
    return steps(own[".github/workflows/check.yml"])


def test_a_push_of_the_solution_is_green_and_of_stubs_red(assignment, tmp_path, path):
    """The public checks end as the student sees them at home."""
    ends = []
    for name in ("stubs", "solution"):
        commands = student_repository(assignment, tmp_path / name)
        if name == "solution":
            shutil.copytree(ROOT / "solution" / "numnet", tmp_path / name / "numnet", dirs_exist_ok=True)
        ends.append(run_steps(commands, tmp_path / name, path))

    assert [ended.returncode for ended in ends] == [1, 0], [ended.stderr[-500:] for ended in ends]
    assert "not written" in ends[0].stdout and not [end for end in ends if "::" in end.stdout]


def test_the_instructors_workflow_grades_a_class(assignment, solution, tmp_path, path):
    """From the clones to grades.csv, but for what needs the network: installing, and `gh`."""
    install, clone, *commands = steps(
        BUNDLES["github"](assignment, COURSE_SECRET)["instructor/.github/workflows/grade.yml"]
    )
    assert install == "make .venv/ready" and clone.startswith("gh extension install")
    write_files(tmp_path / "homework-submissions" / "homework-ada" / "numnet", solution)
    (tmp_path / "homework-submissions" / "homework-ada" / ".git").mkdir()
    (tmp_path / ".venv").symlink_to(Path(sysconfig.get_path("scripts")).parent)

    ended = run_steps(commands, tmp_path, path, AUTOGRADER_SECRET="of-this-course-0123456789abcdef")

    assert ended.returncode == 0, ended.stderr
    [grade] = csv.DictReader((tmp_path / "grades.csv").read_text("utf-8").splitlines())
    assert (grade["student"], grade["final"]) == ("ada", f"{assignment.points.normalize():f}")

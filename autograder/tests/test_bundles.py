"""A bundle grades where a platform runs it, holds all that it needs and nothing else, and is the same every time."""

import dataclasses
import io
import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from autograder import elsewhere
from autograder.bundle import BUNDLES, SECRET
from autograder.errors import UsageError
from autograder.folder import read_folder, write_files
from autograder.tests import receivers
from autograder.tests.conftest import ROOT

COURSE_SECRET = b"of this course"
SCRIPTS = ("setup.sh", "run_autograder", "run_prairielearn", "run_autolab")
THIEF = """
import os
def look(path):
    try:
        return open(path).read()
    except OSError as error:
        return type(error).__name__
SEEN = [look(f"{BASE}/source/autograder/.secret"), look(f"{BASE}/source/autograder/checks/test_ngram.py")]
try:
    open(f"{BASE}/results/results.json", "w").write("{}")
except OSError:
    pass
if any(text.count(" ") for text in SEEN):
    os._exit(0)
"""


@pytest.fixture(scope="module", params=BUNDLES)
def bundle(request, assignment) -> dict[str, bytes]:
    """What each platform gets."""
    return BUNDLES[request.param](assignment, COURSE_SECRET)


def entries(name: str, content: bytes) -> dict[str, tuple[bytes, int]]:
    """Return content and mode of every file in an archive."""
    if name.endswith(".zip"):
        archive = ZipFile(io.BytesIO(content))
        return {one.filename: (archive.read(one), one.external_attr >> 16 & 0o7777) for one in archive.infolist()}
    with tarfile.open(fileobj=io.BytesIO(content)) as packed:
        files = {one: packed.extractfile(one) for one in packed.getmembers()}
        return {one.name: (file.read(), one.mode) for one, file in files.items() if file}


def archives(bundle: dict[str, bytes]) -> list[dict[str, tuple[bytes, int]]]:
    """Return the archives of a bundle."""
    return [entries(name, content) for name, content in bundle.items() if name.endswith((".zip", ".tar"))]


def test_the_same_files_give_the_same_bytes(bundle, assignment):
    """Another secret gives others, where there is one."""
    again, other = (
        [make(assignment, secret) for make in BUNDLES.values()] for secret in (COURSE_SECRET, b"of another")
    )

    assert bundle in again
    assert bool(archives(bundle)) == (bundle not in other)


def test_an_archive_holds_what_a_station_needs_and_no_more(bundle):
    """Checks, mistakes for the hints, solution and secret; no test, no attack; no name that leads out."""
    for files in archives(bundle):
        names = [name.removeprefix("source/") for name in files]
        assert {"autograder/cli.py", "autograder/assignment.toml", "requirements.txt", SECRET} <= set(names)
        assert any(name.startswith("autograder/checks/test_") for name in names)
        assert "autograder/mistakes/ngram.toml" in names
        assert any(name.startswith("solution/numnet/given/") for name in names)
        assert not [name for name in names if re.search(r"tests/|attacks/|oracles|mutants|__pycache__|\.\.|^/", name)]
        for name, (content, mode) in files.items():
            is_script = name.split("/")[-1] in SCRIPTS
            assert mode == (0o600 if name.endswith(SECRET) else 0o755 if is_script else 0o644)
            assert content == COURSE_SECRET or not name.endswith(SECRET)


def test_a_template_for_students_holds_the_handout_and_no_secret(assignment):
    """And a workflow that runs the public checks; the hidden ones have a workflow of their own."""
    files = BUNDLES["github"](assignment, COURSE_SECRET)
    student = {name.removeprefix("student/"): text for name, text in files.items() if name.startswith("student/")}

    assert b"python check.py" in student.pop(".github/workflows/check.yml")
    assert student == read_folder(assignment.handout)
    assert COURSE_SECRET not in b"".join(files.values())
    commands = files["instructor/.github/workflows/grade.yml"].decode()
    assert "autograder grade ./*-submissions" in commands and "make .venv/ready\n" in commands


def test_a_lab_names_every_problem_with_its_points(assignment):
    """Autolab drops the scores of all problems if one of them is not its own."""
    files = BUNDLES["autolab"](assignment, COURSE_SECRET)
    text = files[f"{assignment.name}/{assignment.name}.yml"].decode()
    problems = dict(re.findall(r"^- name: (\w+)\n.*\n  max_score: ([\d.]+)$", text, re.MULTILINE))

    assert problems.pop("Policy") == "0"
    assert problems == {problem.id: f"{problem.points.normalize():f}" for problem in assignment.problems}
    assert files[f"{assignment.name}/autograde-Makefile"].startswith(b"autograde:\n\t@tar xf autograde.tar\n")


@pytest.mark.parametrize("script", sorted(ROOT.glob("autograder/bundles/*/*")), ids=lambda path: path.name)
def test_scripts_can_be_read_by_a_shell(script):
    """A slip there would be found by a class on its first evening."""
    if script.read_bytes().startswith(b"#!"):
        assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    elif script.suffix == ".json":
        assert json.loads(script.read_text("utf-8"))["externalGradingOptions"]["timeout"] <= 600


def test_another_layout_is_refused(assignment, tmp_path):
    """The solution is found there as it is found here."""
    text = assignment.path.read_text("utf-8").replace('"../solution"', f'"{assignment.solution}"')
    (tmp_path / "assignment.toml").write_text(text, "utf-8")

    with pytest.raises(UsageError, match="a bundle wants the solution in"):
        BUNDLES["gradescope"](dataclasses.replace(assignment, path=tmp_path / "assignment.toml"), b"")


def unpack(base: Path, files: dict[str, tuple[bytes, int]]) -> None:
    """Unpack an archive as a platform does, modes included."""
    write_files(base, {name: content for name, (content, _) in files.items()})
    for name, (_, mode) in files.items():
        (base / name).chmod(mode)


def install(base: Path, source: Path) -> None:
    """Do what setup.sh does, with the packages of this machine in the place of a download."""
    venv.create(base / "venv", symlinks=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(base / "venv")}))
    (packages / "autograder.pth").write_text(f"{source}\n{sysconfig.get_path('purelib')}\n", "utf-8")
    for path in (source, *source.rglob("*")):
        path.chmod(path.stat().st_mode & 0o700)


@pytest.fixture(scope="module")
def gradescope(assignment, tmp_path_factory):
    """Gradescope's folders, with the bundle in them: gradescope(files, *options) -> what ended, and results.json."""
    if os.geteuid() != 0:
        pytest.skip("only root can make a container")
    base = tmp_path_factory.mktemp("autograder")
    unpack(base / "source", entries(".zip", BUNDLES["gradescope"](assignment, COURSE_SECRET)["autograder.zip"]))
    install(base, base / "source")
    (base / "results").mkdir()
    (base / "run_autograder").write_bytes((base / "source" / "run_autograder").read_bytes())

    def run(files, *options):
        subprocess.run(["rm", "-rf", base / "submission"], check=True)
        base_line = f"BASE = {str(base)!r}\n".encode()
        write_files(base / "submission" / "numnet", {name: base_line + text for name, text in files.items()})
        program = ["/bin/bash", str(base / "run_autograder"), *(options or ("--problems", "G1"))]
        ended = subprocess.run(
            elsewhere.command("container", program, also=[base]), capture_output=True, text=True, check=False
        )
        path = base / "results" / "results.json"
        return ended, path.read_text("utf-8") if path.is_file() else ""

    return run


def test_the_bundle_grades_in_a_container(gradescope, solution):
    """As root, behind a wall of level L2, with the bundle's own files, data of the course included, and no others."""
    ended, results = gradescope(solution, "--problems", "A5,G1")

    assert ended.returncode == 0, ended.stderr
    assert "graded behind a wall of level L2" in ended.stderr
    assert receivers.gradescope(results, 3) == 9
    assert {test["status"] for test in json.loads(results)["tests"]} == {"passed"}


def test_a_submission_there_reads_and_writes_nothing_of_ours(gradescope, handout):
    """Not the secret, not the checks; and the results are ours."""
    ended, results = gradescope({"ngram.py": THIEF.encode() + handout["ngram.py"]})

    assert ended.returncode == 0, ended.stderr
    assert receivers.gradescope(results, 3) == 0
    assert {test["output"] for test in json.loads(results)["tests"]} == {"NOT_WRITTEN"}


def test_without_time_there_is_no_result(gradescope, solution):
    """The platform says that the autograder failed; nobody gets a zero."""
    ended, results = gradescope(solution, "--seconds", "1")

    assert ended.returncode == 2 and "nothing was graded" in ended.stderr
    assert results == ""


def test_autolab_gets_its_last_line(assignment, solution, tmp_path):
    """From the lab's own archive, unpacked beside the submission, by an ordinary user in a container or not."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    files = BUNDLES["autolab"](assignment, COURSE_SECRET)
    unpack(tmp_path, entries(".tar", files[f"{assignment.name}/autograde.tar"]))
    with ZipFile(tmp_path / "submission.zip", "w") as packed:
        for name, text in solution.items():
            packed.writestr(f"numnet/{name}", text)
    for path in (tmp_path, *tmp_path.rglob("*")):
        os.chown(path, elsewhere.NOBODY, elsewhere.NOBODY)
    run = tmp_path / "source" / "run_autolab"
    packages = f"""printf '%s\\n' "$PWD/source" {sysconfig.get_path("purelib")} >"""
    run.write_text(run.read_text("utf-8").replace('echo "$PWD/source" >', packages), "utf-8")

    ended = subprocess.run(
        elsewhere.command("user", ["/bin/bash", str(run), "--problems", "G1"], also=[tmp_path]),
        env=os.environ | {"PATH": f"{sys.base_prefix}/bin:/usr/bin:/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ended.returncode == 0, ended.stderr
    assert receivers.autolab(ended.stdout, ["G1"]) == {"G1": 3.0}

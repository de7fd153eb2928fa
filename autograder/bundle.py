"""What a course platform takes to grade for us: the grader, the hidden checks and the solution, in one archive.

The same files and the same secret give the same bytes. A bundle holds all that is secret in a course, and nothing that
a station does not need: no tests, attacks or oracles.
"""

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile, ZipInfo

from autograder.assignment import Assignment
from autograder.errors import UsageError
from autograder.folder import read_folder
from autograder.policy import plain

HOME = Path(__file__).parent
TEMPLATES = HOME / "bundles"
NEEDED = ("checks/", "exporters/", "mistakes/", "notebooks/", "reports/", "sandbox/")
LIBRARIES = "requirements.txt"
MIDNIGHT = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can hold
LAYOUT = "../solution"  # relative to assignment.toml, there as here
SOURCE, SECRET = "source", "autograder/.secret"


class File(NamedTuple):
    """One file of a bundle."""

    content: bytes
    mode: int = 0o644


Files = Mapping[str, File]


def gradescope(assignment: Assignment, secret: bytes) -> dict[str, bytes]:
    """Return autograder.zip, for Gradescope's page Configure Autograder."""
    return {"autograder.zip": to_zip(_source(assignment, secret) | _templates("gradescope"))}


def autolab(assignment: Assignment, secret: bytes) -> dict[str, bytes]:
    """Return the files of a lab, in a folder that is called as it is."""
    templates = _templates("autolab")
    makefile = templates.pop("autograde-Makefile")
    source = {f"{SOURCE}/{path}": file for path, file in (_source(assignment, secret) | templates).items()}
    files = {
        "autograde.tar": to_tar(source),
        "autograde-Makefile": makefile.content,
        f"{assignment.name}.yml": _lab(assignment).encode(),
    }
    return {f"{assignment.name}/{path}": content for path, content in files.items()}


def prairielearn(assignment: Assignment, secret: bytes) -> dict[str, bytes]:
    """Return the recipe of an image, as a tar file that `docker build` takes."""
    source = _source(assignment, secret) | {"setup.sh": _templates("gradescope")["setup.sh"]}
    files = {f"{SOURCE}/{path}": file for path, file in source.items()} | _templates("prairielearn")
    return {"prairielearn.tar": to_tar(files), "info.json": files["info.json"].content}


def github(assignment: Assignment, secret: bytes) -> dict[str, bytes]:
    """Return a template for students, the handout with a workflow, and a workflow for the instructor's repository."""
    workflows = {path: file.content for path, file in _templates("github").items()}
    handout = {f"student/{path}": content for path, content in read_folder(assignment.handout).items()}
    return handout | {
        "student/.github/workflows/check.yml": workflows["check.yml"],
        "instructor/.github/workflows/grade.yml": workflows["grade.yml"],
    }


BUNDLES = {"gradescope": gradescope, "autolab": autolab, "prairielearn": prairielearn, "github": github}


def _source(assignment: Assignment, secret: bytes) -> dict[str, File]:
    """Return what grades, laid out as in the project."""
    if assignment.solution != (assignment.path.parent / LAYOUT).resolve():
        raise UsageError(f"{assignment.path.name}: a bundle wants the solution in {LAYOUT}, got {assignment.solution}")
    files = {path: content for path, content in read_folder(HOME).items() if "/" not in path or path.startswith(NEEDED)}
    files.pop("README.md")
    files["assignment.toml"] = assignment.path.read_bytes()
    ours = {f"autograder/{path}": content for path, content in files.items() if not path.endswith("/README.md")}
    for folder in ("solution/numnet", "datasets"):
        ours |= {f"{folder}/{path}": content for path, content in read_folder(HOME.parent / folder).items()}
    ours[LIBRARIES] = (HOME.parent / LIBRARIES).read_bytes()
    return {path: File(content) for path, content in ours.items()} | {SECRET: File(secret, 0o600)}


def _templates(platform: str) -> dict[str, File]:
    files = read_folder(TEMPLATES / platform)
    return {path: File(content, 0o755 if content.startswith(b"#!") else 0o644) for path, content in files.items()}


def _lab(assignment: Assignment) -> str:
    """Write the settings of a lab; its dates are for Autolab's own pages."""
    problems = "".join(
        f"- name: {problem.id}\n  description: ''\n  max_score: {plain(problem.points)}\n"
        f"  optional: {str(problem.extra_credit).lower()}\n"
        for problem in assignment.problems
    )
    return f"""---
general:
  name: {assignment.name}
  description: ''
  display_name: "{assignment.title}"
  handin_filename: submission.zip
  handin_directory: handin
  max_grace_days: 0
  handout: ''
  writeup: ''
  max_submissions: -1
  disable_handins: false
  max_size: 2
  has_svn: false
  category_name: Homework
problems:
{problems}- name: Policy
  description: what the policy takes off
  max_score: 0
  optional: true
autograder:
  autograde_timeout: 600
  autograde_image: autograding_image
  release_score: true
"""


def to_zip(files: Files) -> bytes:
    """Return a zip in which nothing but the files decides the bytes: no dates, no compression."""
    stream = io.BytesIO()
    with ZipFile(stream, "w") as archive:
        for path, file in sorted(files.items()):
            entry = ZipInfo(path, MIDNIGHT)
            entry.create_system, entry.external_attr = 3, (0o100000 | file.mode) << 16  # the same on every system
            archive.writestr(entry, file.content)
    return stream.getvalue()


def to_tar(files: Files) -> bytes:
    """Return a tar file in which nothing but the files decides the bytes."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, file in sorted(files.items()):
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(file.content), file.mode
            archive.addfile(entry, io.BytesIO(file.content))
    return stream.getvalue()

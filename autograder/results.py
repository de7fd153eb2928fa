"""The folder that a run writes: OUT/<submission>/report.json, and scores.csv for the class.

A report is written whole, by rename, so a run that is killed leaves only reports that are complete; the next run keeps
those whose submission, assignment, seed and versions are the same.
"""

import os
import tempfile
from pathlib import Path

import msgspec

from autograder.model import Report, from_json, to_json
from autograder.scoring import Circumstances

REPORT, SCORES = "report.json", "scores.csv"


def write_report(out: Path, report: Report) -> Path:
    """Write one report; return where."""
    path = out / report.submission.id / REPORT
    write_whole(path, to_json(report))
    return path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees half of it, not after a loss of power either."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_report(out: Path, submission: str) -> Report | None:
    """Return the report of a submission, or None if there is none that can be read."""
    try:
        return from_json((out / submission / REPORT).read_bytes())
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
        return None


def read_reports(out: Path, assignment_hash: str) -> list[Report]:
    """Return every report of one assignment that a folder holds, of earlier runs too, sorted by submission."""
    names = sorted(path.parent.name for path in out.glob(f"*/{REPORT}"))
    found = [report for name in names if (report := read_report(out, name)) is not None]
    return [report for report in found if report.assignment.hash == assignment_hash]


def is_current(report: Report, submission_hash: str, circumstances: Circumstances) -> bool:
    """Say whether grading again would give the same report."""
    now = (circumstances.assignment_hash, circumstances.level, circumstances.seed_id, circumstances.versions)
    then = (report.assignment.hash, report.level, report.seed_id, report.versions)
    return now == then and report.submission.hash == submission_hash and not report.has_errors

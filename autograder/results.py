"""The folder that a run writes: OUT/<submission>/report.json and report.html, scores.csv and index.html for the class.

A report is written whole, by rename, so a run that is killed leaves only reports that are complete; the next run keeps
those whose submission, assignment, seed and versions are the same. A page is made from its report, and can be made
again.
"""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

import msgspec

from autograder.errors import ResultsError, UsageError
from autograder.lock import locked
from autograder.model import Report, from_json, to_json
from autograder.sandbox.level import Level
from autograder.scoring import Circumstances

REPORT, PAGE, SCORES, INDEX = "report.json", "report.html", "scores.csv", "index.html"
SIMILAR = "similar.html"
TIMES = "times.csv"  # when each was handed in, where a download says so


@contextmanager
def opened(out: Path) -> Iterator[None]:
    """Make a folder of results this run's own, and remove the half reports of a run that was killed."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_written(out, error) from error
    with locked(out):
        for name in (REPORT, PAGE, SCORES, INDEX, TIMES, "similar"):
            for half in (*out.glob(f".{name}*-*"), *out.glob(f"*/.{name}*-*")):
                half.unlink(missing_ok=True)
        yield


def write_report(out: Path, report: Report) -> Path:
    """Write one report; return where."""
    path = out / report.submission.id / REPORT
    write_whole(path, to_json(report))
    return path


def write_page(out: Path, submission: str, page: bytes) -> None:
    """Write the page of a report, unless it is there.

    After a loss of power, half of it may be there: it can be made again, so nothing waits until it is on the disk.
    """
    path = out / submission / PAGE
    with suppress(OSError):
        if path.read_bytes() == page:
            return
    with _replacing(path) as file:
        file.write(page)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees half of it, not after a loss of power either.

    Raises ResultsError if the disk refuses.
    """
    with _replacing(path) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a file that gets its name, in the place of another one, when all of it is written."""
    temporary = path.with_name(f".{path.name}-{token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("xb") as file:
                yield file
                os.fchmod(file.fileno(), 0o644)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _not_written(path, error) from error


def make_durable(out: Path, names: Iterable[str]) -> None:
    """Bring the names of these reports to the disk: once, at the end, for it costs more than it could save before."""
    with ThreadPoolExecutor() as threads:  # all that they do is to wait
        list(threads.map(_sync, (*(out / name for name in names), out)))


def _sync(folder: Path) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        raise _not_written(folder, error) from error
    finally:
        os.close(descriptor)


def _not_written(path: Path, error: OSError) -> ResultsError:
    reason = error.strerror or str(error)
    return ResultsError(
        f"{path}: {reason}; what was written is whole, and when this is mended the same command goes on"
    )


def read_report(out: Path, submission: str) -> Report | None:
    """Return the report of a submission, or None if there is none that can be read."""
    try:
        return from_json((out / submission / REPORT).read_bytes())
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
        return None


def require_report(path: Path) -> Report:
    """Return the report in a file that a person named, or refuse it."""
    try:
        return from_json(path.read_bytes())
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise UsageError(f"{path}: is no report of this program: {error}") from error


def read_reports(out: Path, assignment_hash: str) -> Iterator[Report]:
    """Yield every report of one assignment that a folder holds, of earlier runs too, sorted by submission."""
    for name in sorted(path.parent.name for path in out.glob(f"*/{REPORT}")):
        report = read_report(out, name)
        if report is not None and report.assignment.hash == assignment_hash:
            yield report


def latest_hash(out: Path) -> str:
    """Return the assignment's hash of the report that was written last, or "" if there is none."""
    paths = sorted(out.glob(f"*/{REPORT}"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    reports = (read_report(out, path.parent.name) for path in paths)
    return next((report.assignment.hash for report in reports if report is not None), "")


def is_current(report: Report, submission_hash: str, circumstances: Circumstances) -> bool:
    """Say whether grading again would give the same report, or one from behind a lower wall."""
    now = (circumstances.assignment_hash, circumstances.seed_id, circumstances.versions)
    then = (report.assignment.hash, report.seed_id, report.versions)
    high_enough = {level.value for level in Level if level.reaches(Level(circumstances.level))}
    same = now == then and report.submission.hash == submission_hash
    return same and report.level in high_enough and not report.has_errors

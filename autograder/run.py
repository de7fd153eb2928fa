"""One run of the autograder over a class: both trees first, then every submission, then the results.

The solution must earn every point and the handout none, on this machine, today: otherwise nothing is graded. The time
that the solution takes is the measure for everybody's time limits.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.assignment import Assignment
from autograder.class_list import read_times, times_csv
from autograder.errors import AssignmentError, Label, SandboxError, SubmissionError, UsageError
from autograder.exporters.scores_csv import scores_csv
from autograder.grading import Examination
from autograder.model import Outcome, Report, SubmissionName
from autograder.reports.class_page import class_page
from autograder.reports.student_page import student_page
from autograder.reports.tally import Tally
from autograder.results import (
    INDEX,
    REPORT,
    SCORES,
    SIMILAR,
    TIMES,
    is_current,
    make_durable,
    opened,
    read_report,
    read_reports,
    write_page,
    write_report,
    write_whole,
)
from autograder.roster import Found
from autograder.sandbox.level import Level
from autograder.scale import Loss, Setting, Work, Workforce, grade_all
from autograder.scoring import Circumstances, Verdict, score_alike
from autograder.submission import Entry, Submission, read_submission

SOLUTION, HANDOUT = "solution", "handout"
Watch = Callable[[Report], None]  # is shown every report of the class, as soon as there is one


@dataclass(frozen=True)
class Run:
    """What came of a run. The reports of a class are on the disk: a thousand in memory would be a second grader."""

    trees: Sequence[Report]  # of the solution and of the handout
    out: Path
    submissions: Sequence[str]  # sorted
    errors: Sequence[str]  # those that have no score, through our fault
    strange: Sequence[str]  # those of the others that a person should look at
    kept: int  # how many reports were there already
    replaced: int  # how many workers ended and were replaced
    seconds: float
    level: Level

    def reports(self) -> Iterator[Report]:
        """Yield the reports of the class, one by one, sorted by submission."""
        for name in self.submissions:
            if (report := read_report(self.out, name)) is not None:
                yield report


def grade_class(
    pool: Workforce, setting: Setting, found: Found, out: Path, *, fresh: bool, watch: Watch = lambda report: None
) -> Run:
    """Grade a class and write its results."""
    started = time.monotonic()
    trees = grade_trees(pool, setting.assignment)
    examination = Examination(setting.assignment, setting.assignment_hash, setting.secret, setting.level.value)
    desk = _Desk(setting.assignment, examination.circumstances(), trees[0], out, found.entries, fresh, watch)
    with opened(out):
        keep_times(out, found.entries)
        for result in grade_all(pool, desk.works(), seconds_of(trees[0])):
            desk.take(result)
        desk.close()
    seconds = time.monotonic() - started
    return Run(
        trees,
        out,
        submissions=sorted(desk.done),
        errors=sorted(desk.errors),
        strange=sorted(desk.strange),
        kept=desk.kept,
        replaced=pool.replaced,
        seconds=seconds,
        level=setting.level,
    )


def keep_times(out: Path, entries: Sequence[Entry]) -> None:
    """Keep when submissions were handed in, beside those of earlier runs; a newer submission has a newer time."""
    told = {entry.id: entry.handed_in for entry in entries if entry.handed_in}
    if told:
        path = out / TIMES
        before = read_times(path) if path.is_file() else {}
        write_whole(path, times_csv(before | told).encode())


def grade_trees(pool: Workforce, assignment: Assignment) -> list[Report]:
    """Grade the solution and the handout; refuse to go on unless the one gets every point and the other none."""
    works = []
    for name, folder in ((SOLUTION, assignment.solution), (HANDOUT, assignment.handout)):
        if not folder.is_dir():
            raise AssignmentError(
                f"{assignment.path.name}: the {name}, {folder.name}/, is not there; `make handout` writes it"
            )
        submission = read_submission(Entry(name, folder))
        works.append((SubmissionName(name, submission.hash), submission.files))
    by_name: dict[str, Report] = {}
    for result in grade_all(pool, works, {}):
        if isinstance(result, Loss):
            raise SandboxError(result.reason)
        by_name[result.submission.id] = result
    solution, handout = by_name[SOLUTION], by_name[HANDOUT]
    wrong = [check for check in solution.counted if check.outcome is not Outcome.PASSED]
    wrong += [check for check in handout.counted if check.outcome is not Outcome.FAILED]
    if wrong:
        lines = "".join(f"\n  {check.problem} {check.id}: {check.label} {check.message}" for check in wrong[:10])
        raise AssignmentError(
            f"the solution must pass every check and the handout none, but {len(wrong)} ended otherwise{lines}"
        )
    return [solution, handout]


def seconds_of(solution: Report) -> dict[str, float]:
    """Return how long the reference took for each check on this machine."""
    return {check.id: check.seconds for check in solution.checks}


@dataclass
class _Desk:
    """Gives the submissions of a class out to be graded, one by one, and takes their reports back."""

    assignment: Assignment
    circumstances: Circumstances
    solution: Report
    out: Path
    entries: Sequence[Entry]
    fresh: bool
    watch: Watch
    done: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    kept: int = 0

    def works(self) -> Iterator[Work]:
        """Yield what is to be graded: not what cannot be read, and not what has a report that can be kept."""
        for entry in self.entries:
            submission = self._read(entry)
            if submission is None:
                continue
            report = None if self.fresh else read_report(self.out, entry.id)
            if report is not None and is_current(report, submission.hash, self.circumstances):
                self.kept += 1
                self._write_page(report)
                self._count(report)
            else:
                yield SubmissionName(entry.id, submission.hash), submission.files

    def take(self, result: Report | Loss) -> None:
        """Write a report, of a submission that was lost, too."""
        report = self._whole(*result, Label.GRADER_ERROR) if isinstance(result, Loss) else result
        self._publish(report)

    def close(self) -> None:
        """Write the scores and the page of the class, and leave nothing to the caches of the system."""
        make_durable(self.out, self.done)
        write_index(self.out, self.circumstances.assignment_hash, title=self.assignment.title)

    def _publish(self, report: Report) -> None:
        """Write a report and its page; the page first, so that a report that is there has one."""
        self._write_page(report)
        write_report(self.out, report)
        self._count(report)

    def _write_page(self, report: Report) -> None:
        write_page(self.out, report.submission.id, student_page(report))

    def _count(self, report: Report) -> None:
        self.done.append(report.submission.id)
        if report.has_errors:
            self.errors.append(report.submission.id)
        elif report.needs_a_person:
            self.strange.append(report.submission.id)
        self.watch(report)

    def _read(self, entry: Entry) -> Submission | None:
        """Read a submission; one that cannot be read is reported, and the class goes on."""
        try:
            return read_submission(entry)
        except SubmissionError as error:
            report = self._whole(SubmissionName(entry.id, ""), str(error), error.label)
            self._publish(report)
            return None

    def _whole(self, name: SubmissionName, reason: str, label: Label) -> Report:
        """Return the report of a submission whose checks all ended alike, before they began."""
        outcome = Outcome.ERROR if label is Label.GRADER_ERROR else Outcome.FAILED
        titles = {check.id: check.title for check in self.solution.checks}
        verdict = Verdict(outcome, label, reason)
        return score_alike(self.assignment, name, verdict, titles=titles, circumstances=self.circumstances)


def write_index(out: Path, assignment_hash: str, *, title: str) -> None:
    """Write the scores and the page of the class, of every report on one assignment that a folder holds."""
    tally = Tally()
    reports = tally.watch(read_reports(out, assignment_hash))
    write_whole(out / SCORES, scores_csv(reports).encode())
    similar = SIMILAR if (out / SIMILAR).is_file() else ""
    write_whole(out / INDEX, class_page(tally, title=title, similar=similar))


def require_apart(paths: Sequence[Path], out: Path) -> None:
    """Refuse to grade reports: a folder of results holds no submissions, and would be overwritten."""
    for path in paths:
        inside = out.resolve() == path.resolve() or out.resolve() in path.resolve().parents
        if inside or any((folder / REPORT).is_file() for folder in (path, *_folders(path))):
            raise UsageError(f"{path}: holds reports, which `grade` writes; name the folder of submissions")


def _folders(path: Path) -> list[Path]:
    return [inside for inside in path.iterdir() if inside.is_dir()] if path.is_dir() else []

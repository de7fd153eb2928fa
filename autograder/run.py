"""One run of the autograder over a class: both trees first, then every submission, then the results.

The solution must earn every point and the handout none, on this machine, today: otherwise nothing is graded. The time
that the solution takes is the measure for everybody's time limits.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment, hash_of
from autograder.errors import AssignmentError, Label, SubmissionError, UsageError
from autograder.exporters.scores_csv import scores_csv
from autograder.folder import fingerprint
from autograder.grading import Examination
from autograder.model import Outcome, Report, SubmissionName
from autograder.results import REPORT, SCORES, is_current, read_report, read_reports, write_report, write_whole
from autograder.roster import Found
from autograder.sandbox.level import Level
from autograder.scale import Setting, grade_all, local_pool
from autograder.scoring import Circumstances, Verdict, score
from autograder.submission import Entry, Submission, read_submission

SOLUTION, HANDOUT = "solution", "handout"
Watch = Callable[[int, int], None]  # is told after each submission how many of how many are done


@dataclass(frozen=True)
class Run:
    """What came of a run."""

    trees: Sequence[Report]  # of the solution and of the handout
    reports: Sequence[Report]  # of the class, sorted by submission
    kept: int  # how many of them were there already
    seconds: float
    level: Level


def grade_class(
    setting: Setting, found: Found, out: Path, *, jobs: int, fresh: bool, watch: Watch = lambda done, of: None
) -> Run:
    """Grade a class and write its results."""
    started = time.monotonic()
    with local_pool(setting, jobs) as pool:
        trees = grade_trees(pool, setting.assignment)
        examination = Examination(setting.assignment, setting.assignment_hash, setting.secret, setting.level.value)
        desk = _Desk(setting.assignment, examination.circumstances(), trees[0], out, fresh)
        reports = desk.sort(found.entries)
        kept = len(reports)
        total = len(found.entries)
        for report in desk.refused:
            write_report(out, report)
            reports.append(report)
        for report in grade_all(pool, desk.works, seconds_of(trees[0])):
            write_report(out, report)
            reports.append(report)
            watch(len(reports), total)
    reports.sort(key=lambda report: report.submission.id)
    write_whole(out / SCORES, scores_csv(read_reports(out, setting.assignment_hash)).encode())
    return Run(trees, reports, kept, time.monotonic() - started, setting.level)


def grade_trees(pool: Executor, assignment: Assignment) -> list[Report]:
    """Grade the solution and the handout; refuse to go on unless the one gets every point and the other none."""
    works = []
    for name, folder in ((SOLUTION, assignment.solution), (HANDOUT, assignment.handout)):
        if not folder.is_dir():
            raise AssignmentError(
                f"{assignment.path.name}: the {name}, {folder.name}/, is not there; `make handout` writes it"
            )
        submission = read_submission(Entry(name, folder))
        works.append((SubmissionName(name, submission.hash), submission.files))
    by_name = {report.submission.id: report for report in grade_all(pool, works, {})}
    solution, handout = by_name[SOLUTION], by_name[HANDOUT]
    wrong = [check for check in solution.checks if check.outcome is not Outcome.PASSED]
    wrong += [check for check in handout.checks if check.outcome is not Outcome.FAILED]
    if wrong:
        lines = "".join(f"\n  {check.problem} {check.id}: {check.label} {check.message}" for check in wrong[:10])
        raise AssignmentError(
            f"the solution must pass every check and the handout none, but {len(wrong)} ended otherwise{lines}"
        )
    return [solution, handout]


def seconds_of(solution: Report) -> dict[str, float]:
    """Return how long the reference took for each check on this machine."""
    return {check.id: check.seconds for check in solution.checks}


class _Desk:
    """Sorts the submissions of a class: already graded, unreadable, to be graded."""

    def __init__(
        self, assignment: Assignment, circumstances: Circumstances, solution: Report, out: Path, fresh: bool
    ) -> None:
        self.assignment = assignment
        self.circumstances = circumstances
        self.titles = {check.id: check.title for check in solution.checks}
        self.out = out
        self.fresh = fresh
        self.refused: list[Report] = []
        self.works: list[tuple[SubmissionName, Mapping[str, bytes]]] = []

    def sort(self, entries: Sequence[Entry]) -> list[Report]:
        """Return the reports that can be kept; fill `refused` and `works` with the others."""
        kept = []
        for entry in entries:
            submission = self._read(entry)
            if submission is None:
                continue
            report = None if self.fresh else read_report(self.out, entry.id)
            if report is not None and is_current(report, submission.hash, self.circumstances):
                kept.append(report)
            else:
                self.works.append((SubmissionName(entry.id, submission.hash), submission.files))
        return kept

    def _read(self, entry: Entry) -> Submission | None:
        """Read a submission; one that cannot be read is reported, and the class goes on."""
        try:
            return read_submission(entry)
        except SubmissionError as error:
            ours = error.label is Label.GRADER_ERROR
            verdict = Verdict(Outcome.ERROR if ours else Outcome.FAILED, error.label, str(error))
            name = SubmissionName(entry.id, "")
            self.refused.append(
                score(
                    self.assignment,
                    name,
                    dict.fromkeys(self.titles, verdict),
                    titles=self.titles,
                    circumstances=self.circumstances,
                    message=str(error),
                )
            )
            return None


def setting_for(assignment: Assignment, secret: bytes, level: Level) -> Setting:
    """Return what the workers of a run are made from."""
    chosen = " ".join(problem.id for problem in assignment.problems)
    return Setting(assignment, fingerprint({hash_of(assignment): chosen.encode()}), secret, level)


def require_apart(paths: Sequence[Path], out: Path) -> None:
    """Refuse to grade reports: a folder of results holds no submissions, and would be overwritten."""
    for path in paths:
        inside = out.resolve() == path.resolve() or out.resolve() in path.resolve().parents
        if inside or any((folder / REPORT).is_file() for folder in (path, *_folders(path))):
            raise UsageError(f"{path}: holds reports, which `grade` writes; name the folder of submissions")


def _folders(path: Path) -> list[Path]:
    return [inside for inside in path.iterdir() if inside.is_dir()] if path.is_dir() else []

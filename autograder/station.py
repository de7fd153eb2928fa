"""A station: one submission, graded where a course platform runs us, and written as the platform reads it.

The solution is graded first: it says how long a check may take here, and that nothing is broken. If something is,
nothing is written, and the platform says that the autograder failed. When time runs out, what there is is written.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from autograder.class_list import read_moment
from autograder.errors import AssignmentError, Label, SandboxError, SubmissionError, UsageError
from autograder.grading import Grader
from autograder.model import Outcome, Report, SubmissionName
from autograder.policy import Policy
from autograder.scale import Setting, was_killed
from autograder.scoring import Verdict, score_alike
from autograder.submission import Entry, read_submission


class Place(NamedTuple):
    """Where a platform puts a submission, and where it looks for results; "" is standard output."""

    submission: str
    results: str


PLACES = {
    "gradescope": Place("submission", "results/results.json"),
    "prairielearn": Place("student", "results/results.json"),
    "autolab": Place("submission.zip", ""),
}
METADATA = "submission_metadata.json"  # Gradescope's
SUBMISSION = "submission"


@dataclass(frozen=True, slots=True)
class Sender:
    """What a platform says of who handed in, and when."""

    student: str = ""
    handed_in: datetime | None = None
    due: datetime | None = None  # the student's own, with an extension

    def policy(self, policy: Policy) -> Policy:
        """Return the policy for this student: the later of two due dates holds."""
        if policy.due is None or self.due is None or self.due <= policy.due:
            return policy
        return replace(policy, due=self.due)


def grade_alone(setting: Setting, path: Path, *, seconds: float) -> Report:
    """Grade the submission at a path, in this process and in so many seconds.

    Raises AssignmentError if the solution does not pass here, SandboxError if there is no time even for it
    """
    end = time.monotonic() + seconds
    grader = setting.grader()
    try:
        solution = _grade_solution(grader, setting, end)
        titles = {check.id: check.title for check in solution.checks}
        try:
            submission = read_submission(Entry(SUBMISSION, path))
        except SubmissionError as error:
            return _refused(grader, setting, error, titles)
        name = SubmissionName(SUBMISSION, submission.hash)
        times = {check.id: check.seconds for check in solution.checks}
        report = grader.grade(name, submission.files, seconds=times, patience=_left(end))
        if (report.has_errors or was_killed(report)) and (left := _left(end)) > seconds / 3:
            report = grader.grade(name, submission.files, seconds=times, patience=left)
        return report
    finally:
        grader.sandbox.close()


def _left(end: float) -> float:
    return max(0.0, end - time.monotonic())


def _grade_solution(grader: Grader, setting: Setting, end: float) -> Report:
    submission = read_submission(Entry("solution", setting.assignment.solution))
    report = grader.grade(SubmissionName("solution", submission.hash), submission.files, patience=_left(end))
    if errors := [check for check in report.checks if check.outcome is Outcome.ERROR]:
        first = f"{errors[0].problem} {errors[0].id}: {errors[0].message}"
        raise SandboxError(f"the solution could not be graded here; nothing was graded; {len(errors)} checks, {first}")
    wrong = [check for check in report.counted if check.outcome is not Outcome.PASSED]
    if wrong:
        raise AssignmentError(
            f"the solution does not pass here: {wrong[0].problem} {wrong[0].id}: {wrong[0].label} {wrong[0].message}"
        )
    return report


def _refused(grader: Grader, setting: Setting, error: SubmissionError, titles: Mapping[str, str]) -> Report:
    outcome = Outcome.ERROR if error.label is Label.GRADER_ERROR else Outcome.FAILED
    verdict = Verdict(outcome, error.label, str(error))
    circumstances = grader.examination.circumstances()
    name = SubmissionName(SUBMISSION, "")
    return score_alike(setting.assignment, name, verdict, titles=titles, circumstances=circumstances)


def read_sender(base: Path) -> Sender:
    """Read Gradescope's metadata; a platform that has none says nothing."""
    path = base / METADATA
    if not path.is_file():
        return Sender()
    try:
        told = json.loads(path.read_text("utf-8"))
        users = told.get("users") or [{}]
        dates = [one["assignment"]["due_date"] for one in users if one.get("assignment", {}).get("due_date")]
        dates = dates or [told.get("assignment", {}).get("due_date")]
        due = max((_moment(date) for date in dates if date), default=None)
        return Sender(_name(users[0]), _moment(told["created_at"]), due)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{path}: is not what Gradescope writes: {error!r:.200}") from error


def _moment(text: Any) -> datetime:
    return read_moment(str(text), METADATA)


def _name(user: Mapping[str, Any]) -> str:
    return str(user.get("sid") or user.get("email") or "")

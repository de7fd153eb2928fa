"""Where each student stands: the grade of the submission that counts, and every name by which a sheet may call them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from autograder.class_list import ClassList, forms
from autograder.model import Report
from autograder.policy import NOTHING, PLAIN, Attempt, Grade, Policy, choose

NOT_KNOWN: Mapping[str, datetime] = {}
NO_PROMISE: Mapping[tuple[str, str], Decimal] = {}


@dataclass(frozen=True, slots=True)
class Standing:
    """One student of a class."""

    student: str
    names: frozenset[str]
    grade: Grade
    is_listed: bool = True  # on the class list, if there is one


def standings(
    reports: Iterable[Report],
    policy: Policy = PLAIN,
    *,
    students: ClassList | None = None,
    times: Mapping[str, datetime] = NOT_KNOWN,
    at_least: Mapping[tuple[str, str], Decimal] = NO_PROMISE,
) -> list[Standing]:
    """Return where everybody stands, sorted by student.

    times: when each submission was handed in; at_least: what one, by id and hash, counts for in any case
    """
    students = students or ClassList()
    attempts: dict[str, list[Attempt]] = defaultdict(list)
    for report in reports:
        name = report.submission.id
        floor = at_least.get((name, report.submission.hash), NOTHING)
        attempts[students.student(name)].append(Attempt(report, times.get(name), floor))
    return [
        Standing(
            student,
            frozenset(students.names(student).union(*(forms(one.report.submission.id) for one in each))),
            choose(each, policy, student=student),
            not students or student in students,
        )
        for student, each in sorted(attempts.items())
    ]

"""Grading again after the assignment changed: what was there before is kept, and who moved is told.

    OUT/<submission>/report-1.json     a report that was replaced; the number grows
    OUT/history.jsonl                  a line for every report that was replaced; lines are only ever added

A run that is killed between the two loses neither: what is kept and not told yet is told by the next one.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec

from autograder.lock import locked
from autograder.model import CheckResult, Report
from autograder.results import REPORT, require_report, write_whole

HISTORY = "history.jsonl"
Floors = dict[tuple[str, str], Decimal]  # points, by id and hash of a submission
_KEPT = re.compile(r"report-(\d+)\.json")


class State(msgspec.Struct, frozen=True):
    """What a score came from, and the score."""

    assignment_hash: str
    submission_hash: str
    seed_id: str
    level: str
    score: float
    extra_credit: float
    max_score: float

    @property
    def total(self) -> float:
        """The points, extra credit included."""
        return float(Decimal(str(self.score)) + Decimal(str(self.extra_credit)))


class Entry(msgspec.Struct, frozen=True):
    """One line of the history: one report that was replaced."""

    when: str
    submission: str
    number: int  # of the report that was kept
    before: State
    after: State
    at_least: float | None = None  # what the submission counts for in any case


@dataclass(frozen=True, slots=True)
class Move:
    """What changed for one submission."""

    entry: Entry
    checks: tuple[str, ...]  # a sentence for each

    @property
    def gain(self) -> float:
        """How many points more it has now."""
        return float(Decimal(str(self.entry.after.total)) - Decimal(str(self.entry.before.total)))

    def row(self, *, with_checks: bool) -> tuple[str, float, float, str]:
        """Return submission, points before and after, and why."""
        count = f"{len(self.checks)} check{'s' * (len(self.checks) != 1)}"
        why = list(self.checks) if with_checks else [count]
        if self.entry.at_least is not None:
            why.append(f"counts for {self.entry.at_least:g}, as before")
        return self.entry.submission, self.entry.before.total, self.entry.after.total, "\n".join(why)


def moved_line(moves: Sequence[Move]) -> str:
    """Return the one line that stays behind."""
    up, down = (sum(sign * move.gain > 0 for move in moves) for sign in (1, -1))
    kept = sum(move.entry.at_least is not None for move in moves)
    line = f"{up + down} moved: {up} up, {down} down"
    return f"{line}, of whom {kept} count for what they had" if kept else line


def keep_reports(out: Path) -> None:
    """Keep a copy of every report of a folder, for what replaces it to be held against."""
    told = _told(out)
    for path in sorted(out.glob(f"*/{REPORT}")):
        content, kept = path.read_bytes(), _kept(path.parent)
        last = max(kept, default=0)
        if last <= told[path.parent.name] or kept[last].read_bytes() != content:
            write_whole(path.with_name(f"report-{last + 1}.json"), content)


def _kept(folder: Path) -> dict[int, Path]:
    return {int(match[1]): path for path in folder.iterdir() if (match := _KEPT.fullmatch(path.name))}


def _told(out: Path) -> Counter[str]:
    """Return the number of the last report of each submission that the history tells of."""
    told: Counter[str] = Counter()
    for entry in read_history(out):
        told[entry.submission] = max(told[entry.submission], entry.number)
    return told


def record_moves(out: Path, *, never_lower: bool) -> list[Move]:
    """Hold every report against the one that it replaced, and write the history.

    never_lower: nobody counts for less than before
    """
    moves: list[Move] = []
    with locked(out):
        told, promised = _told(out), floors(out) if never_lower else None
        for path in sorted(out.glob(f"*/{REPORT}")):
            moves += _moves(path, told[path.parent.name], promised)
        _append(out / HISTORY, [move.entry for move in moves])
    return moves


def _moves(path: Path, told: int, promised: Floors | None) -> Iterator[Move]:
    """Yield what happened to one submission since it was last told; what was not graded in full is told later."""
    now = require_report(path)
    kept = [(number, require_report(one), one) for number, one in sorted(_kept(path.parent).items()) if number > told]
    kept = [(number, report, one) for number, report, one in kept if not report.has_errors]
    if now.has_errors:
        return
    successors = [report for _, report, _ in kept[1:]] + [now]
    for (number, old, file), new in zip(kept, successors, strict=True):
        if old == new:
            file.unlink()
        else:
            yield Move(_entry(number, old, new, promised), tuple(_changes(old, new)))


def _entry(number: int, old: Report, new: Report, promised: Floors | None) -> Entry:
    before, after = _state(old), _state(new)
    at_least = None
    if promised is not None and before.submission_hash == after.submission_hash:
        floor = max(Decimal(str(before.total)), promised.get((new.submission.id, before.submission_hash), Decimal(0)))
        at_least = float(floor) if floor > Decimal(str(after.total)) else None
    when = datetime.now(UTC).isoformat(timespec="seconds")
    return Entry(when, new.submission.id, number, before, after, at_least)


def _state(report: Report) -> State:
    return State(
        report.assignment.hash, report.submission.hash, report.seed_id, report.level, report.score,
        report.extra_credit, report.max_score,
    )  # fmt: skip


def _changes(old: Report, new: Report) -> Iterator[str]:
    """Say for every check whose points moved what became of it, and why."""
    if old.submission.hash != new.submission.hash:
        yield "another submission was handed in"
    before, after = ({check.id: check for check in report.checks} for report in (old, new))
    for name, now in after.items():
        was = before.get(name)
        if was is None:
            yield f"{_claim(now)}: is new, {_worth(now)}"
        elif (was.points, was.max_points, was.label) != (now.points, now.max_points, now.label):
            yield f"{_claim(now)}: {_worth(was)} -> {_worth(now)}"
    for name, was in before.items():
        if name not in after:
            yield f"{_claim(was)}: is gone, {_worth(was)}"


def _claim(check: CheckResult) -> str:
    return f"{check.problem} {check.title.removesuffix('.')}"


def _worth(check: CheckResult) -> str:
    return f"{check.points:g} of {check.max_points:g} {check.label}"


def read_history(out: Path) -> Iterator[Entry]:
    """Yield the lines of a history; half a line, of a run that was killed, is none."""
    path = out / HISTORY
    for line in path.read_bytes().splitlines() if path.is_file() else ():
        try:
            yield msgspec.json.decode(line, type=Entry)
        except msgspec.MsgspecError:
            continue


def floors(out: Path) -> Floors:
    """Return what a submission, by id and hash, counts for in any case. The last regrade decides."""
    last = {entry.submission: entry for entry in read_history(out)}
    return {
        (name, entry.after.submission_hash): Decimal(str(entry.at_least))
        for name, entry in last.items()
        if entry.at_least is not None
    }


def _append(path: Path, entries: list[Entry]) -> None:
    if not entries:
        return
    with path.open("ab") as file:
        if file.tell() and path.read_bytes()[-1:] != b"\n":
            file.write(b"\n")  # after half a line
        file.write(b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries))
        file.flush()
        os.fsync(file.fileno())

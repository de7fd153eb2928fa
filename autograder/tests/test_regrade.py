"""A regrade keeps what was there, says who moved and why, and lowers nobody if that is promised."""

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from autograder import cli
from autograder.errors import UsageError
from autograder.export import read_results
from autograder.lock import locked
from autograder.model import Report
from autograder.policy import grade
from autograder.regrade import HISTORY, Move, floors, keep_reports, moved_line, read_history, record_moves
from autograder.results import read_report, write_report
from autograder.tests.sample import ALL_PASSED, OURS, WRONG, make_report

FULL = make_report()  # 3.8 points, extra credit included
LESS = make_report(ALL_PASSED | {"test_four": WRONG})  # 1.3
MORE = make_report(ALL_PASSED | {"test_one": WRONG})  # 3.7


def of(report: Report, assignment: str) -> Report:
    """Return a report on another version of the assignment."""
    name = msgspec.structs.replace(report.assignment, hash=assignment)
    return msgspec.structs.replace(report, assignment=name)


def regrade(out: Path, report: Report, *, never_lower: bool = False) -> list[Move]:
    """Replace a report as a run would."""
    keep_reports(out)
    write_report(out, report)
    return record_moves(out, never_lower=never_lower)


def test_who_moved_is_told_with_every_check(tmp_path):
    """Points before and after, and the hashes of what they came from."""
    write_report(tmp_path, FULL)

    [move] = regrade(tmp_path, of(LESS, "new"))

    assert move.row(with_checks=True) == ("ada", 3.8, 1.3, "A2 test_four: 2.5 of 2.5 OK -> 0 of 2.5 WRONG")
    assert move.row(with_checks=False) == ("ada", 3.8, 1.3, "1 check")
    assert (move.entry.before.assignment_hash, move.entry.after.assignment_hash) == ("assignment-hash", "new")
    assert move.entry.before.submission_hash == move.entry.after.submission_hash == "submission-hash"
    assert moved_line([move]) == "1 moved: 0 up, 1 down"


def test_a_check_that_is_new_gone_or_worth_more_is_told(tmp_path):
    """The reason is the assignment's, and is named."""
    five = FULL.check("test_five")
    checks = [
        *(check for check in FULL.checks if check.id not in ("test_four", "test_five")),
        msgspec.structs.replace(FULL.check("test_four"), points=3.0, max_points=3.0),
        msgspec.structs.replace(five, id="test_six", title="Six is six."),
    ]
    write_report(tmp_path, FULL)

    [move] = regrade(tmp_path, of(msgspec.structs.replace(FULL, checks=checks, score=3.3), "new"))

    assert move.checks == (
        "A2 test_four: 2.5 of 2.5 OK -> 3 of 3 OK",
        "X1 Six is six: is new, 1 of 1 OK",
        "X1 test_five: is gone, 1 of 1 OK",
    )
    assert move.gain == 0.5


def test_another_submission_is_no_change_of_the_assignment(tmp_path):
    """It is told as such, and a promise does not hold for it."""
    write_report(tmp_path, FULL)
    name = msgspec.structs.replace(LESS.submission, hash="another")

    [move] = regrade(tmp_path, msgspec.structs.replace(LESS, submission=name), never_lower=True)

    assert move.checks[0] == "another submission was handed in"
    assert floors(tmp_path) == {}


def test_the_history_only_grows(tmp_path):
    """A line for every report that was replaced; the reports themselves are kept; what is unchanged adds nothing."""
    write_report(tmp_path, FULL)
    regrade(tmp_path, of(LESS, "b"))
    first = (tmp_path / HISTORY).read_bytes()
    assert regrade(tmp_path, of(LESS, "b")) == []
    assert (tmp_path / HISTORY).read_bytes() == first

    regrade(tmp_path, FULL)
    regrade(tmp_path, of(LESS, "b"))

    assert (tmp_path / HISTORY).read_bytes().startswith(first)
    hashes = [(entry.before.assignment_hash, entry.after.assignment_hash) for entry in read_history(tmp_path)]
    assert hashes == [("assignment-hash", "b"), ("b", "assignment-hash"), ("assignment-hash", "b")]
    kept = sorted(path.name for path in (tmp_path / "ada").iterdir())
    assert kept == ["report-1.json", "report-2.json", "report-3.json", "report.json"]
    assert read_results(tmp_path) == [of(LESS, "b")]  # nobody takes a kept report for a submission's


def test_a_run_that_is_killed_loses_no_line(tmp_path):
    """What was replaced and not told is told by the next run, half a line or not."""
    write_report(tmp_path, FULL)
    keep_reports(tmp_path)
    write_report(tmp_path, of(LESS, "b"))
    (tmp_path / HISTORY).write_bytes(b'{"when": "2026')

    moves = regrade(tmp_path, of(MORE, "c"))

    assert [move.gain for move in moves] == [-2.5, 2.4]
    assert [entry.number for entry in read_history(tmp_path)] == [1, 2]


def test_what_could_not_be_graded_moved_nobody(tmp_path):
    """It is told when it is graded, against the last report that was whole."""
    write_report(tmp_path, FULL)
    broken = make_report(ALL_PASSED | {"test_one": OURS})

    assert regrade(tmp_path, of(broken, "b"), never_lower=True) == []
    [move] = regrade(tmp_path, of(MORE, "b"))

    assert (move.entry.before.total, move.entry.after.total) == (3.8, 3.7)


def test_nobody_counts_for_less_if_that_is_promised(tmp_path):
    """The report says what was right, the grade what counts; the best of all that was promised stays."""
    write_report(tmp_path, FULL)
    [move] = regrade(tmp_path, of(LESS, "b"), never_lower=True)
    report = read_report(tmp_path, "ada")
    assert report == of(LESS, "b")

    counts = grade(report, at_least=floors(tmp_path)["ada", "submission-hash"])
    assert (counts.raw, counts.kept, counts.final) == (Decimal("1.3"), Decimal("2.5"), Decimal("3.8"))
    assert counts.why == "0.3 of 2.8; 1 extra credit; 2.5 more, as before it was graded again"
    assert move.row(with_checks=False)[3] == "1 check\ncounts for 3.8, as before"
    assert moved_line([move]) == "1 moved: 0 up, 1 down, of whom 1 count for what they had"

    regrade(tmp_path, of(MORE, "c"), never_lower=True)
    assert floors(tmp_path) == {("ada", "submission-hash"): Decimal("3.8")}
    regrade(tmp_path, of(LESS, "d"))
    assert floors(tmp_path) == {}


def test_a_folder_that_another_run_is_in_is_left_alone(tmp_path):
    """Two of them would write one history."""
    write_report(tmp_path, FULL)

    with locked(tmp_path), pytest.raises(UsageError, match="another run writes there"):
        record_moves(tmp_path, never_lower=False)


@pytest.fixture
def command(tmp_path, monkeypatch):
    """The command, with a run that gives everybody less: command(*options) -> what it printed."""

    def run(paths, folder, jobs, assignment):
        write_report(folder, of(LESS, "b"))

    write_report(tmp_path / "results", FULL)
    monkeypatch.setattr(cli, "grade", run)
    words = ["regrade", "class", "--out", str(tmp_path / "results")]
    return lambda *options: CliRunner().invoke(cli.main, [*words, *options])


def test_the_command_shows_who_moved(command):
    """Points for everybody; with --diff, the checks."""
    ended = command("--diff", "--never-lower")

    assert ended.exit_code == 0
    assert "test_four: 2.5 of 2.5 OK -> 0 of 2.5 WRONG" in ended.stdout and "counts for 3.8" in ended.stdout
    assert ended.stderr == "1 moved: 0 up, 1 down, of whom 1 count for what they had\n"


def test_the_command_is_short_without_its_switch(command):
    """And names no check."""
    ended = command()

    assert "1 check" in ended.stdout and "test_four" not in ended.stdout


def test_a_promise_is_kept_by_every_exporter(command, tmp_path):
    """The table of grades has a column for it."""
    command("--never-lower")

    table = CliRunner().invoke(cli.main, ["export", "grades", str(tmp_path / "results")]).stdout
    one = CliRunner().invoke(cli.main, ["export", "autolab", str(tmp_path / "results" / "ada")]).stdout

    assert table.splitlines()[1].startswith("ada,ada,0.3,1,0,0,2.5,3.8,2.8,")
    assert '"Policy": 2.5' in one

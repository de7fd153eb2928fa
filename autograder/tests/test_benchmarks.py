"""The benchmarks measure what they say: both ways examine the same, and no part of the time is lost. No test times."""

import dataclasses
import itertools
import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.benchmarks import __main__ as command
from autograder.benchmarks import measurement, rival, scaling, table
from autograder.benchmarks.classroom import Attendance, Lesson, write_class
from autograder.benchmarks.comparison import Contender, standing, take_turns
from autograder.benchmarks.crossing import CALLS, cross
from autograder.benchmarks.direct import STUDENT, DirectChecks
from autograder.benchmarks.figure import Figure, Findings, Memory, Part, Point, Scaling, figure
from autograder.benchmarks.plain import TEN_CHECKS, lay_out
from autograder.benchmarks.processor import Meter, metered
from autograder.benchmarks.race.duel import Duel, Runner, contest
from autograder.benchmarks.race.event import Event
from autograder.benchmarks.stopwatch import Stopwatch
from autograder.benchmarks.trial import PARTS, PYTEST, highest_level, open_trial, setting_for
from autograder.errors import AssignmentError, SandboxError
from autograder.hidden_check import CHECKS, load_checks
from autograder.sandbox.host import Guest
from autograder.sandbox.level import Level
from autograder.submission import Submission

README = Path(measurement.__file__).with_name("README.md")
RIGHT, WRONG = "a[i, :i], y[:i]", "a[i, :i], b[:i]"  # of solve_lower
OURS = Contender("autograder", "L1", float, seconds=[0.02, 0.04], processor=[0.02, 0.02])
SLOW = Contender("slow", "none", float, at_least=5.0, seconds=[0.06, 0.08], processor=[math.nan, math.nan])
BUSY = "import time\nwhile time.process_time() < 0.3: pass"


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    """The ten checks behind the highest wall that can be built here."""
    with open_trial(setting_for(TEN_CHECKS, highest_level(TEN_CHECKS)), tmp_path_factory.mktemp("reports")) as made:
        yield made


@pytest.fixture
def findings() -> Findings:
    """Findings as a run might bring them: one goal met, one not."""
    figures = [
        Figure("a fresh guest", "ms", 6.0, 7.0, 9.0, at_most=8),
        Figure("ten checks, plain pytest : ours", "×", 3.0, 4.0, 5.0, at_least=5),
        Figure("closing a guest", "ms", 0.1, 0.2, 0.3),
    ]
    parts = [Part("scoring", 1, 3.0), Part("calls", 5, 1.0)]
    growth = Figure("memory of worker, report 1,000 : 100", "×", 1.0, 1.2, 1.2, at_most=1.05)
    gain = Figure("one worker : 2", "×", 1.5, 1.6, 1.7, at_least=1.8)
    scaling = Scaling([Point(2, 1000, 1.5, 0.012)], [Memory("worker", 50.0, 60.0, growth)], [gain])
    standings = [standing(OURS, OURS), standing(SLOW, OURS)]
    return Findings({"Python": "3.11"}, 9, standings, figures, parts, Part("x", 5, 0.5), scaling)


def test_innermost_part_gets_the_time():
    """A part is charged for what no part inside it took, also when the block ends in an exception."""
    watch = Stopwatch(clock=iter([0.0, 1.0, 3.0, 3.0, 10.0, 15.0]).__next__)

    with pytest.raises(KeyError), watch.part("outer"):
        with watch.part("inner"):
            pass
        watch.timed("inner", {}.__getitem__)("not there")

    assert watch.seconds == {"outer": 6.0, "inner": 9.0}
    assert watch.counts == {"outer": 1, "inner": 2}


@pytest.mark.parametrize(
    ("median", "bounds", "met"),
    [
        (8.0, {"at_most": 8.0}, True),
        (8.1, {"at_most": 8.0}, False),
        (5.0, {"at_least": 5.0}, True),
        (4.9, {"at_least": 5.0}, False),
        (math.nan, {"at_most": 8.0}, False),
    ],
)
def test_goal_is_met_or_not(median, bounds, met):
    """A goal is met on its bound and within, and never by a number that is none."""
    assert figure("something", [median], **bounds).is_met is met


def test_median_is_not_moved_by_one_slow_round():
    """A figure is the median, between its quartiles."""
    found = figure("something", [3.0, 1.0, 2.0, 100.0, 4.0])

    assert (found.low, found.median, found.high) == (2.0, 3.0, 4.0)


def test_plain_pytest_runs_the_same_ten_checks(tmp_path):
    """The plain way runs ten checks, and notices a wrong line in the submission."""
    plain = lay_out(tmp_path)
    submission = tmp_path / "numnet" / "loop.py"
    submission.write_text(submission.read_text("utf-8").replace(RIGHT, WRONG), "utf-8")

    with pytest.raises(AssignmentError, match=r"1 failed, 9 passed"):
        plain.grade()


def test_plain_pytest_is_given_its_best(tmp_path):
    """Its byte code is kept from one round to the next, whatever the environment says."""
    plain = lay_out(tmp_path)

    plain.grade()

    assert list(tmp_path.glob("numnet/__pycache__/loop.*.pyc"))
    assert list(tmp_path.glob("__pycache__/test_loop.*.pyc"))


def test_trial_refuses_to_time_a_wrong_submission(trial):
    """What fails a check may be fast for the wrong reason."""
    wrong = trial.submission.files["loop.py"].replace(RIGHT.encode(), WRONG.encode())
    broken = dataclasses.replace(trial, submission=Submission("wrong", {"loop.py": wrong}, "0"))

    with pytest.raises(AssignmentError, match="test_lower_triangle_is_solved_from_the_top"):
        broken.grade()


def test_every_hidden_check_passes_directly(assignment, grader):
    """The stand-in for a submission understands whatever the hidden checks do with one."""
    checks = load_checks(assignment, CHECKS)
    watch = Stopwatch()

    DirectChecks(checks, grader.reference, b"of the tests").run("0123456789abcdef", watch)

    assert len(checks) == sum(len(problem.checks) for problem in assignment.problems)
    assert watch.counts[STUDENT] > len(checks)


def test_taking_apart_finds_every_part_and_leaves_no_trace(trial):
    """Each part is found as often as it comes, and afterwards nothing is measured any more."""
    call = Guest.call

    watch = trial.take_apart()

    assert set(watch.counts) == {part for _, _, part in PARTS} - {"calls back into our functions"}
    assert (watch.counts[PYTEST], watch.counts["the checks' own work"], watch.counts["opening guests"]) == (1, 10, 1)
    assert Guest.call is call


def test_readme_has_a_row_for_everything_that_is_measured(trial, grader, solution, monkeypatch):
    """The tables in the README are those of the command, row by row."""
    monkeypatch.setattr(measurement, "GUESTS", 1)
    on_homework = dataclasses.replace(trial, grader=grader, submission=Submission("solution", solution, "0"))

    figures = measurement.price_of_the_wall(on_homework, 1)
    figures += measurement.price_of_grading(trial, 1, Meter(None))
    figures += measurement.price_without_training(trial, 1)

    rows = [line.split(" | ")[0].removeprefix("| ") for line in README.read_text("utf-8").splitlines()]
    start = rows.index(figures[0].what)
    assert rows[start : start + len(figures)] == [found.what for found in figures]
    graders = {row.split(" ")[0] for row in rows[rows.index(table.STANDING_COLUMNS[0]) :]}
    assert {"autograder", "pytest", *rival.PACKAGES.values()} <= graders
    assert {part for _, _, part in PARTS} <= set(rows)
    assert {f"{size:,}" for size in scaling.SIZES} <= set(rows)


def test_guests_are_counted(grader, solution):
    """There is a measurement for every guest and every call."""
    crossing = cross(grader.sandbox, grader.reference, solution, guests=2)

    assert (len(crossing.opens), len(crossing.calls), len(crossing.closes)) == (2, 2 * CALLS, 2)
    assert min(crossing.opens + crossing.calls) > 0


def test_every_goal_has_a_line(findings):
    """After the tables there is a line for each goal, and none for what has no goal."""
    assert table.verdicts(findings.figures) == [
        "met: a fresh guest: 7 ms, goal ≤ 8 ms",
        "not met: ten checks, plain pytest : ours: 4 ×, goal ≥ 5 ×",
    ]


def test_shares_are_of_the_whole(findings):
    """The parts add up to the whole, and the student's work is a share of it."""
    assert [row[-1] for row in table.part_rows(findings)] == ["75.0 %", "25.0 %", "100 %", "12.5 %"]


@pytest.fixture
def measured(findings, monkeypatch):
    """Let the command find what is in `findings`, and a race that the reference lost by a fifth."""
    event = Event("conv2d", "convolution", "torch", at_most=1.0)
    lost = contest(Duel(event, ours=[0.024], theirs=[0.020]))
    monkeypatch.setattr(command, "measure", lambda rounds: dataclasses.replace(findings, rounds=rounds))
    monkeypatch.setattr(command, "missing", list)
    monkeypatch.setattr(command, "race", lambda rounds: ([lost], {"torch": "2.13"}))


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize("option", [(), ("--markdown",)])
def test_command_prints_tables(option):
    """A terminal and the README get a table of figures, one of parts, one of the race, and a verdict on each goal."""
    result = CliRunner().invoke(command.main, option)

    assert result.exit_code == 0
    for word in ("a fresh guest", "≤ 8 ms", "not met", "scoring", "75.0 %", "Medians of 9 rounds. torch 2.13, Python"):
        assert word in result.output
    for word in ("convolution", "24 ms", "torch 20 ms", "1.2 ×", "≤ 1 ×"):
        assert word in result.output
    for word in ("slow", "2.5 ×", "1,000", "12 ms", "5,000", "one worker : 2", "60 MiB", "≤ 1.05 ×"):
        assert word in result.output


@pytest.mark.usefixtures("measured")
def test_command_says_which_goals_are_met():
    """There is a line for each goal of whatever kind of table."""
    lines = CliRunner().invoke(command.main, []).output.splitlines()

    for what in ("slow : ours: 2.5 ×", "one worker : 2: 1.6 ×", "memory of worker", "convolution: 1.2 ×"):
        assert any(line.startswith(f"not met: {what}") for line in lines)


def test_without_rivals_there_is_no_race(measured, monkeypatch):
    """Where torch and nltk are not installed the command says so and measures the rest."""
    monkeypatch.setattr(command, "missing", lambda: ["torch", "nltk"])

    result = CliRunner().invoke(command.main, [])

    assert result.exit_code == 0
    assert "torch and nltk not installed" in result.output and "convolution" not in result.output


def test_a_runner_says_what_its_work_took():
    """The reference runs in a process of its own, says its versions and does what it is told."""
    with Runner("numnet") as runner:
        assert runner.versions.keys() == {"Python", "NumPy"}
        assert 0 < runner.seconds("elman") < 60


def test_a_contest_is_won_round_by_round():
    """Of each round the ratio is taken, then the median; a thousand tokens are the measure where there are tokens."""
    event = Event("ngram_fit", "counts", "nltk", tokens=2000, at_least=3)

    found = contest(Duel(event, ours=[1.0, 2.0, 4.0], theirs=[4.0, 4.0, 4.0]))

    assert (found.ours.median, found.ratio.median, found.ratio.is_met) == (1000.0, 2.0, False)


@pytest.mark.usefixtures("measured")
def test_command_prints_json():
    """Programs get the figures of as many rounds as they ask for, and whether each goal is met."""

    result = CliRunner().invoke(command.main, ["--rounds", "3", "--json"])

    document = json.loads(result.stdout)
    assert document["rounds"] == 3
    assert [row["met"] for row in document["figures"]] == [True, False, None]


def test_every_rival_has_a_script_and_an_environment():
    """`make bench` installs each where the benchmark looks for it."""
    makefile = (rival.ROOT / "Makefile").read_text("utf-8")
    [bench] = [line for line in makefile.splitlines() if line.startswith("bench:")]

    assert {path.stem for path in rival.SCRIPTS.glob("with_*.py")} == {f"with_{name}" for name in rival.GOALS}
    assert all(f"RIVAL_{name} := " in makefile and name in bench for name in rival.GOALS)


def test_everybody_gets_a_turn_in_every_round():
    """Of each round the ratio is taken, then the median; whoever has a goal must reach it."""
    clock = itertools.count(1)
    first, second = (Contender(name, "none", lambda: float(next(clock)), at_least=5.0) for name in ("first", "second"))

    take_turns([first, second], 2, Meter(None))

    assert (first.seconds, second.seconds) == ([3.0, 5.0], [4.0, 6.0])  # the first round is not counted
    assert (
        standing(second, first).ratio.median == pytest.approx((4 / 3 + 6 / 5) / 2)
        and not standing(second, first).ratio.is_met
    )


def test_processor_time_is_that_of_all_processes():
    """A process counts also if nobody waits for it; where nothing can be known there is no number."""
    with metered() as meter:
        if meter.group is None:
            pytest.skip("no control group can be made here")

        def work() -> float:
            orphan = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BUSY!r}])"
            subprocess.run([sys.executable, "-c", orphan], check=True)
            return 1.0

        seconds, processor = meter.measure(work)
        assert (seconds, processor > 0.3) == (1.0, True)
    assert not meter.group.exists()
    assert math.isnan(Meter(None).measure(work)[1])


def test_curve_has_a_point_for_every_class():
    """Classes of three sizes are graded by one worker and by two, and memory is measured in the largest."""
    found = scaling.scale(highest_level(TEN_CHECKS), 1, sizes=(2, 3, 4))

    assert [(point.submissions, point.workers) for point in found.points] == [(n, w) for n in (2, 3, 4) for w in (1, 2)]
    assert all(point.seconds > 0 and point.start_seconds > 0 for point in found.points)
    assert [memory.role for memory in found.memories] == ["grader", "worker", "zygote"]
    assert all(memory.early > 1 and memory.late > 1 for memory in found.memories)
    assert len(found.figures) == 3


def test_curve_is_held_against_its_goals(monkeypatch):
    """What a thousand take each is held against what a hundred take, and one worker against two."""
    seconds = {(1, 100): 9.9, (2, 100): 9.9, (1, 1000): 99.9, (2, 1000): 199.8}
    memory = {100: {"worker": 50.0}, 1000: {"worker": 60.0}}
    graded = []

    def attend(lesson):
        drift = 1 + len(graded)  # the machine gets slower and slower
        graded.append((lesson.workers, lesson.submissions))
        return Attendance(1.0, drift * seconds.get(graded[-1], 1.0), memory)

    monkeypatch.setattr(scaling, "attend", attend)

    found = scaling.scale(Level.L1, 1)

    assert graded == graded[::-1] and len(graded) == 2 * len(found.points)
    assert [figure.median for figure in found.figures] == pytest.approx([1.0, 2.0, 0.5])
    assert [figure.is_met for figure in found.figures] == [True, False, False]
    assert [memory.growth.is_met for memory in found.memories] == [False]


def test_class_that_is_not_graded_stops_the_benchmark(monkeypatch):
    """A run that ends with an error has no time."""
    monkeypatch.setattr(scaling, "CLASSROOM", f"{scaling.__package__}.no_such_module")

    with pytest.raises(SandboxError, match=r"a class of 3 was not graded: .*no_such_module"):
        scaling.attend(Lesson(Level.L1, 1, 3, folder="class"))


def test_no_two_submissions_of_a_class_are_alike(tmp_path):
    """Each has a hash, and so inputs, of its own."""
    write_class(tmp_path, 20)

    assert len({path.read_bytes() for path in tmp_path.glob("class/*/numnet/loop.py")}) == 20


@pytest.mark.parametrize("name", rival.GOALS)
def test_a_rival_runs_all_ten_checks(tmp_path, name):
    """A right submission passes; a wrong one stops the benchmark."""
    if name not in rival.installed():
        pytest.skip(f"{name} is not installed; `make bench` installs it")
    with rival.open_rival(name, tmp_path / name) as measured:
        loop = tmp_path / name / "numnet" / "loop.py"

        assert measured.grade() > 0
        loop.write_text(loop.read_text("utf-8").replace(RIGHT, WRONG), "utf-8")
        with pytest.raises(AssignmentError, match=f"(?s)^{name}: .*the ten checks fail"):
            measured.grade()

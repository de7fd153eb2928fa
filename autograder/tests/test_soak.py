"""The soak sees what it looks for: what grows, what stays open, what is lost, what is graded twice."""

import json
import subprocess
import sys
from dataclasses import replace
from io import StringIO

import psutil
import pytest
from click.testing import CliRunner
from rich.console import Console

from autograder.model import from_json
from autograder.sandbox.level import Level
from autograder.soak import __main__ as command
from autograder.soak.course import Course, compare, verdicts
from autograder.soak.crowd import ATTACK_EVERY, hostile, write_large, write_small
from autograder.soak.disaster import Aftermath, Strike, judge
from autograder.soak.family import Role, members, wait_for_the_end
from autograder.soak.finding import Findings, terminal, to_builtins
from autograder.soak.leak import Scan
from autograder.soak.marathon import Marathon, growths
from autograder.soak.vitals import FEWEST, Life, Vitals
from autograder.tests.sample import ALL_PASSED, WRONG, make_report

FLAT = [Life(role, [50.0] * 100, [12, 9] * 50) for role in (Role.GRADER, Role.WORKER, Role.ZYGOTE)]


@pytest.fixture
def findings():
    """What a good soak finds."""
    aftermath = Aftermath([Strike(Role.GUEST, 3)], struck=1, graded=20, seconds=0.1, complaints=[])
    return Findings("L1", Marathon(100, 50.0, FLAT, 2, []), [aftermath], Scan(300, []))


def test_a_flat_run_is_no_complaint():
    """Neither is what a process takes while it warms up, nor a guest's descriptors."""
    warming = Life(Role.WORKER, [*range(10, 50, 2), *[50.0] * 80], [*[12, 9] * 35, *[12] * 30])

    assert growths([*FLAT, warming]) == []


@pytest.mark.parametrize(
    ("life", "complaint"),
    [
        (Life(Role.WORKER, [50 + i / 20 for i in range(100)], [9] * 100), "worker: memory grew by 5.8%"),
        (Life(Role.GRADER, [50.0] * 100, [9 + i // 10 for i in range(100)]), "grader: 3 descriptors were left open"),
    ],
)
def test_what_grows_is_named(life, complaint):
    """A twentieth of the memory, or any descriptor."""
    [told] = growths([*FLAT, life])

    assert told.startswith(complaint)


def test_what_was_not_seen_is_no_proof():
    """A run that was too short says so."""
    assert growths([life for life in FLAT if life.role is not Role.ZYGOTE]) == [
        "zygote: no process lived long enough to say anything"
    ]


def test_a_process_that_grows_is_measured():
    """From outside, sample by sample."""
    program = "import sys; kept = [bytearray(2**20) for line in sys.stdin if not print(flush=True)]"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        vitals = Vitals(process.pid, Level.L3)
        assert process.stdin and process.stdout
        for _ in range(2 * FEWEST):
            process.stdin.write(b"more\n")
            process.stdin.flush()
            process.stdout.readline()
            vitals.sample()
        process.stdin.close()

    [life] = vitals.lives()
    assert life.role is Role.GRADER and life.growth() > 0.5 and life.opened() == 0


def test_a_process_that_stays_is_seen():
    """Also if its parent is gone."""
    program = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])"
    process = subprocess.Popen([sys.executable, "-c", program], start_new_session=True)
    process.wait()

    [left] = wait_for_the_end(process.pid, seconds=0.2)
    left.kill()
    psutil.wait_procs([left])

    assert members(process.pid) == []


def test_reports_are_compared():
    """One that is missing, one too many, one that is wrong; the time that a check took does not matter."""
    ada, bob = make_report(name="ada"), make_report(name="bob")
    slow = replace_seconds(ada, 9.0)

    assert compare({"ada": slow}, {"ada": verdicts(ada)}) == []
    assert compare({}, {"ada": verdicts(ada)}) == ["1 submissions without a report: ada"]
    assert compare({"bob": bob}, {}) == ["1 submissions unknown: bob"]
    wrong = make_report(ALL_PASSED | {"test_one": WRONG}, name="ada")
    assert compare({"ada": wrong}, {"ada": verdicts(ada)}) == ["1 submissions with a wrong report: ada"]


def replace_seconds(report, seconds):
    """Return the report of a slower machine."""
    document = verdicts(report)
    for check in document["checks"]:
        check["seconds"] = seconds
    return from_json(json.dumps(document).encode())


def test_a_run_is_judged_by_its_end():
    """Its exit code, and a traceback of ours."""
    assert judge(0, StringIO("graded 3 of 3")) == []
    assert judge(1, StringIO("the disk is full")) == ["the command ended with 1: the disk is full"]
    assert "traceback" in judge(0, StringIO("Traceback (most recent call last)"))[0]


def test_rewritten_reports_and_litter_are_seen(tmp_path):
    """A report that is written again has another print; a hidden file in the results should not be there."""
    course = Course(tmp_path / "class", tmp_path / "out", tmp_path / "temporary")
    (tmp_path / "temporary").mkdir()
    (tmp_path / "out" / "ada").mkdir(parents=True)
    (tmp_path / "out" / "ada" / "report.json").write_text("{}", "utf-8")
    before = course.prints()
    (tmp_path / "out" / "ada" / ".report.json-half").write_text("{}", "utf-8")
    litter = course.litter()
    (tmp_path / "out" / "ada" / ".report.json-half").replace(tmp_path / "out" / "ada" / "report.json")

    assert litter == [".report.json-half"]
    assert course.litter() == [] and course.prints() != before


def test_the_small_class_has_every_kind(assignment, tmp_path):
    """Right, not written, every mistake of the problem, attacks; and no two with the same bytes."""
    write_small(assignment, tmp_path, problem="A1", size=30)

    texts = [path.read_bytes() for path in tmp_path.rglob("*.py")]
    assert len(texts) == len(set(texts)) == 30
    assert sum(b"def trick" in text for text in texts) >= 1
    assert sum(b"NotImplementedError" in text for text in texts) >= 1


def test_the_large_class_is_many_classes_and_attacks(assignment, tmp_path):
    """As many submissions as were asked for, of several seeds, every twentieth an attack."""
    write_large(assignment, tmp_path / "one", size=60, seed=1)
    write_large(assignment, tmp_path / "two", size=60, seed=1)

    one, two = (_tree(tmp_path / name) for name in ("one", "two"))
    assert len(list((tmp_path / "one").iterdir())) == 60
    assert len(list((tmp_path / "one").glob("attack-*"))) == 60 // ATTACK_EVERY
    assert one == two
    assert hostile()


def _tree(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_table_has_all_figures(findings):
    """And says in one line that all is well, or what is not."""
    ill = replace(findings, scan=Scan(300, ["a leak"]))

    good, bad = _shown(findings), _shown(ill)
    for word in ("100 submissions in one run: 50 s, 7200 an hour", "grader", "worker", "zygote", "+0.0%", "guest"):
        assert word in good
    assert "all is as it should be" in good and "not right: a leak" in bad
    assert to_builtins(ill)["complaints"] == ["a leak"]


def _shown(findings):
    console = Console(width=120)
    with console.capture() as captured:
        console.print(terminal(findings))
    return captured.get()


@pytest.mark.parametrize(("leaks", "code"), [([], 0), (["a leak"], 1)])
def test_the_command_takes_sizes_and_ends_with_a_verdict(monkeypatch, findings, leaks, code):
    """JSON for programs; exit code 1 if anything is not right."""
    asked = {}

    def run(course, level, *, size, alone, watch):
        watch(size)
        asked.update(size=size, alone=alone, problems=course.problems)
        return findings.marathon

    monkeypatch.setattr(command, "run", run)
    monkeypatch.setattr(command, "_disasters", lambda *_, count, size, rng: iter(findings.disasters * count))
    monkeypatch.setattr(command, "scan", lambda assignment, problem, level: Scan(10, leaks))

    options = ["--submissions", "5", "--alone", "1", "--disasters", "3", "--problems", "G6", "--json"]
    result = CliRunner().invoke(command.main, options)

    document = json.loads(result.stdout)
    assert result.exit_code == code
    assert asked == {"size": 5, "alone": 1, "problems": "G6"}
    assert (len(document["disasters"]), document["messages"], document["complaints"]) == (3, 10, leaks)

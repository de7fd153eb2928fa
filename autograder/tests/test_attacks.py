"""No attack gets more than it must, at any level, and none leaves anything behind."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner

from autograder.attack import FOLDER, Attack, read_attacks
from autograder.attacks import __main__ as command
from autograder.errors import AssignmentError, Label, SandboxError
from autograder.sandbox.level import Level
from autograder.sandbox.proof import candidates
from autograder.siege import Result, Siege

ATTACKS = read_attacks()


@pytest.fixture(scope="session", params=[level.value for level in candidates()])
def siege(request, assignment) -> Iterator[Siege]:
    """A wall of every level that can be built here."""
    try:
        made = Siege(assignment, Level(request.param))
    except SandboxError as error:
        pytest.skip(str(error))
    with made:
        yield made


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack_gets_what_it_must_and_leaves_nothing(siege, attack):
    """It ends with its label and score, in its time; after it the solution earns all, and nothing of it is left."""
    if not attack.is_held_at(siege.level):
        pytest.skip(f"only {attack.holds.value} and higher hold it")

    result = siege.result(attack)

    assert result.is_right, f"wanted {result.wanted}, got {result.got}: {result.remark}"


OTHERS = {"container": Level.L2, "user": Level.L1u}


@pytest.fixture(scope="session")
def others() -> dict[str, list[Result]]:
    """What came of the attacks on the walls of those who are not root, or not on a machine of their own."""
    if os.geteuid() != 0:
        pytest.skip("only root can become others")
    program = [sys.executable, "-m", "autograder.attacks", "--json"]
    commands = {who: [*program, "--who", who, "--level", level.value] for who, level in OTHERS.items()}
    running = {who: subprocess.Popen(command, stdout=subprocess.PIPE) for who, command in commands.items()}
    return {who: msgspec.json.decode(one.communicate()[0], type=list[Result]) for who, one in running.items()}


@pytest.mark.parametrize("who", OTHERS)
def test_attacks_get_what_they_must_from_others(others, who):
    """Root in a container and an ordinary user hold every attack, too, and no file is left behind."""
    assert [result for result in others[who] if not result.is_right] == []
    assert [result.attack for result in others[who]] == [attack.name for attack in ATTACKS]
    assert {(result.who, result.level) for result in others[who]} == {(who, OTHERS[who].value)}


def test_what_an_attack_leaves_is_seen(assignment, tmp_path):
    """A file that is left without a wall is told, and so are a guest that nobody ended and memory, but once."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    leave = f"def trick():\n    open({str(folder / 'x')!r}, 'w')\n\n\ntrick()\n"
    attack = _read(tmp_path, HEAD.replace("L3", "L5").replace("trick()\n", leave))
    with Siege(assignment, Level.L5, watched=[folder]) as siege:
        guest, memory = siege.grader.sandbox.open({}, {}), np.ones(2**24)

        first, second = siege.result(attack).remark, siege.result(attack).remark
        guest.close()

    seen = rf"left processes \[\d+\], 2 open descriptors, {memory.nbytes >> 20} MiB in the grader"
    assert re.search(f"left {folder / 'x'}; {seen}$", first)
    assert second.endswith(f"left {folder / 'x'}")


@pytest.fixture(scope="session")
def highest(assignment) -> Iterator[Siege]:
    """The highest wall that can be built here."""
    with Siege(assignment, candidates()[0]) as made:
        yield made


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_points_of_an_attack_are_not_its_twins(highest, attack):
    """Without its trick the same submission earns nothing, or is the solution: what differs is what the trick did."""
    twin = highest.grade_twin(attack)

    assert twin.score == (twin.max_score if attack.target == "solution" else 0.0)


def test_single_precision_is_told_as_such(highest):
    """Who computes in float32 is told which dtype was expected, and what to do."""
    [single] = [attack for attack in ATTACKS if attack.row == "H03"]

    messages = [check.message for check in highest.grade(single).checks]

    assert any("expected dtype float64, got float32; compute in double precision" in message for message in messages)


@pytest.mark.parametrize("row", ["E01", "E03"])
def test_without_a_wall_the_search_finds_the_solution(assignment, row):
    """At L5 the attacks that search the disk, or import from it, get points: the wall is what stops them."""
    [search] = [attack for attack in ATTACKS if attack.row == row]

    with Siege(assignment, Level.L5) as siege:
        report = siege.grade(search)

    assert report.score == report.max_score


def test_inputs_are_not_told_in_a_report(highest):
    """Of what a submission prints, warns, notes and raises with, nothing is in its report."""
    [leak] = [attack for attack in ATTACKS if attack.row == "E11"]

    report = highest.grade(leak)

    assert {check.label for check in report.checks} == {Label.RAISED}
    assert b"LEAKED" not in msgspec.json.encode(report)


HEAD = '"""Tells.\n\nrow: Z99\nfile: linear.py\nlabel: WRONG or RAISED\nholds: L3\nseconds: 10\n"""\n\ntrick()\n'


@pytest.mark.parametrize(
    ("old", "new", "remark"),
    [
        ("label: WRONG or RAISED", "label: OK", "another label"),
        ("seconds: 10", "seconds: 0", "took more than 0 s"),
        ("seconds: 10", "seconds: 10\nearns: 2.5", "earned 0 of 6 points, not 2.5"),
    ],
)
def test_an_attack_that_gets_something_else_is_not_right(highest, tmp_path, old, new, remark):
    """Another label, another score and too much time are told."""
    source = HEAD.replace("label: WRONG or RAISED", "label: MISSING").replace("trick()\n", "trick = print\n\ntrick()\n")

    wanted = highest.result(_read(tmp_path, source))
    other = highest.result(_read(tmp_path, source.replace(old.replace("WRONG or RAISED", "MISSING"), new)))

    assert wanted.is_right
    assert not other.is_right and remark in other.remark


def _run(*arguments: str):
    return CliRunner().invoke(command.main, [*arguments, "--who", "here", "--level", "L5"])


def test_the_command_prints_a_row_and_a_line():
    """A row says what was wanted and what came, and the last line how many were as wanted."""
    done = _run("--rows", "a02,E01")

    assert done.exit_code == 0, done.output
    assert re.search(r"A02 +a02_exit_at_import +here +L5 +EXITED +EXITED +\d+\.\d\d +ok", done.output)
    assert "2 rows against 1 walls: 1 of 1 attacks as wanted, 1 not held by their level" in done.output


def test_rows_of_a_command_are_written_in_any_case():
    """A letter at the end of a row may be a capital, or not."""
    done = [_run("--rows", rows) for rows in ("g01A", "G01a")]

    assert [one.exit_code for one in done] == [0, 0], done[0].output
    assert all("1 rows against 1 walls" in one.output for one in done)


def test_the_command_fails_if_an_attack_does_not_get_what_it_must(monkeypatch):
    """The exit code is 1, and the last line names the row."""
    [attack] = [attack for attack in ATTACKS if attack.row == "A02"]
    monkeypatch.setattr(command, "read_attacks", lambda: (replace(attack, unwalled=(Label.WRONG,)),))

    done = _run()

    assert done.exit_code == 1
    assert "NOT OK: A02 at L5 as here" in done.output


def test_the_command_refuses_a_row_that_is_none():
    """A row that no attack has is a mistake of whoever typed it."""
    done = _run("--rows", "Q")

    assert done.exit_code == 2
    assert "there is no row Q" in done.output


def _read(folder, source: str) -> Attack:
    (folder / "one.py").write_text(source, "utf-8")
    [attack] = read_attacks(folder)
    return attack


def test_head_of_an_attack_is_read(tmp_path):
    """What stands in the docstring is what must come of the attack."""
    attack = _read(tmp_path, HEAD)

    assert (attack.row, attack.story, attack.target, attack.seconds) == ("Z99", "Tells.", "linear.py", 10.0)
    assert attack.is_held_at(Level.L3) and not attack.is_held_at(Level.L5)
    assert attack.is_answered_by([Label.WRONG, Label.RAISED], Level.L3)
    assert attack.is_answered_by([Label.WRONG], Level.L3)
    assert not attack.is_answered_by([Label.RAISED], Level.L3)
    assert not attack.is_answered_by([Label.WRONG, Label.OK], Level.L3)


def test_an_attack_may_end_otherwise_without_a_wall(tmp_path):
    """What stops a trick at L5 may be another thing, with another label."""
    attack = _read(tmp_path, HEAD.replace("seconds: 10", "seconds: 10\nunwalled: TIMEOUT"))

    assert attack.labels_at(Level.L5) == (Label.TIMEOUT,)
    assert attack.labels_at(Level.L3) == (Label.WRONG, Label.RAISED)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("row: Z99\n", "", "has the keys file, label, holds, seconds"),
        ("file: linear.py\n", "", "one of file, folder, archive"),
        ("label: WRONG", "label: WONDERFUL", "WONDERFUL"),
        ("holds: L3", "holds: L9", "L9"),
        ("seconds: 10", "seconds: soon", "soon"),
        ("seconds: 10", "seconds: 10\nearns: something", "something"),
        ("trick()\n", "trick\n", r"last line is trick\(\)"),
    ],
)
def test_head_that_is_wrong_is_refused(tmp_path, old, new, words):
    """A file whose head lacks something or says what cannot be is refused by name."""
    with pytest.raises(AssignmentError, match=rf"one\.py.*{words}"):
        _read(tmp_path, HEAD.replace(old, new))


def test_a_row_belongs_to_one_attack(tmp_path):
    """Two files of one row are refused."""
    (tmp_path / "another.py").write_text(HEAD, "utf-8")

    with pytest.raises(AssignmentError, match=r"row Z99 is another\.py already"):
        _read(tmp_path, HEAD)


def test_a_folder_and_an_archive_are_attacks_too(tmp_path, highest):
    """A trick of ours changes what a submission holds, or makes its archive."""
    head = HEAD.replace("file: linear.py", "folder: solution").removesuffix("trick()\n")
    odd = _read(
        tmp_path, head.replace("WRONG", "MISSING") + "def trick(files):\n    files.clear()\n    files['a'] = b''\n"
    )
    bad = head.replace("folder: solution", "archive: a.zip").replace("WRONG", "BAD_ARCHIVE")

    assert {check.label for check in highest.grade(odd).checks} == {"MISSING"}
    assert {
        check.label for check in highest.grade(_read(tmp_path, bad + "def trick(files):\n    return b''\n")).checks
    } == {"BAD_ARCHIVE"}


def test_every_attack_stands_under_its_row():
    """Files are named after their rows, so that the folder lists them in the order of the catalogue."""
    assert [attack.name for attack in ATTACKS if not attack.name.startswith(f"{attack.row.lower()}_")] == []
    assert {path.stem for path in FOLDER.glob("[a-z]*.py")} == {attack.name for attack in ATTACKS}

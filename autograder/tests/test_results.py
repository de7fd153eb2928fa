"""A report is written whole or not at all, and read back only if it is one."""

import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.errors import ResultsError
from autograder.model import Versions
from autograder.results import is_current, make_durable, read_report, write_page, write_report, write_whole
from autograder.scoring import Circumstances
from autograder.tests.sample import ALL_PASSED, CIRCUMSTANCES, OURS, WRONG, make_report


def test_a_report_is_found_again(tmp_path: Path) -> None:
    """Under the submission's name, as a file that others may read."""
    report = make_report(ALL_PASSED | {"test_one": WRONG})

    path = write_report(tmp_path / "results", report)

    assert path == tmp_path / "results" / "ada" / "report.json"
    assert read_report(tmp_path / "results", "ada") == report
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_writing_again_replaces_the_file(tmp_path: Path) -> None:
    """Nothing else stays in the folder."""
    write_whole(tmp_path / "file", b"a long first text")
    write_whole(tmp_path / "file", b"short")

    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_bytes() == b"short"


def fail(*_: Any, **__: Any) -> None:
    """Be a disk that is full."""
    raise OSError("no space left on device")


def interrupt(*_: Any, **__: Any) -> None:
    """Be a person who presses Ctrl-C."""
    raise KeyboardInterrupt


@pytest.mark.parametrize("disaster", [fail, interrupt])
@pytest.mark.parametrize(("module", "step"), [(os, "fsync"), (os, "fchmod"), (Path, "replace")])
def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: Any, step: str, disaster: Any
) -> None:
    """At whichever step: no half file, no temporary file, and the error is told."""
    write_whole(tmp_path / "file", b"old")
    monkeypatch.setattr(module, step, disaster)

    with pytest.raises((ResultsError, KeyboardInterrupt)):
        write_whole(tmp_path / "file", b"new")

    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_bytes() == b"old"


@pytest.mark.parametrize("before", [None, b"", b"who", b"another"])
def test_a_page_is_made_whole(tmp_path: Path, before: bytes | None) -> None:
    """Whatever is there in its place: nothing, or what a loss of power left."""
    path = tmp_path / "ada" / "report.html"
    if before is not None:
        path.parent.mkdir()
        path.write_bytes(before)

    write_page(tmp_path, "ada", b"whole")

    assert [found.name for found in path.parent.iterdir()] == ["report.html"]
    assert path.read_bytes() == b"whole"


def test_a_page_that_is_there_is_left_alone(tmp_path: Path) -> None:
    """A run that keeps ten thousand reports writes nothing."""
    write_page(tmp_path, "ada", b"whole")
    before = (tmp_path / "ada" / "report.html").stat().st_ino

    write_page(tmp_path, "ada", b"whole")

    assert (tmp_path / "ada" / "report.html").stat().st_ino == before


def test_what_the_disk_refuses_at_the_end_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the folder that it is about; one that somebody removed meanwhile is no fault."""
    write_report(tmp_path, make_report(ALL_PASSED))
    make_durable(tmp_path, ["ada", "nobody"])
    monkeypatch.setattr(os, "fsync", fail)

    with pytest.raises(ResultsError, match=r"ada: no space left on device"):
        make_durable(tmp_path, ["ada", "nobody"])


def test_nobody_sees_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the file gets its name, all of it is on the disk."""
    seen = []
    rename = Path.replace

    def look(path: Path, target: Path) -> Path:
        seen.append(path.read_bytes())
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", look)

    write_whole(tmp_path / "folder" / "file", b"whole")

    assert seen == [b"whole"]


@pytest.mark.parametrize(
    "rubbish",
    [b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"notes": ["\xff"]}', b'{"x":' + b"[" * 100_000, b"0" * 10_000],
    ids=lambda rubbish: repr(rubbish[:12]),
)
def test_rubbish_is_no_report(tmp_path: Path, rubbish: bytes) -> None:
    """The submission is graded again, and nothing is raised."""
    write_whole(tmp_path / "ada" / "report.json", rubbish)

    assert read_report(tmp_path, "ada") is None


def test_half_a_report_is_no_report(tmp_path: Path) -> None:
    """Nor is one with a grade that cannot exist, a folder in its place, or nothing."""
    path = write_report(tmp_path, make_report(ALL_PASSED | {"test_one": WRONG}))
    data = path.read_bytes()
    document = msgspec.json.decode(data)
    document["checks"][0]["points"] = document["checks"][0]["max_points"]

    for content in (data[: len(data) // 2], msgspec.json.encode(document)):
        path.write_bytes(content)
        assert read_report(tmp_path, "ada") is None
    (tmp_path / "bob" / "report.json").mkdir(parents=True)
    assert read_report(tmp_path, "bob") is None
    assert read_report(tmp_path, "nobody") is None


def test_a_report_is_current_as_long_as_nothing_changed() -> None:
    """The same submission under the same circumstances would be graded the same; a lower wall makes nothing better."""
    report = make_report(ALL_PASSED | {"test_one": WRONG})

    assert is_current(report, "submission-hash", CIRCUMSTANCES)
    assert is_current(report, "submission-hash", replace(CIRCUMSTANCES, level="L3"))


@pytest.mark.parametrize(
    "now",
    [
        replace(CIRCUMSTANCES, assignment_hash="another"),
        replace(CIRCUMSTANCES, level="L1"),
        replace(CIRCUMSTANCES, seed_id="another"),
        replace(CIRCUMSTANCES, versions=Versions("3.13.1", "2.4.6", "0.1.0")),
    ],
)
def test_a_change_makes_a_report_old(now: Circumstances) -> None:
    """Assignment, level, secret and versions all count."""
    assert not is_current(make_report(), "submission-hash", now)


def test_another_submission_or_an_error_of_ours_is_graded_again() -> None:
    """A report with an error is never kept."""
    assert not is_current(make_report(), "another-hash", CIRCUMSTANCES)
    assert not is_current(make_report(ALL_PASSED | {"test_one": OURS}), "submission-hash", CIRCUMSTANCES)

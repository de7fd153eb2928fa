"""What a course platform packs is read as it is, student by student, as a zip and as a folder."""

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.errors import Label, SubmissionError, UsageError
from autograder.export import ASSIGNMENT, read_facts
from autograder.roster import Found, find_submissions
from autograder.run import keep_times
from autograder.submission import Entry, read_submission

Write = Callable[[Path, Mapping[str, bytes]], Path]
ANSWER = {"numnet/conv.py": b"x = 1\n", "numnet/__init__.py": b""}
METADATA = b"""---
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0042'
    :email: ada@example.edu
  :created_at: 2026-11-20 10:00:00.000000000 Z
  :results:
    output: |-
      submission_12:
        :submitters:
        - :name: x
          :sid: '0042'

      :sid: '1'
submission_12:
  :submitters:
  - :name: "Bob :sid: 0042"
    :sid: ''
    :email: bob@example.edu
  - :name: Eve
    :sid:
    :email: eve@example.edu
submission_9:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0042'
    :email: ada@example.edu
submission_13:
  :submitters: []
"""


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return stream.getvalue()


def under(folder: str, files: Mapping[str, bytes] = ANSWER) -> dict[str, bytes]:
    """Return files below a folder."""
    return {f"{folder}/{name}": content for name, content in files.items()}


def other(number: int) -> dict[str, bytes]:
    """Return another answer, known by its number."""
    return {"numnet/conv.py": b"x = %d\n" % number}


STAMP = b"2026-11-21 09:30:00.123456 UTC\n"  # as nbgrader writes it
LOOSE = {name.removeprefix("numnet/"): content for name, content in ANSWER.items()}
DOWNLOADS: dict[str, dict[str, bytes]] = {
    "Gradescope": under("submission_11")
    | under("submission_12", {"My homework.zip": zipped(under("My homework"))})
    | under("submission_9", other(9))
    | {"submission_13/essay.txt": b"", "submission_metadata.yml": METADATA},
    "Canvas": {
        "lovelaceada_LATE_101_5001_submission-1.zip": zipped(ANSWER),
        "lovelaceada_LATE_101_4001_submission.zip": zipped(other(1)),
        "bobson_102_5002_conv-2.py": LOOSE["conv.py"],
        "bobson_102_5003___init__.py": b"",
        "bobson_102_4003_conv-1.py": b"old",
        "eve_103_text.html": b"<p>",
        "anon_Xy12z_77_submission.zip": zipped(ANSWER),
    },
    "Moodle": under("Ada Lovelace_201_assignsubmission_file_")
    | under("Bj\xf6rn B_202_assignsubmission_file_", {"my (1).zip": zipped(under("my (1)"))})
    | {"Bj\xf6rn B_202_assignsubmission_onlinetext_/onlinetext.html": b"<p>"}
    | {"Eve_203_assignsubmission_onlinetext_/onlinetext.html": b"<p>"}
    | {"Zoe_204_assignsubmission_file_submission.zip": zipped(ANSWER)},
    "nbgrader": under("submitted/ada/hw")
    | {"submitted/eve/hw/hw.ipynb": b"{}", "submitted/ada/hw/timestamp.txt": STAMP},
}
GRADED = {
    "Gradescope": {"0042": True, "bob%40example.edu-eve%40example.edu": True, "submission_13": False},
    "Canvas": {"lovelaceada_101": True, "bobson_102": True, "eve_103": False, "anon_Xy12z": True},
    "Moodle": {"Ada%20Lovelace_201": True, "Bj%C3%B6rn%20B_202": True, "Eve_203": False, "Zoe_204": True},
    "nbgrader": {"ada": True, "eve": False},
}


def as_folder(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write a download as a folder."""
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def as_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write a download as a zip."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".zip").write_bytes(zipped(files))
    return path.with_suffix(".zip")


def as_zip_of_a_folder(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write a download as a zip in which one folder holds everything, and what a Mac adds."""
    return as_zip(path, under("assignment_7_export", files) | {"__MACOSX/._x": b""})


def graded(found: Found) -> dict[str, bool]:
    """Return whether each submission can be read, and demand the newest answer."""
    readable = {}
    for entry in found.entries:
        try:
            readable[entry.id] = dict(read_submission(entry).files) == LOOSE
        except SubmissionError as refused:
            assert refused.label is Label.MISSING
            readable[entry.id] = False
    return readable


@pytest.mark.parametrize("write", [as_folder, as_zip, as_zip_of_a_folder])
@pytest.mark.parametrize("platform", DOWNLOADS)
def test_a_download_is_read_student_by_student(tmp_path: Path, platform: str, write: Write) -> None:
    """Everybody is there once, under an id that is safe as a file name, with the newest of their attempts."""
    if platform == "nbgrader" and write is as_zip_of_a_folder:
        pytest.skip("nbgrader packs nothing")
    path = write(tmp_path / "download", DOWNLOADS[platform])

    found = find_submissions([path])

    assert graded(found) == GRADED[platform]


@pytest.mark.parametrize("write", [as_folder, as_zip])
def test_what_is_taken_for_what_is_said(tmp_path: Path, write: Write) -> None:
    """The notes name the platform, the ids that are no names, and what is not graded."""
    path = write(tmp_path / "download", DOWNLOADS["Gradescope"] | {"grades\x1b.csv": b""})

    notes = set(find_submissions([path]).notes)

    assert f"{path.name!r} is a download from Gradescope, of 3 submissions" in notes
    assert "'bob@example.edu-eve@example.edu' is graded as bob%40example.edu-eve%40example.edu" in notes
    assert "'submission_9/' is left alone: there is a newer attempt" in notes
    assert r"'grades\x1b.csv' is left alone: it is nobody's" in notes
    assert len(notes) == 4


def test_nothing_is_written_to_a_disk(tmp_path: Path) -> None:
    """A zip in a zip is read in memory."""
    path = as_zip(tmp_path / "download", DOWNLOADS["Canvas"])

    graded(find_submissions([path]))

    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("hostile", ["../../numnet/conv.py", "numnet/co\x1bnv.py", "numnet/CONV.py", "/etc/x.py"])
def test_one_hostile_student_in_a_download_harms_nobody_else(tmp_path: Path, hostile: str) -> None:
    """What a student names is judged as theirs: the others are graded."""
    files = under("submission_1") | {f"submission_1/{hostile}": b"evil"} | under("submission_2")
    path = as_zip(tmp_path / "download", files | {"submission_metadata.yml": b""})

    hostile_one, honest = find_submissions([path]).entries

    with pytest.raises(SubmissionError) as refused:
        read_submission(hostile_one)
    assert refused.value.label is Label.BAD_ARCHIVE
    assert dict(read_submission(honest).files) == LOOSE


def test_a_student_cannot_be_a_class(tmp_path: Path) -> None:
    """Inside a folder of submissions, a zip that looks like a platform's is one submission, and takes nobody's name."""
    forged = as_zip(tmp_path / "class/aaa", {"bob_1_2_conv.py": b"evil", "eve_3_4_conv.py": b"evil"})
    as_zip(tmp_path / "class/bob_1", ANSWER)

    assert [entry.id for entry in find_submissions([tmp_path / "class"]).entries] == ["aaa", "bob_1"]
    named = find_submissions([forged, tmp_path / "class/bob_1.zip"])
    assert [entry.id for entry in named.entries if dict(read_submission(entry).files) == LOOSE] == ["bob_1"]


def test_clones_of_github_classroom_are_named_by_their_users(tmp_path: Path) -> None:
    """homework-submissions/homework-ada/ is ada's; what lies in .git is not looked at."""
    for user in ("ada", "bob"):
        as_folder(tmp_path / f"hw-submissions/hw-{user}", ANSWER | {".git/HEAD": b"", ".git/numnet/conv.py": b"evil"})

    found = find_submissions([tmp_path / "hw-submissions"])

    assert graded(found) == {"ada": True, "bob": True}


def test_a_course_of_nbgrader_is_recognised(tmp_path: Path) -> None:
    """Beside submitted/ lie source/, release/ and the gradebook."""
    path = as_folder(tmp_path, DOWNLOADS["nbgrader"] | under("source/hw") | {"gradebook.db": b""})

    assert graded(find_submissions([path])) == GRADED["nbgrader"]


def test_a_submission_with_a_leftover_zip_is_its_package(tmp_path: Path) -> None:
    """submit.py leaves submission.zip beside numnet/; beside loose modules nobody guesses."""
    package = as_folder(tmp_path / "ada", ANSWER | {"submission.zip": zipped(other(1))})
    as_folder(tmp_path / "class/eve", LOOSE | {"submission.zip": zipped(other(1))})

    assert graded(find_submissions([package])) == {"ada": True}
    [entry] = find_submissions([tmp_path / "class"]).entries
    with pytest.raises(SubmissionError, match=r"which is the answer\? There are 'submission.zip' and '__init__.py'"):
        read_submission(entry)


def test_two_archives_of_one_attempt_are_two_answers(tmp_path: Path) -> None:
    """Moodle packs one attempt, so that neither of its archives is newer."""
    names = ("Eve_1_assignsubmission_file_a.zip", "Eve_1_assignsubmission_file_b.zip")
    path = as_zip(tmp_path / "x", dict.fromkeys(names, zipped(ANSWER)))

    [entry] = find_submissions([path]).entries

    with pytest.raises(SubmissionError, match=r"which is the answer\? There are 'a.zip' and 'b.zip'"):
        read_submission(entry)


def test_broken_metadata_is_the_instructors_to_mend(tmp_path: Path) -> None:
    """Without it nobody knows whose is what."""
    path = as_zip(tmp_path / "x", DOWNLOADS["Gradescope"])
    content = path.read_bytes()
    start = content.index(b"submission_metadata.yml") + 40
    path.write_bytes(content[:start] + b"broken" + content[start + 6 :])

    with pytest.raises(UsageError, match=r"x.zip: submission_metadata.yml in it is broken; download it again"):
        find_submissions([path])


def test_a_notebook_is_no_answer_and_is_named(tmp_path: Path) -> None:
    """Whoever handed in a notebook is told what was expected."""
    as_folder(tmp_path / "class/eve", {"homework.ipynb": b"{}"})

    [entry] = find_submissions([tmp_path / "class"]).entries

    with pytest.raises(SubmissionError, match=r"no numnet/ with .py files in it; 'homework.ipynb' is a notebook"):
        read_submission(entry)


def test_an_archive_in_an_archive_of_a_download_is_refused(tmp_path: Path) -> None:
    """One zip per student is unpacked, and none in it."""
    path = as_zip(tmp_path / "x", {"eve_1_2_a.zip": zipped({"b.zip": zipped(ANSWER)}), "bob_2_3_a.zip": zipped(ANSWER)})

    bob, eve = find_submissions([path]).entries

    assert dict(read_submission(bob).files) == LOOSE
    with pytest.raises(SubmissionError, match=r"b.zip is an archive inside the archive"):
        read_submission(eve)


@pytest.mark.parametrize("write", [as_folder, as_zip])
def test_a_download_says_when_something_was_handed_in(tmp_path: Path, write: Write) -> None:
    """Gradescope in its metadata, for the newest attempt, nbgrader in a file; the policy is applied to it."""
    times = {
        entry.id: entry.handed_in
        for platform in ("Gradescope", "nbgrader")
        for entry in find_submissions([write(tmp_path / platform / "class", DOWNLOADS[platform])]).entries
    }

    assert {name: time.isoformat() for name, time in times.items() if time} == {
        "0042": "2026-11-20T10:00:00+00:00",
        "ada": "2026-11-21T09:30:00+00:00",
    }


def test_who_is_marked_as_late_is_named(tmp_path: Path) -> None:
    """Canvas does not say when, so that a person must."""
    notes = find_submissions([as_folder(tmp_path / "class", DOWNLOADS["Canvas"])]).notes

    assert [note for note in notes if "LATE" in note and "--times" in note] == [
        "'lovelaceada_101' is marked LATE, not when: name it in a CSV, --times"
    ]


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01 00:00:00 UTC", "2026-11-21 09:30:00", "9" * 200])
def test_what_is_no_time_is_none(tmp_path: Path, text: str) -> None:
    """A student may write the file; then it is not known when it was handed in, which earns nothing."""
    files = DOWNLOADS["nbgrader"] | {"submitted/ada/hw/timestamp.txt": text.encode()}

    entries = find_submissions([as_folder(tmp_path / "class", files)]).entries

    assert {entry.handed_in for entry in entries} == {None}


def test_times_are_kept_for_the_policy_and_a_csv_wins(tmp_path: Path) -> None:
    """Beside the reports, those of an earlier run too."""
    results, csv = tmp_path / "results", tmp_path / "times.csv"
    results.mkdir()
    entries = find_submissions([as_folder(tmp_path / "class", DOWNLOADS["Gradescope"])]).entries
    keep_times(results, [Entry("eve", tmp_path, handed_in=datetime(2026, 11, 1, tzinfo=UTC))])
    keep_times(results, entries)
    keep_times(results, entries[:0])
    csv.write_text("submission,handed_in\n0042,2026-12-24T00:00:00Z\n", "utf-8")

    told, corrected = (read_facts(results, ASSIGNMENT, None, times).times for times in (None, csv))

    assert {name: time.day for name, time in told.items()} == {"0042": 20, "eve": 1}
    assert {name: time.day for name, time in corrected.items()} == {"0042": 24, "eve": 1}

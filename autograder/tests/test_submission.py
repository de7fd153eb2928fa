"""A submission is found, named and read, however it was packed, and nothing but the student's modules is taken."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from autograder.errors import Label, SubmissionError, UsageError
from autograder.roster import find_submissions
from autograder.submission import Entry, read_submission

ANSWER = {"conv.py": b"x = 1\n", "__init__.py": b""}


def put(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files into a folder, and return it."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def pack(path: Path, files: dict[str, bytes]) -> Path:
    """Write a zip of files, and return its path."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(stream.getvalue())
    return path


def under(prefix: str) -> dict[str, bytes]:
    """Return the answer's files below a path."""
    return {prefix + name: content for name, content in ANSWER.items()}


LAYOUTS = {
    "a package": under("numnet/"),
    "one folder that holds it": under("homework/numnet/"),
    "a clone": under("week-3/homework/numnet/") | {"week-3/tests/test_conv.py": b"", "notes.md": b""},
    "loose files": under(""),
    "loose files in one folder": under("answers/"),
    "a whole handout": under("numnet/")
    | {"check.py": b"", "tests/test_conv.py": b"", "numnet/given/caches.py": b"", "numnet/notes.txt": b""},
    "loose files with ours beside": under("") | {"check.py": b"", "submit.py": b"", "given/data.py": b""},
    "a package and a copy below": under("numnet/") | {"old/numnet/conv.py": b"old"},
    "with what systems add": under("numnet/") | {"__MACOSX/numnet/conv.py": b"", "numnet/.conv.py": b""},
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_honest_layout_is_read_the_same(tmp_path: Path, layout: str) -> None:
    """As a folder and as a zip, the student's own modules arrive, and the hash is the same."""
    folder, archive = put(tmp_path / "folder", LAYOUTS[layout]), pack(tmp_path / "ada.zip", LAYOUTS[layout])

    from_folder, from_zip = read_submission(Entry("ada", folder)), read_submission(Entry("ada", archive))

    assert dict(from_folder.files) == ANSWER
    assert from_folder == from_zip


def test_the_hash_follows_the_files(tmp_path: Path) -> None:
    """Another byte in a module gives another hash; a file that is not taken does not."""
    folder = put(tmp_path, under("numnet/"))
    before = read_submission(Entry("ada", folder)).hash

    put(folder, {"notes.md": b"x", "numnet/given/data.py": b"x"})
    assert read_submission(Entry("bob", folder)).hash == before
    put(folder, {"numnet/conv.py": b"x = 2\n"})

    assert read_submission(Entry("ada", folder)).hash != before


@pytest.mark.parametrize("files", [{}, {"README.md": b""}, {"check.py": b"", "tests/test_a.py": b""}])
def test_a_submission_without_modules_is_missing(tmp_path: Path, files: dict[str, bytes]) -> None:
    """Nothing to grade is said in one word."""
    folder, archive = put(tmp_path / "folder", files), pack(tmp_path / "ada.zip", files)
    folder.mkdir(exist_ok=True)

    for path in (folder, archive):
        with pytest.raises(SubmissionError, match="there is no numnet/") as refused:
            read_submission(Entry("ada", path))
        assert refused.value.label is Label.MISSING


def test_two_answers_in_one_submission_are_refused(tmp_path: Path) -> None:
    """Nobody guesses which of two packages is meant."""
    put(tmp_path, under("a/numnet/") | under("b/numnet/"))

    with pytest.raises(SubmissionError, match="which is the answer\\? There are 'a/numnet' and 'b/numnet'"):
        read_submission(Entry("ada", tmp_path))


def test_links_and_pipes_are_not_followed_or_opened(tmp_path: Path) -> None:
    """A link to a secret, a pipe that would block and a folder of that name are all left alone."""
    secret = put(tmp_path / "ours", {"secret.py": b"42"})
    folder = put(tmp_path / "theirs", {"numnet/conv.py": b"x"})
    (folder / "numnet/linked.py").symlink_to(secret / "secret.py")
    (folder / "numnet/folder.py").mkdir()
    (folder / "more").symlink_to(secret)
    os.mkfifo(folder / "numnet/pipe.py")

    assert read_submission(Entry("ada", folder)).files == {"conv.py": b"x"}


def test_a_package_that_is_a_link_is_missing(tmp_path: Path) -> None:
    """numnet -> ../solution/numnet would be graded as ours."""
    put(tmp_path / "ours", under("numnet/"))
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/numnet").symlink_to(tmp_path / "ours/numnet")

    with pytest.raises(SubmissionError, match="there is no numnet/"):
        read_submission(Entry("ada", tmp_path / "theirs"))


def test_a_module_that_is_too_large_is_refused(tmp_path: Path) -> None:
    """1 MiB is read, one byte more is not; seventeen of them are too many."""
    put(tmp_path, {"numnet/conv.py": bytes(1 << 20)})
    assert len(read_submission(Entry("ada", tmp_path)).files["conv.py"]) == 1 << 20

    put(tmp_path, {"numnet/conv.py": bytes((1 << 20) + 1)})
    with pytest.raises(SubmissionError, match=r"'conv.py' is larger than 1 MiB"):
        read_submission(Entry("ada", tmp_path))

    put(tmp_path, {"numnet/conv.py": b""} | {f"numnet/m{number}.py": bytes(1 << 20) for number in range(17)})
    with pytest.raises(SubmissionError, match="larger than 16 MiB together"):
        read_submission(Entry("ada", tmp_path))


def test_a_class_is_found_sorted_by_id(tmp_path: Path) -> None:
    """Folders and archives are submissions; what else lies there is named, and hidden files are not."""
    put(tmp_path, under("zoe/numnet/") | {"grades.csv": b"", ".marker": b"", "__MACOSX/x": b""})
    pack(tmp_path / "ada.zip", under("numnet/"))
    (tmp_path / "eve").symlink_to(tmp_path / "zoe")
    (tmp_path / "bob.tar.gz").write_bytes(b"")

    found = find_submissions([tmp_path])

    assert [entry.id for entry in found.entries] == ["ada", "bob", "zoe"]
    assert found.notes == (
        "'eve' is neither a folder nor an archive: left alone",
        "'grades.csv' is neither a folder nor an archive: left alone",
    )


@pytest.mark.parametrize("layout", [under("numnet/"), under(""), under("") | {"given/data.py": b""}])
def test_one_submission_is_told_from_a_class(tmp_path: Path, layout: dict[str, bytes]) -> None:
    """A path with modules in it is one submission, named like its folder."""
    folder = put(tmp_path / "ada", layout)
    archive = pack(tmp_path / "bob.ZIP", layout)

    assert [entry.id for entry in find_submissions([folder, archive]).entries] == ["ada", "bob"]


def test_a_script_in_the_folder_of_a_class_makes_it_no_submission(tmp_path: Path) -> None:
    """The instructor's own files may lie beside the submissions."""
    put(tmp_path, under("ada/numnet/") | {"rename.py": b""})

    assert [entry.id for entry in find_submissions([tmp_path]).entries] == ["ada"]


def test_a_name_that_a_run_needs_for_itself_gets_a_suffix(tmp_path: Path) -> None:
    """A submission called scores.csv does not take the place of the table, and none begins a formula in it."""
    for name in ("scores.csv", "-A1"):
        (tmp_path / name / "numnet").mkdir(parents=True)
        (tmp_path / name / "numnet" / "conv.py").write_text("", "utf-8")

    found = find_submissions([tmp_path])

    assert [entry.id for entry in found.entries] == ["%2DA1", "scores.csv-2"]


def test_an_unsafe_name_is_escaped_and_said(tmp_path: Path) -> None:
    """No id leads elsewhere, spoils a terminal or is empty."""
    for name in ("Ana Mar\u00eda", "a\x1b[31m", "x" * 200):
        pack(tmp_path / f"{name}.zip", under("numnet/"))

    found = find_submissions([tmp_path])

    assert [entry.id for entry in found.entries] == ["Ana%20Mar%C3%ADa", "a%1B%5B31m", "x" * 100]
    assert found.notes[0] == "'Ana Mar\\xeda.zip' is graded as Ana%20Mar%C3%ADa"
    assert all(note.isprintable() for note in found.notes)


def test_a_name_that_is_taken_gets_a_number_and_is_said(tmp_path: Path) -> None:
    """Capital letters alone make no other name, and the same path twice is one submission."""
    put(tmp_path, under("ada/numnet/") | under("Ada-2/numnet/"))
    pack(tmp_path / "ada.zip", under("numnet/"))
    pack(tmp_path / "elsewhere/ADA.zip", under("numnet/"))

    found = find_submissions([tmp_path / "ada", tmp_path, tmp_path / "elsewhere"])

    assert sorted(entry.id for entry in found.entries) == ["ADA-3", "Ada-2", "ada", "ada-4", "elsewhere"]


def test_a_path_without_submissions_is_wrong_usage(tmp_path: Path) -> None:
    """A path that is not there, or a folder with nothing in it, is named."""
    with pytest.raises(UsageError, match="nowhere: no such file or folder"):
        find_submissions([tmp_path / "nowhere"])
    with pytest.raises(UsageError, match="there is no submission in it"):
        find_submissions([tmp_path])


def test_a_link_that_the_instructor_names_is_followed(tmp_path: Path) -> None:
    """What stands on the command line is the instructor's word."""
    pack(tmp_path / "2026/ada.zip", under("numnet/"))
    (tmp_path / "latest.zip").symlink_to(tmp_path / "2026/ada.zip")

    (entry,) = find_submissions([tmp_path / "latest.zip"]).entries

    assert (entry.id, read_submission(entry).files) == ("latest", ANSWER)


def test_a_submission_that_disappeared_is_our_fault(tmp_path: Path) -> None:
    """It is to be graded again, not to be scored 0."""
    with pytest.raises(SubmissionError, match="cannot be read: No such file") as refused:
        read_submission(Entry("ada", tmp_path / "gone"))

    assert refused.value.label is Label.GRADER_ERROR

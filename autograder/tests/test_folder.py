"""A folder is read, replaced and named as a whole."""

from pathlib import Path

import pytest

from autograder.folder import fingerprint, read_folder, replace_folder


def test_hidden_files_byte_code_and_links_are_no_part_of_a_folder(tmp_path: Path) -> None:
    """What is read is what somebody wrote, by paths with slashes."""
    replace_folder(tmp_path / "a", {"b/c.py": b"1", "d.txt": b"2", ".hidden": b"", "b/__pycache__/c.pyc": b""})
    (tmp_path / "a/link").symlink_to(tmp_path)

    assert read_folder(tmp_path / "a") == {"b/c.py": b"1", "d.txt": b"2"}


def test_a_folder_stays_as_it_was_if_the_new_one_cannot_be_written(tmp_path: Path) -> None:
    """Half a folder is never seen, and nothing is left beside."""
    replace_folder(tmp_path / "a", {"b": b"1"})

    with pytest.raises(OSError, match="b"):
        replace_folder(tmp_path / "a", {"b": b"2", "b/c": b"a file cannot be a folder, too"})

    assert read_folder(tmp_path / "a") == {"b": b"1"}
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_fingerprint_depends_on_every_name_and_byte_and_not_on_the_order() -> None:
    """Bytes that move from one file to its neighbour, or to a name, are seen."""
    files = {"a": b"1", "b": b"2"}

    assert fingerprint(files) == fingerprint({"b": b"2", "a": b"1"})
    others = [{"a": b"12", "b": b""}, {"a": b"1"}, {"a1": b"", "b": b"2"}, {"a": b"2", "b": b"1"}, {}]
    assert len({fingerprint(other) for other in [files, *others]}) == 6

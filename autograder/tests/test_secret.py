"""The secret is made once, for its owner's eyes; the seeds that come from it differ, and can be made again."""

import os
import stat
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.secret import VARIABLE, generator, read_secret, seed_id


@pytest.fixture(autouse=True)
def no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the environment's secret away."""
    monkeypatch.delenv(VARIABLE, raising=False)


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    """The second reader gets what the first one made; another course gets another."""
    path = tmp_path / ".secret"

    first = read_secret(path)

    assert read_secret(path) == first == path.read_bytes()
    assert len(first) == 64
    assert read_secret(tmp_path / "other") != first


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX")
def test_only_its_owner_reads_the_file(tmp_path: Path) -> None:
    """Even where new files are for everybody."""
    before = os.umask(0)
    try:
        read_secret(tmp_path / ".secret")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / ".secret").stat().st_mode) == 0o600


def test_the_environments_secret_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It makes no file; an empty one counts as none."""
    monkeypatch.setenv(VARIABLE, "täglich")

    assert read_secret(tmp_path / ".secret") == "täglich".encode()
    assert not list(tmp_path.iterdir())

    monkeypatch.setenv(VARIABLE, "")
    assert read_secret(tmp_path / ".secret") == (tmp_path / ".secret").read_bytes()


@pytest.mark.parametrize("content", [b"", b" \n"])
def test_a_file_without_a_secret_is_refused(tmp_path: Path, content: bytes) -> None:
    """Seeds that come from nothing could be guessed."""
    (tmp_path / ".secret").write_bytes(content)

    with pytest.raises(UsageError, match="holds no secret; remove it"):
        read_secret(tmp_path / ".secret")


def test_a_secret_is_named_without_giving_it_away() -> None:
    """The name is short, the same for the same secret, and another for another."""
    assert seed_id(b"secret") == seed_id(b"secret")
    assert seed_id(b"secret") != seed_id(b"Secret")
    assert len(seed_id(b"secret")) == 12


def test_every_submission_and_check_has_its_own_inputs() -> None:
    """Secret, submission and check all matter, and none can pass for another."""
    cases = [
        (secret, submission, check)
        for secret in (b"one", b"two")
        for submission in ("a", "ab", "")
        for check in ("test_a", "test_b", "b")
    ]

    draws = {generator(*case).bytes(16) for case in cases}

    assert len(draws) == len(cases)


def test_inputs_can_be_drawn_again() -> None:
    """The same secret, submission and check give the same numbers, in another run and on another machine too."""
    numbers = generator(b"secret", "hash", "test_one").bit_generator.random_raw(2)

    assert numbers.tolist() == [231505189505428573, 14783731825724936335]

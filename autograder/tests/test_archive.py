"""A zip from a stranger is read to the byte or refused as a whole, whatever is in it."""

import io
import stat
import tracemalloc
import zipfile
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import archive
from autograder.archive import open_archive
from autograder.errors import Label, SubmissionError

HONEST = {
    "numnet/conv.py": b"x = 1\n",
    "numnet/pool.py": b"",
    "README.md": b"hello",
    "My plots (2)/caf\xe9.txt": b"",
    "caf\xe9.txt": b"",
    "stra\xdfe.txt": b"",
}


def entry(name: str, *, mode: int = stat.S_IFREG | 0o644, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    """Return an entry of that very name, which zipfile would repair."""
    info = zipfile.ZipInfo("placeholder")
    info.filename = info.orig_filename = name
    info.external_attr, info.compress_type, info.create_system = mode << 16, compression, 3
    return info


def pack(files: dict[str, bytes], *more: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    """Return a zip of ordinary files and of entries that may be anything."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
        for info, content in more:
            packed.writestr(info, content)
    return stream.getvalue()


def claiming(packed: bytes, size: int) -> bytes:
    """Return a zip whose first file has another size, as both of its headers say."""
    content = bytearray(packed)
    for header, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.index(header) + offset
        content[start : start + 4] = size.to_bytes(4, "little")
    return bytes(content)


def read_archive(content: bytes) -> dict[str, bytes]:
    """Read every file of a zip."""
    archive = open_archive(content)
    return {name: archive.read(name) for name in archive.names()}


def test_an_honest_zip_is_read_to_the_byte() -> None:
    """Folders are no files, and what operating systems add is ignored."""
    junk = {"__MACOSX/numnet/._conv.py": b"\0", ".DS_Store": b"\0", "numnet/__pycache__/conv.cpython-311.pyc": b"\0"}

    assert read_archive(pack(HONEST | junk | {"numnet/Thumbs.db": b"", "numnet/given/": b""})) == HONEST


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../conv.py", "leads out of the archive"),
        ("numnet/../../conv.py", "leads out of the archive"),
        ("/etc/conv.py", "leads out of the archive"),
        ("./conv.py", "leads out of the archive"),
        ("numnet//conv.py", "leads out of the archive"),
        ("numnet\\conv.py", "leads out of the archive"),
        ("C:conv.py", "leads out of the archive"),
        ("..", "leads out of the archive"),
        ("__MACOSX/../../conv.py", "leads out of the archive"),
        ("data\nbase.txt", r"'data\\nbase.txt' is not a name of at most 100 printable"),
        ("notes\u202etxt.exe", "is not a name"),
        ("STRASSE.txt", "STRASSE.txt is there twice"),
        ("cafe\u0301.txt", "is there twice"),
        ("numnet/con v.py", "is not a name of letters, digits"),
        ("numnet/con\nv.py", r"'numnet/con\\nv.py' is not a name"),
        ("numnet/\x1b[31m.py", r"'numnet/\\x1b\[31m.py' is not a name"),
        ("numnet/cönv.py", r"'numnet/c\\xf6nv.py' is not a name"),
        ("numnet/conv\u202eyp.py", "is not a name"),
        ("numnet/" + "c" * 101, "is not a name of at most 100"),
        ("a/b/c/d/e/f/g/h/conv.py", "is more than 8 folders deep"),
        ("more.zip", "more.zip is an archive inside the archive"),
        ("numnet/more.tar.GZ", "is an archive inside the archive"),
        ("numnet/conv.py", "numnet/conv.py is there twice"),
        ("numnet/Conv.py", "numnet/Conv.py is there twice"),
        ("Numnet/rnn.py", "Numnet/rnn.py lies in a folder that is spelled in two ways"),
        ("numnet/conv.py/x.py", "numnet/conv.py is a file and a folder"),
        ("numnet", "numnet is a file and a folder"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_hostile_name_is_refused(name: str, message: str) -> None:
    """Nothing is repaired, and the name is shown without control characters."""
    with pytest.raises(SubmissionError, match=message) as refused:
        read_archive(pack(HONEST, (entry(name), b"evil")))

    assert refused.value.label is Label.BAD_ARCHIVE


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_a_link_or_device_is_refused(kind: int) -> None:
    """Only files and folders are in an answer."""
    with pytest.raises(SubmissionError, match=r"numnet/rnn.py is a link or a device"):
        read_archive(pack({}, (entry("numnet/rnn.py", mode=kind | 0o777), b"/etc/passwd")))


def test_a_name_that_is_not_utf_8_is_refused() -> None:
    """Nobody guesses what a byte stands for; UTF-8 that is not marked as such is taken."""
    umlaut = pack({"numnet/x.py": b"", "notes-aa.txt": b""})

    open_archive(umlaut.replace(b"-aa.", "-\xf6.".encode()))
    with pytest.raises(SubmissionError, match=r"'notes-.*' is a name that is not UTF-8"):
        open_archive(umlaut.replace(b"-aa.", b"-\xf6a."))


def test_a_name_with_a_null_byte_is_refused() -> None:
    """zipfile would cut it there, and read conv.py."""
    hidden = pack({"numnet/conv.py0.txt": b""}).replace(b"py0", b"py\0")

    with pytest.raises(SubmissionError, match=r"'numnet/conv.py\\x00.txt' is not a name"):
        open_archive(hidden)


def test_an_encrypted_entry_is_refused() -> None:
    """There is no password to ask for."""
    content = bytearray(pack({"numnet/conv.py": b"x"}))
    for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(header) + offset] |= 1

    with pytest.raises(SubmissionError, match=r"numnet/conv.py is encrypted"):
        read_archive(bytes(content))


def test_an_unusual_compression_is_refused() -> None:
    """LZMA asks for as much memory as its header says."""
    with pytest.raises(SubmissionError, match="is compressed in another way than deflate"):
        read_archive(pack({}, (entry("numnet/conv.py", compression=zipfile.ZIP_LZMA), b"x" * 1000)))


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    """A file of 50 MiB that was packed into 50 KiB is refused by its own claim, wherever it lies."""
    bomb = pack(HONEST | {"data/zeros.bin": bytes(50 << 20)})

    with pytest.raises(SubmissionError, match=r"data/zeros.bin is a bomb: it unpacks to more than 200 times"):
        open_archive(bomb)


def test_a_bomb_that_lies_is_read_up_to_the_limit() -> None:
    """The archive says 900 bytes, in both of its headers, and 50 MiB would come."""
    bomb = claiming(pack({"numnet/conv.py": bytes(50 << 20)}), 900)

    tracemalloc.start()
    with pytest.raises(SubmissionError, match=r"not a zip that can be read: .*Bad CRC-32"):
        read_archive(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 4 << 20


def test_a_large_file_is_refused_when_it_is_read() -> None:
    """1 MiB of a module is read, one byte more is not; what nobody reads may be larger."""
    noise = Random(0).randbytes(1 << 20)
    archive = open_archive(pack({"numnet/a.py": noise, "numnet/b.py": noise + b"x", "plot.png": noise * 3}))

    assert archive.read("numnet/a.py") == noise
    with pytest.raises(SubmissionError, match=r"numnet/b.py is larger than 1 MiB"):
        archive.read("numnet/b.py")


def test_many_files_together_are_bounded() -> None:
    """Seventeen files of 1 MiB are more than an answer needs."""
    noise = Random(0).randbytes(1 << 20)

    with pytest.raises(SubmissionError, match="the archive holds more than 16 MiB"):
        read_archive(pack({f"numnet/m{number}.py": noise for number in range(17)}))


def test_too_many_entries_are_refused() -> None:
    """A thousand are read, one more is not."""
    assert len(read_archive(pack({f"m{number}.py": b"" for number in range(1000)}))) == 1000
    with pytest.raises(SubmissionError, match="more than 1000 entries"):
        read_archive(pack({f"m{number}.py": b"" for number in range(1001)}))


def test_a_long_list_of_entries_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each entry would become an object first."""
    many = pack({str(number): b"" for number in range(6000)})
    monkeypatch.setattr(archive, "ZipFile", None)

    with pytest.raises(SubmissionError, match="the archive has too many entries"):
        open_archive(many)


@pytest.mark.parametrize("size", [0, 3, 7, 1 << 19, (1 << 32) - 2])
def test_a_size_that_is_a_lie_is_refused(size: int) -> None:
    """The archive says another length than what comes out, in both of its headers."""
    with pytest.raises(SubmissionError):
        read_archive(claiming(pack({"numnet/conv.py": b"x = 1\n"}), size))


def test_a_broken_file_is_refused() -> None:
    """A byte that was changed on the way is found by the checksum."""
    content = pack({}, (entry("numnet/conv.py", compression=zipfile.ZIP_STORED), b"x = 1\n"))

    with pytest.raises(SubmissionError, match=r"not a zip that can be read: .*Bad CRC-32"):
        read_archive(content.replace(b"x = 1", b"x = 2"))


@pytest.mark.parametrize("content", [b"", b"PK", b"Rar!\x1a\x07", b"\x1f\x8b\x08", b"x = 1\n" * 1000])
def test_what_is_no_zip_is_refused(content: bytes) -> None:
    """A text, another archive or nothing at all."""
    with pytest.raises(SubmissionError, match="the archive is not a zip, and nothing else is read"):
        read_archive(content)


@given(st.binary(max_size=2_000))
def test_arbitrary_bytes_give_an_answer_or_a_refusal(content: bytes) -> None:
    """No bytes raise anything else."""
    with pytest.raises(SubmissionError):
        read_archive(content)


@given(st.data())
def test_a_zip_with_changed_bytes_gives_an_answer_or_a_refusal(data: st.DataObject) -> None:
    """Bytes that are nearly a zip reach every corner of the reader."""
    content = bytearray(pack(HONEST))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    try:
        files = read_archive(bytes(content))
    except SubmissionError:
        return

    assert sum(map(len, files.values())) <= archive.MAX_TOTAL_BYTES

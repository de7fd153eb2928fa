"""What is fetched is what the manifest says, or one sentence says what is wrong and nothing is left behind."""

import gzip
import hashlib
import os
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from autograder.tests.homework import ROOT, load_given

MIRROR = ROOT.parent / "shared" / "datasets"
CONTENT = b"cows eat grass\n" * 5000
NAMED = "zoo/cows.txt"

pytestmark = [  # pooch leaves it to the garbage collector to close its connections
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
pytest.importorskip("pooch", reason="pooch is not installed; it is a development dependency")


@pytest.fixture(scope="module")
def data() -> ModuleType:
    """Return the door to the data."""
    return load_given().data


@pytest.fixture(autouse=True)
def no_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the mirror, and any proxy between this machine and itself."""
    monkeypatch.delenv("NUMNET_DATA", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


class Shelf(BaseHTTPRequestHandler):
    """Serves the right file, a wrong one of the same size, one that is cut short, or none."""

    def do_GET(self) -> None:
        """Answer by the name that is asked for."""
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        if self.path == "/missing":
            self.send_error(404)
            return
        content = CONTENT.upper() if self.path == "/wrong" else CONTENT
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:2000] if self.path == "/cut" else content)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    """Return a server on this machine that keeps what it was asked for."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Shelf) as made:
        made.asked = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def remote_at(data: ModuleType, address: str):
    """Describe CONTENT as a file at an address."""
    return data.Remote(NAMED, address, len(CONTENT), hashlib.sha256(CONTENT).hexdigest(), "ours")


@pytest.fixture
def remote(data, server):
    """Describe the right file on the server under one of its names: remote("right")."""

    def described(path: str):
        return remote_at(data, f"http://127.0.0.1:{server.server_port}/{path}")

    return described


def files_below(folder: Path) -> list[str]:
    """Return every file below a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_file_is_fetched_once(data, server, remote, tmp_path, capfd):
    """The second call reads the cache, and neither says a word where no person is watching."""
    first = data.fetch(remote("right"), tmp_path)
    second = data.fetch(remote("right"), tmp_path)

    assert first == second == tmp_path / NAMED
    assert first.read_bytes() == CONTENT
    assert files_below(tmp_path) == [NAMED]
    assert server.asked == ["/right"]
    assert capfd.readouterr() == ("", "")


def test_a_person_sees_a_bar(data, remote, tmp_path, monkeypatch, capsys):
    """On a terminal a bar counts the bytes, on stderr."""
    pytest.importorskip("tqdm", reason="tqdm is not installed; it is a development dependency")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    data.fetch(remote("right"), tmp_path)

    output = capsys.readouterr()
    assert output.out == "" and "100%" in output.err


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("wrong", rf"/wrong is not {NAMED}: expected 75,000 bytes with SHA-256 \w{{12}}..., got 75,000 with \w{{12}}"),
        ("cut", r"/cut could not be fetched: no connection, or one that broke \(\w+\)"),
        ("missing", r"/missing could not be fetched: the server answered 404"),
    ],
)
def test_a_wrong_file_is_refused_and_nothing_is_left(data, remote, tmp_path, path, message):
    """Another content, a part, no answer: one sentence with the address, and what to do instead."""
    with pytest.raises(data.DataError, match=message) as refused:
        data.fetch(remote(path), tmp_path)

    assert f"as {NAMED} in a folder and let NUMNET_DATA name that folder" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert files_below(tmp_path) == []


def test_without_a_network_one_sentence_says_so(data, tmp_path):
    """A refused connection is no traceback of a library."""
    with pytest.raises(data.DataError, match=r"could not be fetched: no connection, or one that broke \(ConnectionErr"):
        data.fetch(remote_at(data, "http://127.0.0.1:9/nobody-listens"), tmp_path)

    assert files_below(tmp_path) == []


def test_a_spoilt_cache_is_fetched_again(data, server, remote, tmp_path):
    """A file in the cache that is not the right one is replaced, and stays if that fails."""
    place = tmp_path / NAMED
    place.parent.mkdir()
    place.write_bytes(b"spoilt")

    with pytest.raises(data.DataError, match="is not"):
        data.fetch(remote("wrong"), tmp_path)
    assert place.read_bytes() == b"spoilt"

    assert data.fetch(remote("right"), tmp_path).read_bytes() == CONTENT
    assert server.asked == ["/wrong", "/right"]


def test_a_missing_pooch_is_said(data, remote, tmp_path, monkeypatch):
    """Whoever has no pooch is told so, and how to go without."""
    monkeypatch.setitem(sys.modules, "pooch", None)

    with pytest.raises(data.DataError, match=rf"fetching {NAMED} needs pooch, which is not installed; save http"):
        data.fetch(remote("right"), tmp_path)


def test_a_mirror_is_looked_at_first_and_checked(data, server, remote, tmp_path, monkeypatch):
    """The right file of a mirror is used where it lies; a wrong one is refused; what it does not have is fetched."""
    mirror, cache = tmp_path / "mirror", tmp_path / "cache"
    (mirror / "zoo").mkdir(parents=True)
    monkeypatch.setenv("NUMNET_DATA", str(mirror))

    assert data.fetch(remote("right"), cache) == cache / NAMED
    (mirror / NAMED).write_bytes(CONTENT)
    assert data.fetch(remote("missing"), cache) == mirror / NAMED
    (mirror / NAMED).write_bytes(CONTENT[:-1])
    with pytest.raises(data.DataError, match=rf"{NAMED} in the folder of NUMNET_DATA is not {NAMED}: .* got 74,999"):
        data.fetch(remote("right"), cache)

    assert server.asked == ["/right"]


def test_a_mirror_that_is_no_folder_is_named(data, remote, tmp_path, monkeypatch):
    """A slip in NUMNET_DATA does not lead to a download."""
    monkeypatch.setenv("NUMNET_DATA", str(tmp_path / "nowhere"))

    with pytest.raises(data.DataError, match=r"NUMNET_DATA names .*nowhere, which is no folder"):
        data.fetch(remote("right"), tmp_path)


def test_what_is_at_hand_is_known_without_asking(data, server, remote, tmp_path, monkeypatch):
    """In the mirror or in the cache; nothing is fetched, and a mirror that is no folder is said."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    before = data.is_at_hand(remote("right"))
    (tmp_path / "numnet" / NAMED).parent.mkdir(parents=True)
    (tmp_path / "numnet" / NAMED).touch()

    assert not before and data.is_at_hand(remote("right")) and server.asked == []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    monkeypatch.setenv("NUMNET_DATA", str(tmp_path / "numnet"))
    assert data.is_at_hand(remote("right"))
    monkeypatch.setenv("NUMNET_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(data.DataError, match="which is no folder"):
        data.is_at_hand(remote("right"))


def test_the_manifest_pins_every_file(data):
    """Three sets, eight files, each with an address of its own, a size, a SHA-256 and a licence."""
    remotes = data.remotes()

    assert {name.partition("/")[0] for name in remotes} == {"tiny-shakespeare", "wnut17", "mnist"}
    assert len(remotes) == len({remote.address for remote in remotes.values()}) == 8
    for name, remote in remotes.items():
        assert remote.address.startswith("https://") and remote.address.endswith(Path(name).name)
        assert len(remote.sha256) == 64 and remote.size > 4000 and remote.licence


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the mirror of this machine."""
    if not MIRROR.is_dir():
        pytest.skip("there is no mirror of the fetched sets beside the project; verses are tested in their place")
    monkeypatch.setenv("NUMNET_DATA", str(MIRROR))


def test_wnut17_has_its_sentences(data, mirror):
    """3394, 1009 and 1287 sentences, six types in BIO; a line that holds only a tab parts two of them."""
    for part, sentences, tokens in (("train", 3394, 62730), ("dev", 1009, 15733), ("test", 1287, 23394)):
        words, tags = data.wnut17(part)

        assert len(words) == len(tags) == sentences
        assert [len(sentence) for sentence in words] == [len(sentence) for sentence in tags]
        assert sum(map(len, words)) == tokens
        assert {tag[2:] for sentence in tags for tag in sentence} - {""} == {
            *("person", "location", "corporation", "product", "creative-work", "group"),
        }


def test_shakespeare_is_a_text_of_65_characters(data, mirror):
    """1,115,394 characters, which numbers stand for and give back."""
    text = data.tiny_shakespeare()
    ids = data.vocabulary(text)

    numbers = data.to_ids(text[:5000], ids)

    assert (len(text), len(ids)) == (1_115_394, 65)
    assert "".join(data.to_symbols(numbers, ids)) == text[:5000]


def test_verses_stand_in_for_shakespeare(data):
    """Where there is no mirror and no network, a play of our own goes the same way."""
    text = data.verses(np.random.default_rng(0), turns=200)
    ids = data.vocabulary(text)

    assert "".join(data.to_symbols(data.to_ids(text, ids), ids)) == text
    assert {":", ".", "?", "!"} < set(data.words(text))
    with pytest.raises(ValueError, match=r"to_ids: '§' is not one of the \d+ symbols"):
        data.to_ids("§", ids)


def test_columns_are_read_and_a_lonely_word_is_refused(data):
    """Tabs or blanks part columns; a character that splits lines elsewhere is part of a word."""
    text = "U\u2028\tO\r\na\xa0b NN B-x\n \t\n\nc\tI-x"

    assert data.read_conll(text) == ([["U\u2028", "a\xa0b"], ["c"]], [["O", "B-x"], ["I-x"]])
    with pytest.raises(ValueError, match="line 2: expected a word and a tag, got 'lonely'"):
        data.read_conll("a\tO\nlonely\n")
    with pytest.raises(ValueError, match="there is no part 'training'; there are train, dev, test"):
        data.wnut17("training")


def idx(*shape: int) -> bytes:
    """Return an idx file of this shape that counts its entries."""
    return bytes([0, 0, 8, len(shape)]) + b"".join(n.to_bytes(4, "big") for n in shape) + bytes(range(np.prod(shape)))


def test_idx_files_are_read_packed_or_not(data):
    """Dimensions, order of entries, and an array that may be written to."""
    for content in (idx(2, 3, 4), gzip.compress(idx(2, 3, 4))):
        array = data.read_idx(content)

        assert array.dtype == np.uint8 and array.flags.writeable
        np.testing.assert_array_equal(array, np.arange(24).reshape(2, 3, 4))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "begins with nothing"),
        (b"\x00\x00\x0d\x01" + bytes(8), "begins with 00 00 0d 01"),
        (b"\x00\x00\x08\x00", "begins with 00 00 08 00"),
        (idx(2, 3)[:-1], r"shape \(2, 3\) has 18 bytes, this one has 17"),
        (idx(2, 3) + b"x", r"shape \(2, 3\) has 18 bytes, this one has 19"),
        (idx(2, 3)[:9], r"has .* bytes, this one has 9"),
        (b"\x00\x00\x08\x03" + b"\xff" * 12, "bytes, this one has 16"),
        (gzip.compress(idx(2, 3))[:-9], "cannot be unpacked"),
    ],
)
def test_a_file_that_is_not_idx_is_refused(data, content, message):
    """Another magic number, dimensions that do not fit, a part of a packed file."""
    with pytest.raises(ValueError, match=message):
        data.read_idx(content)


def test_mnist_is_read_from_a_mirror(data, tmp_path, monkeypatch):
    """Pictures and labels come from two packed files, each checked before it is read."""
    files = {"train-images-idx3-ubyte.gz": idx(2, 3, 4), "train-labels-idx1-ubyte.gz": idx(2)}
    (tmp_path / "mnist").mkdir()
    for name, content in files.items():
        (tmp_path / "mnist" / name).write_bytes(gzip.compress(content))
    monkeypatch.setenv("NUMNET_DATA", str(tmp_path))

    with pytest.raises(data.DataError, match=r"train-images-idx3-ubyte.gz: expected 9,912,422 bytes"):
        data.mnist()
    known = {
        f"mnist/{name}": data.Remote(f"mnist/{name}", "", 0, hashlib.sha256(packed).hexdigest(), "")
        for name, packed in ((name, (tmp_path / "mnist" / name).read_bytes()) for name in files)
    }
    monkeypatch.setattr(data, "remotes", lambda: known)
    x, y = data.mnist()

    assert (x.shape, x.dtype, y.tolist(), y.dtype) == ((2, 3, 4), np.uint8, [0, 1], np.int64)


def test_the_cache_is_the_systems(data, remote, tmp_path, monkeypatch):
    """Without another folder the file goes to the cache of the user."""
    if os.name != "posix" or sys.platform == "darwin":
        pytest.skip("only Linux has XDG_CACHE_HOME")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    assert data.fetch(remote("right")) == tmp_path / "numnet" / NAMED

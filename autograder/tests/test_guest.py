"""What a guest does wrong becomes a label and a sentence, costs one check, and never us."""

import itertools
import time
from unittest.mock import Mock

import numpy as np
import pytest

from autograder.errors import Label, StudentError
from autograder.sandbox.deadline import MOST
from autograder.sitting import Sitting
from autograder.tests.conftest import begin


@pytest.fixture
def sit(sandbox, reference):
    """Examine source as linear.py: sit(source) -> Student."""
    sittings = []

    def sit_down(source: str, *, file: str = "linear.py", seconds: float = 5.0):
        sittings.append(Sitting(sandbox, reference, {file: source.encode()}, 30.0))
        return begin(sittings[-1], "A1", seconds)

    yield sit_down
    for sitting in sittings:
        sitting.close()


def _blame(student) -> StudentError:
    with pytest.raises(StudentError) as caught:
        student.linear.relu_backward(np.ones(3), np.ones(3))
    return caught.value


def _function(body: str, before: str = "") -> str:
    return f"import os, sys, time\nimport numpy as np\n{before}\ndef relu_backward(dy, cache):\n    {body}\n"


@pytest.mark.parametrize(
    ("body", "label"),
    [
        ("os._exit(0)", Label.EXITED),
        ("os._exit(70)", Label.EXITED),
        ("sys.exit(0)", Label.RAISED),
        ("raise KeyboardInterrupt", Label.RAISED),
        ("raise NotImplementedError('D2 elman_backward: not written yet')", Label.NOT_WRITTEN),
        ("os.abort()", Label.CRASH),
        ("import ctypes; ctypes.string_at(0)", Label.CRASH),
        ("return np.ones(2**31)", Label.MEMORY),
        ("os.close(3); return dy", Label.EXITED),
        ("return relu_backward(dy, cache)", Label.RAISED),
        ("os.fork()", Label.RAISED),
        ("import threading; threading.Thread(target=print).start()", Label.RAISED),
        ("os.close(3); time.sleep(9)", Label.EXITED),
        ("import socket; socket.socket(fileno=3).shutdown(socket.SHUT_WR); time.sleep(9)", Label.EXITED),
        ("import fcntl; fcntl.lockf(1, fcntl.LOCK_EX)", Label.RAISED),
        ("import socket; socket.socket()", Label.RAISED),
        ("open('/etc/passwd')", Label.RAISED),
        ("input()", Label.RAISED),
        ("import torch", Label.FORBIDDEN),
        ("import pandas", Label.IMPORT),
        ("return (x for x in dy)", Label.UNSUPPORTED),
        ("return lambda: 0", Label.UNSUPPORTED),
        ("return np.array([object()])", Label.UNSUPPORTED),
        ("return np.array(['2020-01-01'], 'M8[D]')", Label.UNSUPPORTED),
        ("return '\\ud800'", Label.UNSUPPORTED),
        ("return 10**5000", Label.UNSUPPORTED),
        ("a = []; a.append(a); return a", Label.UNSUPPORTED),
        ("return np.broadcast_to(np.ones(1), (2**27,))", Label.UNSUPPORTED),
        ("return {i: i for i in range(10**6)}", Label.UNSUPPORTED),
        ("return None", Label.WRONG),
        ("return 1.0", Label.WRONG),
        ("return [1.0]", Label.WRONG),
    ],
)
def test_every_way_to_fail_has_a_label(sit, body, label):
    """What a student's function does wrong is named in one word."""
    error = _blame(sit(_function(body)))

    assert error.label is label, str(error)


@pytest.mark.parametrize("number", ["SIGKILL", "SIGSTOP", "SIGTERM", "SIGSEGV"])
def test_who_signals_itself_has_not_answered(sit, number):
    """The first process of a namespace hears nothing that it sends to itself; any other ends or stops by it."""
    error = _blame(sit(_function(f"import signal; os.kill(os.getpid(), signal.{number})")))

    assert error.label in (Label.WRONG, Label.CRASH, Label.TIMEOUT), str(error)


@pytest.mark.parametrize(
    ("source", "label", "words"),
    [
        ("def relu_backward(dy, cache:\n", Label.SYNTAX, "linear.py line 1"),
        ("x = 1\n\ty = 2\n", Label.SYNTAX, "linear.py line 2"),
        ("x = '\0'\n", Label.SYNTAX, "linear.py"),
        ("import os\nos._exit(0)\n", Label.EXITED, "exit status 0"),
        ("import sys\nsys.exit()\n", Label.RAISED, "SystemExit in numnet/linear.py, line 2"),
        ("import matplotlib.pyplot\n", Label.IMPORT, "matplotlib"),
        ("from numnet.conv import nothing\n", Label.IMPORT, "numnet.conv"),
        ("x = 1\n", Label.MISSING, "relu_backward"),
        ("relu_backward = 3\n", Label.MISSING, "relu_backward"),
        ("1 / 0\n", Label.RAISED, "ZeroDivisionError in numnet/linear.py, line 1"),
    ],
)
def test_a_file_that_does_not_import_says_why_and_where(sit, source, label, words):
    """Syntax errors, missing modules and missing functions are told with file and line."""
    error = _blame(sit(source))

    assert error.label is label
    assert words in str(error)


def test_a_missing_file_is_named(sit):
    """A submission without linear.py is told so."""
    error = _blame(sit("", file="conv.py"))

    assert (error.label, str(error)) == (Label.MISSING, "numnet/linear.py is missing")


@pytest.mark.parametrize("encode", [lambda s: b"\xef\xbb\xbf" + s, lambda s: s.replace(b"\n", b"\r\n"), lambda s: s])
def test_byte_order_mark_and_windows_lines_are_fine(sandbox, reference, encode):
    """What editors on Windows write is read as Python reads it."""
    sitting = Sitting(sandbox, reference, {"linear.py": encode(_function("return 2 * dy").encode())}, 10.0)

    answer = begin(sitting, "A1").linear.relu_backward(np.ones(3), np.ones(3))
    sitting.close()

    assert answer.tolist() == [2.0, 2.0, 2.0]


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "time.sleep(1e9)",
        "import signal; [signal.signal(n, signal.SIG_IGN) for n in (1, 2, 15)]; time.sleep(1e9)",
    ],
)
def test_what_never_ends_is_ended_at_the_deadline(sit, body):
    """A function that hangs is killed when its time is over, whatever it does against it."""
    student = sit(_function(body), seconds=0.3)
    started = time.monotonic()

    error = _blame(student)

    assert error.label is Label.TIMEOUT
    assert time.monotonic() - started < 0.3 * (1 + MOST) + 30


def test_processor_time_is_limited_even_where_wall_time_is_not(sit):
    """A guest that computes longer than its processor time is killed by the kernel."""
    error = _blame(sit(_function("while True: pass"), seconds=20.0))

    assert error.label is Label.CPU


def test_a_dead_guest_costs_its_check_and_the_next_one_starts_afresh(sandbox, reference):
    """After an exit the next check of the same problem gets a new process."""
    source = _function("os._exit(0) if dy[0] < 0 else None; return dy")
    sitting = Sitting(sandbox, reference, {"linear.py": source.encode()}, 30.0)

    with pytest.raises(StudentError):
        begin(sitting, "A1").linear.relu_backward(-np.ones(3), np.ones(3))
    answer = begin(sitting, "A1").linear.relu_backward(np.ones(3), np.ones(3))
    sitting.close()

    assert answer.tolist() == [1.0, 1.0, 1.0]


def test_state_does_not_outlive_a_problem(sandbox, reference):
    """What a student's code remembers is gone when the next problem begins."""
    source = _function("seen.append(1); return dy * len(seen)", before="seen = []")
    sitting = Sitting(sandbox, reference, {"linear.py": source.encode()}, 30.0)
    one = np.ones(1)

    same = [begin(sitting, "A1").linear.relu_backward(one, one)[0] for _ in range(2)]
    other = begin(sitting, "A2").linear.relu_backward(one, one)[0]
    sitting.close()

    assert (same, other) == ([1.0, 2.0], 1.0)


def test_guests_do_not_share_random_numbers(sandbox, reference):
    """Two guests of one zygote draw different numbers from NumPy's old global state."""
    source = _function("return np.random.rand(2)").encode()
    draws = []
    for _ in range(2):
        sitting = Sitting(sandbox, reference, {"linear.py": source}, 10.0)
        draws.append(begin(sitting, "A1").linear.relu_backward(np.ones(1), np.ones(1)).tolist())
        sitting.close()

    assert draws[0] != draws[1]


def test_guests_share_no_standard_stream(sandbox, reference):
    """What one guest writes to a stream, or sets on it, is not there for the next one."""
    body = "os.write(2, b'x' * 9); os.set_blocking(2, False); return dy"
    probe = "return np.array([float(os.get_blocking(2)), len(os.pread(2, 9, 0)), os.lseek(2, 0, 1)])"
    answers = []
    for source in (_function(body), _function(probe)):
        sitting = Sitting(sandbox, reference, {"linear.py": source.encode()}, 10.0)
        answers.append(begin(sitting, "A1").linear.relu_backward(np.ones(1), np.ones(1)).tolist())
        sitting.close()

    assert answers == [[1.0], [1.0, 0.0, 0.0]]


def test_used_up_time_of_a_submission_fails_what_is_left(sandbox, reference):
    """When a submission has no seconds left, its other checks fail as out of time."""
    sitting = Sitting(sandbox, reference, {"linear.py": _function("return dy").encode()}, 0.0)

    with pytest.raises(StudentError) as caught:
        begin(sitting, "A1").linear.relu_backward(np.ones(3), np.ones(3))

    assert caught.value.label is Label.TIMEOUT


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("dy *= 2; return dy.copy()", "changes its argument dy"),
        ("return dy", "shares memory with its argument dy"),
        ("return dy[::-1]", "shares memory with its argument dy"),
    ],
)
def test_impure_functions_are_told_what_they_touch(sit, body, words):
    """A function that changes an argument, or returns its memory, is told which."""
    with pytest.raises(StudentError, match=words):
        sit(_function(body)).linear.relu_backward.purely(np.arange(3.0), np.ones(3))


def test_forged_replies_are_judged_as_answers_or_refused(sit):
    """Garbage on the wire is a breach of the protocol; the process is killed."""
    error = _blame(sit(_function("os.write(3, b'x' * 100); time.sleep(5)")))

    assert error.label is Label.PROTOCOL


def test_student_text_in_messages_is_plain(sit):
    """Escape sequences in names of a student's exceptions do not reach our terminal."""
    error = _blame(sit(_function("raise type('\\x1b[31mred', (Exception,), {})")))

    assert "\x1b" not in str(error)


def test_an_object_of_a_students_class_stays_with_the_guest(sandbox, reference):
    """An instance can be made, asked, and passed back as an argument; what comes across is only its number."""
    source = (
        b"class MLE:\n    def __init__(self, counts):\n        self.counts = counts\n"
        b"    def prob(self, w, ctx):\n        return self.counts.n / 8\n"
        b"def perplexity(model, sents):\n    return model.prob('a', ()) * 2\n"
    )
    sitting = Sitting(sandbox, reference, {"ngram.py": source}, 10.0)
    student = begin(sitting, "G5")
    counts = reference.ngram.count_ngrams([["a"]], 2)

    model = student.ngram.MLE(counts)

    assert model.prob("a", ()) == 0.25
    assert model.prob.each([("a", ()), ("b", ())]) == [0.25, 0.25]
    assert student.ngram.perplexity(model, []) == 0.5
    sitting.close()


def test_an_object_that_changes_what_it_was_made_of_is_found_out(sandbox, reference):
    """Purity is asked of a constructor and of a method, too; the argument is named as the student named it."""
    source = (
        b"class MLE:\n    def __init__(self, counts):\n        counts.counts.clear()\n"
        b"    def prob(self, w, ctx):\n        ctx.append(w)\n        return 0.5\n"
    )
    sitting = Sitting(sandbox, reference, {"ngram.py": source}, 10.0)
    student = begin(sitting, "G2")
    counts = reference.ngram.count_ngrams([["a"]], 2)

    with pytest.raises(StudentError, match="MLE: changes its argument counts"):
        student.ngram.MLE.purely(counts)
    with pytest.raises(StudentError, match="prob: changes its argument ctx"):
        student.ngram.MLE(counts).prob.purely("a", ["b"])
    sitting.close()


def test_an_object_made_with_functions_of_ours_uses_them_in_its_methods(sandbox, reference):
    """What was put in place when an object was made is in place whenever it is asked."""
    source = (
        b"def mle(counts, w, ctx):\n    raise NotImplementedError\n"
        b"class MLE:\n    def __init__(self, counts):\n        self.counts = counts\n"
        b"    def prob(self, w, ctx):\n        return mle(self.counts, w, ctx)\n"
    )
    sitting = Sitting(sandbox, reference, {"ngram.py": source}, 10.0)
    counts = reference.ngram.count_ngrams([["a"], ["b"]], 2)

    model = begin(sitting, "G2").with_ours("ngram.mle").ngram.MLE(counts)

    assert model.prob("a", ("<s>",)) == 0.5
    sitting.close()


def test_an_object_where_a_value_was_asked_for_is_not_supported(sit):
    """A function that answers with an object of a class of its own is told so."""
    error = _blame(sit(_function("return Mine()", before="class Mine: pass")))

    assert error.label is Label.UNSUPPORTED


def test_a_module_that_hangs_is_imported_once(sandbox, reference, monkeypatch):
    """An import that does not end costs its time once; the checks after it fail at once."""
    sitting = Sitting(sandbox, reference, {"linear.py": b"while True: pass"}, 30.0)
    opened = Mock(wraps=sandbox.open)
    monkeypatch.setattr(sandbox, "open", opened)

    labels = []
    for _ in range(20):
        with pytest.raises(StudentError) as caught:
            begin(sitting, "A1", 0.3).linear.relu_backward(np.ones(1), np.ones(1))
        labels.append(caught.value.label)
    sitting.close()

    assert set(labels) == {Label.TIMEOUT} and opened.call_count == 1


def test_what_says_the_same_as_a_plain_value_is_taken_for_it(sandbox, reference):
    """A Counter is a dict, and a list of step caches a tuple of them."""
    source = (
        b"from collections import Counter\nfrom numnet.given.caches import NgramCounts\n"
        b"def count_ngrams(sents, n, cutoff=1):\n    return NgramCounts(n, ['a'], {(): Counter('aab')})\n"
    )
    sitting = Sitting(sandbox, reference, {"ngram.py": source}, 10.0)

    answer = begin(sitting, "G1").ngram.count_ngrams([["a"]], 1)
    sitting.close()

    assert answer == reference.ngram.NgramCounts(1, ("a",), {(): {"a": 2, "b": 1}})
    assert type(answer.counts[()]) is dict


def test_an_impure_function_is_found_out_without_the_guests_help(sit):
    """A function that spoils its argument answers otherwise the second time, even if it blinds our watching."""
    blind = "sys.modules['autograder.sandbox.guest.worker'].Watch.after = lambda *a: None"
    body = "answer = 2 * dy; dy[...] = -7; return answer"

    with pytest.raises(StudentError, match="a second call with the same arguments gives another answer"):
        sit(_function(body, before=blind)).linear.relu_backward.purely(np.arange(3.0), np.ones(3))


def test_guests_of_two_workers_are_never_one_user(sandbox, monkeypatch):
    """However many guests each of them has had: processes that were started together have neighbouring numbers."""
    users = []
    for worker in (7000, 7001):
        monkeypatch.setattr("autograder.sandbox.host.os.getpid", lambda worker=worker: worker)
        monkeypatch.setattr(sandbox, "_numbers", itertools.count())
        users.append({sandbox._user() for _ in range(100)})

    assert users[0].isdisjoint(users[1])

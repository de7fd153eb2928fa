"""What a guest does wrong becomes a label and a sentence, costs one check, and never us."""

import time

import numpy as np
import pytest

from autograder.errors import Label, StudentError
from autograder.reference import Reference, read_package
from autograder.sandbox.host import Limits
from autograder.sandbox.proof import candidates, prove
from autograder.student import Sitting, offer


@pytest.fixture(scope="module")
def reference(assignment):
    """The reference."""
    return Reference(read_package(assignment.solution / "numnet"))


@pytest.fixture(scope="module")
def sandbox(given_files):
    """A sandbox at the highest level."""
    with prove(candidates()[0], given_files, Limits(cpu_seconds=2)) as made:
        yield made


@pytest.fixture
def sit(sandbox, reference):
    """Examine source as linear.py: sit(source) -> Student."""
    sittings = []

    def begin(source: str, *, file: str = "linear.py", seconds: float = 5.0):
        sittings.append(Sitting(sandbox, reference, {file: source.encode()}, 30.0))
        return sittings[-1].begin("A1", seconds)

    yield begin
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
        ("os.kill(os.getpid(), 9)", Label.CRASH),
        ("import ctypes; ctypes.string_at(0)", Label.CRASH),
        ("return np.ones(2**31)", Label.MEMORY),
        ("os.close(3); return dy", Label.EXITED),
        ("return relu_backward(dy, cache)", Label.RAISED),
        ("os.fork()", Label.RAISED),
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

    answer = sitting.begin("A1", 5.0).linear.relu_backward(np.ones(3), np.ones(3))
    sitting.close()

    assert answer.tolist() == [2.0, 2.0, 2.0]


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "time.sleep(1e9)",
        "import signal; [signal.signal(n, signal.SIG_IGN) for n in (1, 2, 15)]; time.sleep(1e9)",
        "import threading; threading.Thread(target=lambda: time.sleep(1e9)).start(); time.sleep(1e9)",
    ],
)
def test_what_never_ends_is_ended_at_the_deadline(sit, body):
    """A function that hangs is killed when its time is over, whatever it does against it."""
    student = sit(_function(body), seconds=0.3)
    started = time.monotonic()

    error = _blame(student)

    assert error.label is Label.TIMEOUT
    assert time.monotonic() - started < 0.3 + 0.5


def test_processor_time_is_limited_even_where_wall_time_is_not(sit):
    """A guest that computes longer than its processor time is killed by the kernel."""
    error = _blame(sit(_function("while True: pass"), seconds=20.0))

    assert error.label is Label.CPU


def test_a_dead_guest_costs_its_check_and_the_next_one_starts_afresh(sandbox, reference):
    """After an exit the next check of the same problem gets a new process."""
    source = _function("os._exit(0) if dy[0] < 0 else None; return dy")
    sitting = Sitting(sandbox, reference, {"linear.py": source.encode()}, 30.0)

    with pytest.raises(StudentError):
        sitting.begin("A1", 5.0).linear.relu_backward(-np.ones(3), np.ones(3))
    answer = sitting.begin("A1", 5.0).linear.relu_backward(np.ones(3), np.ones(3))
    sitting.close()

    assert answer.tolist() == [1.0, 1.0, 1.0]


def test_state_does_not_outlive_a_problem(sandbox, reference):
    """What a student's code remembers is gone when the next problem begins."""
    source = _function("seen.append(1); return dy * len(seen)", before="seen = []")
    sitting = Sitting(sandbox, reference, {"linear.py": source.encode()}, 30.0)
    one = np.ones(1)

    same = [sitting.begin("A1", 5.0).linear.relu_backward(one, one)[0] for _ in range(2)]
    other = sitting.begin("A2", 5.0).linear.relu_backward(one, one)[0]
    sitting.close()

    assert (same, other) == ([1.0, 2.0], 1.0)


def test_guests_do_not_share_random_numbers(sandbox, reference):
    """Two guests of one zygote draw different numbers from NumPy's old global state."""
    source = _function("return np.random.rand(2)").encode()
    draws = []
    for _ in range(2):
        sitting = Sitting(sandbox, reference, {"linear.py": source}, 10.0)
        draws.append(sitting.begin("A1", 5.0).linear.relu_backward(np.ones(1), np.ones(1)).tolist())
        sitting.close()

    assert draws[0] != draws[1]


def test_guests_share_no_standard_stream(sandbox, reference):
    """What one guest writes to a stream, or sets on it, is not there for the next one."""
    body = "os.write(2, b'x' * 9); os.set_blocking(2, False); return dy"
    probe = "return np.array([float(os.get_blocking(2)), len(os.pread(2, 9, 0)), os.lseek(2, 0, 1)])"
    answers = []
    for source in (_function(body), _function(probe)):
        sitting = Sitting(sandbox, reference, {"linear.py": source.encode()}, 10.0)
        answers.append(sitting.begin("A1", 5.0).linear.relu_backward(np.ones(1), np.ones(1)).tolist())
        sitting.close()

    assert answers == [[1.0], [1.0, 0.0, 0.0]]


def test_used_up_time_of_a_submission_fails_what_is_left(sandbox, reference):
    """When a submission has no seconds left, its other checks fail as out of time."""
    sitting = Sitting(sandbox, reference, {"linear.py": _function("return dy").encode()}, 0.0)

    with pytest.raises(StudentError) as caught:
        sitting.begin("A1", 5.0).linear.relu_backward(np.ones(3), np.ones(3))

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


def test_our_function_is_called_wherever_the_package_binds_the_name(sandbox, reference):
    """A step put in place is used by the loop, under every name that the student gave it."""
    rnn = (
        b"import numpy as np\n"
        b"def elman_step_forward(x_t, h_prev, W_xh, W_hh, b_h):\n    raise NotImplementedError\n"
        b"step = elman_step_forward\n"
        b"def elman_outputs(h, W_hy, b_y):\n    return step(h, h, W_hy, W_hy, b_y)[0], None\n"
    )
    sitting = Sitting(sandbox, reference, {"rnn.py": rnn}, 10.0)
    h, W, b = np.full((1, 2), 0.1), np.eye(2), np.zeros(2)

    answer = sitting.begin("D2", 5.0).with_ours("rnn.elman_step_forward").rnn.elman_outputs.output(h, W, b)
    sitting.close()

    assert np.allclose(answer, np.tanh(0.2))


def test_only_what_was_offered_in_this_call_can_be_called_back(sandbox, reference):
    """A function of an earlier call is gone: calling it is a breach of the protocol."""
    source = b"kept = []\ndef perplexity(model, sents):\n    kept.append(model)\n    return kept[0].prob('a', ())\n"
    sitting = Sitting(sandbox, reference, {"ngram.py": source}, 10.0)
    student = sitting.begin("G5", 5.0)

    class Model:
        def prob(self, w: str, ctx: tuple[str, ...]) -> float:
            return 0.25

    assert student.ngram.perplexity(offer(Model(), methods=("prob",)), []) == 0.25
    with pytest.raises(StudentError) as caught:
        student.ngram.perplexity(offer(Model()), [])
    sitting.close()

    assert caught.value.label is Label.PROTOCOL


def test_wrong_arguments_to_our_function_raise_in_the_students_code(sandbox, reference):
    """A callback with arguments that do not fit is the student's error, not ours."""
    source = b"def perplexity(model, sents):\n    return model.prob(3, None, 'too many')\n"
    sitting = Sitting(sandbox, reference, {"ngram.py": source}, 10.0)

    class Model:
        def prob(self, w: str, ctx: tuple[str, ...]) -> float:
            return 0.25

    with pytest.raises(StudentError) as caught:
        sitting.begin("G5", 5.0).ngram.perplexity(offer(Model(), methods=("prob",)), [])
    sitting.close()

    assert (caught.value.label, caught.value.exception) == (Label.RAISED, "ValueError")


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
    student = sitting.begin("G5", 5.0)
    counts = reference.ngram.count_ngrams([["a"]], 2)

    model = student.ngram.MLE(counts)

    assert model.prob("a", ()) == 0.25
    assert student.ngram.perplexity(model, []) == 0.5
    sitting.close()


def test_an_object_where_a_value_was_asked_for_is_not_supported(sit):
    """A function that answers with an object of a class of its own is told so."""
    error = _blame(sit(_function("return Mine()", before="class Mine: pass")))

    assert error.label is Label.UNSUPPORTED

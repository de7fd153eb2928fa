"""Why there is no answer, in the student's words: from the few names and numbers that a guest or its zygote sends."""

import builtins
import os
import re
import signal

from autograder.errors import Label, StudentError
from autograder.sandbox.guest.wire import Failed
from autograder.sandbox.zygote import STATUS

FORBIDDEN_PACKAGES = (  # they do the homework
    "torch",
    "tensorflow",
    "jax",
    "keras",
    "scipy",
    "sklearn",
    "cupy",
    "numba",
    "autograd",
    "mxnet",
    "nltk",
)
MAX_TEXT = 80
KILLED = "the process of your code was killed (SIGKILL): by your code, or because the machine ran out of memory"
PLAIN = "return arrays, numbers, texts, or tuples, lists, dicts and the given records of them"
_KINDS = {"NoneType": "None; does it end with return?", "ndarray": "an array"}
_FILE = re.compile(r"numnet/\w{1,40}\.py")
_KNOWN = {
    name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
}
_KNOWN |= {"LinAlgError", "AxisError", "UFuncTypeError", "_UFuncNoLoopError", "_ArrayMemoryError"}  # of NumPy


def obituary(data: bytes) -> StudentError:
    """Say how a guest ended, from what its zygote told: STATUS, packed."""
    ended, is_up = STATUS.unpack(data)
    if os.WIFEXITED(ended):
        status = os.WEXITSTATUS(ended)
        return StudentError(f"your code ended its own process (exit status {status})", label=Label.EXITED)
    number = os.WTERMSIG(ended)
    if number == signal.SIGXCPU or (number == signal.SIGKILL and is_up):  # the first of its namespace hears no SIGXCPU
        return StudentError("used more processor time than the limit", label=Label.CPU)
    if number == signal.SIGXFSZ:
        return StudentError("wrote a file larger than the limit", label=Label.DISK)
    if number == signal.SIGKILL:  # who sent it is not told
        return StudentError(KILLED, label=Label.CRASH)
    name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
    return StudentError(f"your code crashed its process ({name})", label=Label.CRASH)


def blame(failed: Failed) -> StudentError:
    """Say in the student's words why there is no answer; the guest's own words are only names and numbers."""
    subject, exception = _plain(failed.subject), _plain(failed.exception)
    place = f" in {failed.file}, line {failed.line}" if _FILE.fullmatch(failed.file) else ""
    match failed.stage:
        case "not written":
            return StudentError("not written yet", label=Label.NOT_WRITTEN, exception="NotImplementedError")
        case "file":
            return StudentError(f"numnet/{subject} is missing", label=Label.MISSING)
        case "lookup":
            return StudentError("there is no function of this name; was it renamed?", label=Label.MISSING)
        case "import":
            return _blame_import(subject, place)
        case "syntax":
            file, _, line = exception.rpartition(":")
            where = f"{file} line {line}" if _FILE.fullmatch(file) and line.isdecimal() else "a file"
            return StudentError(f"{where} does not compile: {subject}", label=Label.SYNTAX)
        case "first":
            return StudentError(f"expected a tuple (result, cache), got {_KINDS.get(subject, subject)}")
        case "answer":
            return StudentError(f"returned {subject}; {PLAIN}", label=Label.UNSUPPORTED)
    shown = exception if exception in _KNOWN else "an exception of its own"  # a name could carry anything
    if exception in ("MemoryError", "_ArrayMemoryError"):
        return StudentError(f"asked for more memory than the limit{place}", label=Label.MEMORY, exception=exception)
    return StudentError(f"raised {shown}{place}", label=Label.RAISED, exception=exception)


def _blame_import(library: str, place: str) -> StudentError:
    if library.split(".")[0] in FORBIDDEN_PACKAGES:
        return StudentError(f"imports {library}{place}: write it with NumPy", label=Label.FORBIDDEN)
    there = "it was not handed in" if library.startswith("numnet.") else "there are only NumPy and the standard library"
    return StudentError(f"imports {library}{place}: {there}", label=Label.IMPORT)


def _plain(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text[:MAX_TEXT])

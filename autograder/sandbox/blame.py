"""Why there is no answer, in the student's words: from the few names and numbers that a guest or its monitor sends."""

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
_FILE = re.compile(r"numnet/\w{1,40}\.py")
_KNOWN = {
    name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
}
_KNOWN |= {"LinAlgError", "AxisError", "UFuncTypeError", "_UFuncNoLoopError", "_ArrayMemoryError"}  # of NumPy


def obituary(data: bytes) -> StudentError:
    """Say how a guest ended, from what its monitor told: STATUS, packed."""
    ended, _, _, _ = STATUS.unpack(data)
    if os.WIFEXITED(ended):
        status = os.WEXITSTATUS(ended)
        return StudentError(f"your code ended its own process (exit status {status})", label=Label.EXITED)
    number = os.WTERMSIG(ended)
    if number == signal.SIGXCPU:
        return StudentError("used more processor time than the limit", label=Label.CPU)
    if number == signal.SIGXFSZ:
        return StudentError("wrote a file larger than the limit", label=Label.DISK)
    if number == signal.SIGKILL:  # who sent it is not told
        return StudentError(KILLED, label=Label.CRASH)
    name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
    return StudentError(f"your code crashed its process ({name})", label=Label.CRASH)


def blame(failed: Failed, target: str) -> StudentError:
    """Say in the student's words why there is no answer; the guest's own words are only names and numbers."""
    name = target.rsplit(".", 1)[-1]
    subject, exception = _plain(failed.subject), _plain(failed.exception)
    place = f" in {failed.file}, line {failed.line}" if _FILE.fullmatch(failed.file) else ""
    match failed.stage:
        case "not written":
            return StudentError(f"{name}: not written yet", label=Label.NOT_WRITTEN, exception="NotImplementedError")
        case "file":
            return StudentError(f"numnet/{subject} is missing", label=Label.MISSING)
        case "lookup":
            return StudentError(f"{name}: there is no function of this name in numnet/", label=Label.MISSING)
        case "import" if subject.split(".")[0] in FORBIDDEN_PACKAGES:
            return StudentError(f"imports {subject}{place}: write it with NumPy", label=Label.FORBIDDEN)
        case "import":
            return StudentError(f"imports {subject}{place}, which is not available", label=Label.IMPORT)
        case "syntax":
            file, _, line = exception.rpartition(":")
            where = f"{file} line {line}" if _FILE.fullmatch(file) and line.isdecimal() else "a file"
            return StudentError(f"{where} does not compile: {subject}", label=Label.SYNTAX)
        case "first":
            return StudentError(f"{name}: expected a tuple (result, cache), got {subject}")
        case "answer":
            return StudentError(f"{name}: returned {subject}, which is not a plain value", label=Label.UNSUPPORTED)
    label = Label.MEMORY if exception in ("MemoryError", "_ArrayMemoryError") else Label.RAISED
    shown = exception if exception in _KNOWN else "an exception of its own"  # a name could carry anything
    return StudentError(f"{name}: raised {shown}{place}", label=label, exception=exception)


def _plain(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text[:MAX_TEXT])

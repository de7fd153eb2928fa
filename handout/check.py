"""Run the public checks on what you wrote: all of them, or those of the problems that you name.

It needs NumPy and pytest, and works without installing anything. The checks are in tests/; read them.
"""

import argparse
import ast
import io
import os
import re
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
COLORS = {"ok": "32", "not written yet": "33", "wrong": "31", "error": "31", "not run": "31"}
MOST_LINES = 12  # of one message; -x shows everything

try:
    import numpy  # noqa: F401
    import pytest
except ImportError as missing:
    sys.exit(f"check.py needs {missing.name}: python -m pip install numpy pytest")


class Check(NamedTuple):
    """One public check, as it stands in its file."""

    node: str  # what pytest calls it: tests/test_conv.py::test_...
    problem: str
    title: str

    @property
    def file(self) -> str:
        """The file that the check is in."""
        return self.node.partition("::")[0]


def main() -> int:
    """Run the checks, print a line for each, and return 0 if all of them are ok."""
    checks = sorted(read_checks(), key=lambda check: check.problem)
    known = list(dict.fromkeys(check.problem for check in checks))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog=f"problems: {', '.join(known)}")
    parser.add_argument("problems", nargs="*", metavar="PROBLEM", type=str.upper, help="for example D2; default: all")
    parser.add_argument("-x", "--traceback", action="store_true", help="show the whole traceback of what went wrong")
    options = parser.parse_args()
    if unknown := [problem for problem in options.problems if problem not in known]:
        parser.error(f"there is no problem {unknown[0]}; there are {', '.join(known)}")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that has no arrows still shows the rest
    report = Report([check for check in checks if check.problem in (options.problems or known)], options.traceback)
    run(report)
    return report.close()


def read_checks() -> Iterator[Check]:
    """Find the checks in tests/ by reading, so that a module that does not import hides none."""
    for path in sorted((HERE / "tests").glob("test_*.py")):
        for function in ast.parse(path.read_text("utf-8")).body:
            if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
                marks = [
                    mark for mark in function.decorator_list if ast.unparse(mark).startswith("pytest.mark.problem(")
                ]
                problem = ast.literal_eval(marks[0].args[0]) if marks and isinstance(marks[0], ast.Call) else "?"
                text = " ".join((ast.get_docstring(function) or function.name).split())
                yield Check(f"tests/{path.name}::{function.name}", problem, re.split(r"(?<=[.!?]) ", text)[0])


def run(report: "Report") -> None:
    """Let pytest run the checks of a report, as if no other settings and plugins were there."""
    os.environ.pop("PYTEST_ADDOPTS", None)
    os.environ.pop("PYTEST_PLUGINS", None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    files = dict.fromkeys(str(HERE / check.file) for check in report.checks)
    quiet = ["-p", "no:terminal", "-p", "no:cacheprovider", "--continue-on-collection-errors"]
    pytest.main([*files, "-c", str(HERE / "pytest.ini"), f"--rootdir={HERE}", *quiet], plugins=[report])


class Failure(NamedTuple):
    """What went wrong in a check, or in the import of its file."""

    error: BaseException
    traceback: str

    @property
    def word(self) -> str:
        """Say how the check ended."""
        if isinstance(self.error, NotImplementedError) and str(self.error).endswith("not written yet"):
            return "not written yet"
        return "wrong" if isinstance(self.error, AssertionError) else "error"

    def lines(self, everything: bool) -> list[str]:
        """Explain what went wrong; a function that is not written needs no explanation."""
        if self.word == "not written yet":
            return []
        if everything:
            return self.traceback.splitlines()
        text = self.error.msg if isinstance(self.error, SyntaxError) else str(self.error)
        lines = [line for line in text.splitlines() if line.strip() and "use '-vv'" not in line] or ["no message"]
        lines[MOST_LINES:] = ["..."] if len(lines) > MOST_LINES else []
        if self.word == "error":
            lines[0] = f"{type(self.error).__name__}: {lines[0]}{place(self.error)}"
        return lines


class Report:
    """What pytest finds out, printed check by check."""

    def __init__(self, checks: list[Check], show_traceback: bool) -> None:
        """Expect these checks, in their order."""
        self.checks = checks
        self._show_traceback = show_traceback
        self.words: dict[str, str] = {}  # how each check ended
        self._failures: dict[str, Failure] = {}
        self._heading = ""
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        self._colored = sys.stdout.isatty() and not plain and (os.name != "nt" or "WT_SESSION" in os.environ)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the checks that were asked for, and sort them by problem."""
        order = {check.node: number for number, check in enumerate(self.checks)}
        items[:] = sorted(
            (item for item in items if _node(item.nodeid) in order), key=lambda item: order[_node(item.nodeid)]
        )

    def pytest_exception_interact(self, node: Any, call: pytest.CallInfo[Any], report: Any) -> None:
        """Remember what was raised in a check, or while its file was imported."""
        error = call.excinfo.value if call.excinfo else AssertionError()
        printed = "".join(f"\n{title}\n{text}" for title, text in report.sections)
        self._failures[node.nodeid] = Failure(error.__cause__ or error, report.longreprtext + printed)

    def pytest_collection_finish(self) -> None:
        """Say which checks cannot run, because their file imports what does not import."""
        for check in self.checks:
            if check.file in self._failures:
                self._print(check, check.title, self._failures[check.file])

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Print how a check ended."""
        check = next(check for check in self.checks if check.node == _node(nodeid))
        self._print(check, f"{check.title} {nodeid[len(check.node) :]}".rstrip(), self._failures.get(nodeid))

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Say where it was when somebody lost patience."""
        print(f"stopped{place(excinfo.value)}")

    def _print(self, check: Check, title: str, failure: Failure | None) -> None:
        word = failure.word if failure else "ok"
        if self.words.get(check.node, "ok") == "ok":  # of a check with parameters, one that is not ok counts
            self.words[check.node] = word
        if check.problem != self._heading:
            self._heading = check.problem
            print(f"\n{check.problem}")
        print(f"  {self._paint(f'{word:15}', word)}  {title}")
        for line in failure.lines(self._show_traceback) if failure else []:
            print(f"{'':19}{line}")

    def _paint(self, text: str, word: str) -> str:
        return f"\033[{COLORS[word]}m{text}\033[0m" if self._colored else text

    def close(self) -> int:
        """Print a line per problem and one for all, and return the exit code."""
        print()
        for problem in dict.fromkeys(check.problem for check in self.checks):
            words = Counter(self.words.get(check.node, "not run") for check in self.checks if check.problem == problem)
            total, good = words.total(), words.pop("ok", 0)
            rest = "".join(f", {number} {word}" for word, number in words.items())
            print(f"{problem:4}{self._paint(f'{good} of {total} ok', 'wrong' if rest else 'ok')}{rest}")
        good = list(self.words.values()).count("ok")
        if good == len(self.checks):
            print(f"All {good} checks are ok. Hidden checks look further; python submit.py packs what you hand in.")
            return 0
        hint = (
            " python check.py -x PROBLEM shows the whole traceback."
            if {"wrong", "error"} & {*self.words.values()}
            else ""
        )
        print(f"{good} of {len(self.checks)} checks are ok.{hint}")
        return 1


def _node(nodeid: str) -> str:
    """Return the check that one of its runs, with parameters, belongs to."""
    return nodeid.partition("[")[0]


def place(error: BaseException) -> str:
    """Say where an error comes from: the last line of yours on its way, or else of the check."""
    if isinstance(error, SyntaxError) and error.filename:
        return f" ({_relative(error.filename)} line {error.lineno})"
    frames = [(_relative(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    yours = [frame for frame in frames if re.fullmatch(r"numnet/\w+\.py", frame[0])]
    for file, line in reversed(yours or [frame for frame in frames if frame[0].startswith("tests/")]):
        return f" ({file} line {line})"
    return ""


def _relative(file: str) -> str:
    path = Path(file).resolve()
    return path.relative_to(HERE).as_posix() if path.is_relative_to(HERE) else file


if __name__ == "__main__":
    sys.exit(main())

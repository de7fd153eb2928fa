"""Run the public checks on what you wrote: all of them, or those of the problems that you name.

It needs NumPy and pytest, and works without installing anything. The checks are in tests/; read them.
"""

import argparse
import ast
import io
import json
import os
import re
import sys
import textwrap
import tomllib
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from submit import Refused, read_answer, say

HERE = Path(__file__).resolve().parent
COLORS = {"ok": "32", "not written yet": "33", "wrong": "31", "error": "31", "not run": "31"}
MOST_LINES = 12  # of one message; -x shows everything
ADVICE = re.compile(r"Use -v to|use '?-vv")  # pytest's, on its own command
NO_EXCEPTION = re.compile(r"DID NOT RAISE (?:<class '(?:\w+\.)*)?(\w+).*")
STUB = re.compile(r"raise NotImplementedError\([\"'](\w+) ([\w.]+): not written yet[\"']\)")
NO_KEYBOARD = re.compile(r"pytest: reading from stdin.*")

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
    chosen = [check for check in checks if check.problem in (options.problems or known)]
    report = Report(chosen, show_traceback=options.traceback, show_quantities=bool(options.problems))
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


def read_problems() -> dict[str, dict[str, Any]]:
    """Read titles and points of the problems, where they are known."""
    path = HERE / "problems.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}


def read_stubs() -> dict[str, list[str]]:
    """Read which functions of each problem are not written yet."""
    stubs: dict[str, list[str]] = {}
    for path in sorted((HERE / "numnet").glob("*.py")):
        for problem, function in STUB.findall(path.read_text("utf-8", errors="replace")):
            stubs.setdefault(problem, []).append(function)
    return stubs


def read_known_slip(check: Check) -> str:
    """Return the hint for what others have answered to a check before, if it is what was answered now, or nothing."""
    path = HERE / "slips.json"
    if not path.is_file():
        return ""
    known = json.loads(path.read_text("utf-8"))
    is_same, marks = sys.modules["numnet.given.slip"].is_same, [comparison.mark for comparison in _compared()]
    found = {number for number, others in known["checks"].get(check.node, []) if is_same(marks, others)}
    return known["hints"][found.pop()] if len(found) == 1 else ""


def read_slip(function: str) -> str:
    """Return what the docstring of a function in numnet/ calls the usual slip, or nothing."""
    for path in sorted((HERE / "numnet").glob("*.py")):
        text = path.read_text("utf-8", errors="replace")
        if f"def {function}(" in text:
            defined = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
            docs = [ast.get_docstring(node) or "" for node in defined if node.name == function]
            found = re.search(r"(The usual slips?: .*?)( A good answer|$)", " ".join(docs[0].split()))
            return found[1] if found else ""
    return ""


class Failure(NamedTuple):
    """What went wrong in a check, or in the import of its file."""

    error: BaseException
    traceback: str

    @property
    def word(self) -> str:
        """Say how the check ended."""
        if isinstance(self.error, NotImplementedError) and str(self.error).endswith(": not written yet"):
            return "not written yet"
        return "wrong" if isinstance(self.error, AssertionError | pytest.fail.Exception) else "error"

    def lines(self, everything: bool) -> list[str]:
        """Explain what went wrong; a function that is not written needs no explanation."""
        if self.word == "not written yet":
            return []
        if everything:
            return self.traceback.splitlines()
        lines = self._message() or ["no message"]
        lines[MOST_LINES:] = ["..."] if len(lines) > MOST_LINES else []
        if self.word == "error":
            lines[0] = f"{type(self.error).__name__}: {lines[0]}{place(self.error)}"
        return lines

    def _message(self) -> list[str]:
        """Return the message of the check, without what pytest adds to it, in the words of this command."""
        text = self.error.msg if isinstance(self.error, SyntaxError) else str(self.error)
        text = NO_EXCEPTION.sub(r"expected \1, but it returned", text)
        text = NO_KEYBOARD.sub("input() waits for somebody to type, and checks have no keyboard", text)
        text = re.sub(r"(?s)(?<=.)\nassert .*", "", text)  # the condition, once more, behind a message
        return [line for line in text.splitlines() if line.strip() and not ADVICE.search(line)]


class Report:
    """What pytest finds out, printed check by check."""

    def __init__(self, checks: list[Check], *, show_traceback: bool, show_quantities: bool) -> None:
        """Expect these checks, in their order."""
        self.checks = checks
        self._show_traceback = show_traceback
        self._show_quantities = show_quantities
        self._ended: list[tuple[Check, str]] = []  # how each ended; one with parameters is several
        self._failures: dict[str, Failure] = {}
        self._problems = read_problems()
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

    def pytest_runtest_logstart(self) -> None:
        """Forget what the check before has compared."""
        _compared().clear()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Print how a check ended."""
        check = next(check for check in self.checks if check.node == _node(nodeid))
        self._print(check, f"{check.title} {nodeid[len(check.node) :]}".rstrip(), self._failures.get(nodeid))

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Say where it was when somebody lost patience."""
        say(f"stopped{place(excinfo.value)}")

    def _print(self, check: Check, title: str, failure: Failure | None) -> None:
        word = failure.word if failure else "ok"
        self._ended.append((check, word))
        if check.problem != self._heading:
            self._heading = check.problem
            say(f"\n{check.problem}{self._about(check.problem)}")
        say(f"  {self._paint(f'{word:15}', word)}  {title}")
        if word != "not written yet" and (self._show_quantities or word == "wrong"):
            self._print_quantities(check)
        said = "\n".join(comparison.line for comparison in _compared()).splitlines()
        for line in failure.lines(self._show_traceback) if failure else []:
            if line not in said:
                say(f"{'':19}{line}")

    def _print_quantities(self, check: Check) -> None:
        """Print a line for each quantity that the check has compared, and the usual slip of the first wrong one."""
        wrong = [comparison.name for comparison in _compared() if not comparison.is_right]
        right = [comparison for comparison in _compared() if comparison.is_right]
        for comparison in [found for found in _compared() if found not in right[MOST_LINES:]]:
            mark = "ok" if comparison.is_right else "wrong"
            first, *rest = comparison.line.splitlines()
            say(f"{'':19}{self._paint(f'{mark:6}', mark)} {first}")
            for line in rest[:MOST_LINES]:
                say(f"{'':26}{line}")
        if len(right) > MOST_LINES:
            say(f"{'':19}{self._paint('ok    ', 'ok')} and {len(right) - MOST_LINES} more")
        if wrong and (slip := read_known_slip(check) or read_slip(re.split(r"\W", wrong[0])[0])):
            say(textwrap.fill(slip, 118, initial_indent=f"{'':19}{'hint':6} ", subsequent_indent=" " * 26))

    def _about(self, problem: str) -> str:
        """Say what a problem is about, and what it is worth."""
        if problem not in self._problems:
            return ""
        about = self._problems[problem]
        return f"  {about['title']}: {_points(about['points'], 'extra ' if about['extra_credit'] else '')}"

    def _print_points(self, open_problems: set[str]) -> None:
        """Say how many points are in reach: those of the problems whose checks are all ok here."""
        asked = {check.problem for check in self.checks}
        for extra in (False, True):
            points = {
                problem: about["points"]
                for problem, about in self._problems.items()
                if problem in asked and about["extra_credit"] is extra
            }
            if points:
                reached = sum(worth for problem, worth in points.items() if problem not in open_problems)
                say(f"{reached:g} of {_points(sum(points.values()), 'extra ' * extra)} in reach")

    def _paint(self, text: str, word: str) -> str:
        return f"\033[{COLORS[word]}m{text}\033[0m" if self._colored else text

    def close(self) -> int:
        """Print a line per problem and one for all, and return the exit code."""
        ran = {check for check, _ in self._ended}
        ended = [*self._ended, *((check, "not run") for check in self.checks if check not in ran)]
        stubs = read_stubs()
        say()
        for problem in dict.fromkeys(check.problem for check in self.checks):
            words = Counter(word for check, word in ended if check.problem == problem)
            total, good = words.total(), words.pop("ok", 0)
            rest = "".join(f", {number} {word}" for word, number in words.items())
            rest += f" ({', '.join(stubs[problem])})" if problem in stubs else ""
            say(f"{problem:4}{self._paint(f'{good} of {total} ok', 'wrong' if rest else 'ok')}{rest}")
        self._print_points({check.problem for check, word in ended if word != "ok"})
        words = Counter(word for _, word in ended)
        refusal = refused()
        say(_last_line(words, refusal))
        if refusal:
            say(f"python submit.py will refuse it: {refusal}.")
        return 0 if words["ok"] == words.total() else 1


def _last_line(words: Counter[str], refusal: str) -> str:
    good, total = words["ok"], words.total()
    if good < total:
        hint = " python check.py -x PROBLEM shows the whole traceback." if words["wrong"] or words["error"] else ""
        return f"{good} of {total} checks are ok.{hint}"
    packs = "" if refusal else "; python submit.py packs what you hand in"
    return f"All {good} checks are ok. Hidden checks look further{packs}."


def refused() -> str:
    """Say why submit.py would not pack the answer as it is, or nothing."""
    try:
        read_answer()
    except Refused as refusal:
        return str(refusal)
    return ""


def _points(points: float, extra: str) -> str:
    return f"{points:g} {extra}point{'' if points == 1 else 's'}"


def _compared() -> list[Any]:
    """Return what the check that runs has compared so far."""
    claim = sys.modules.get("numnet.given.claim")
    return getattr(claim, "compared", [])


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

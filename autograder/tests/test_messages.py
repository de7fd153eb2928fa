"""Every message that a student can meet is on the page, and each of them is what its example really provokes."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from click.testing import CliRunner

from autograder import catalogue
from autograder.catalogue import COMMANDS, FILE, PAGE, Audition, read_sections
from autograder.cli import main
from autograder.errors import AssignmentError, Label, SandboxError
from autograder.tests.conftest import ROOT

SPEAKERS = (
    "autograder/answer.py",
    "autograder/archive.py",
    "autograder/checks/claim.py",
    "autograder/directory.py",
    "autograder/sandbox/blame.py",
    "autograder/sandbox/host.py",
    "autograder/sitting.py",
    "autograder/student.py",
    "autograder/submission.py",
    "solution/submit.py",
)
ERRORS = {"StudentError", "SubmissionError", "Refused"}
SECTIONS = read_sections()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
SHOWN = [line for language, block in BLOCKS if not language for line in block.splitlines()]
SLOW = {"check.py", "CPU", "EXITED"}  # `make check` provokes these, too
QUICK = [
    pytest.param(section, example, id=f"{section.name}-{example.name}")
    for section in SECTIONS.values()
    for example in section.examples
    if section.name not in SLOW and "attack" not in example.keys
]
KIND = "the reference's annotation is looked at before, and said in the words of answer.py"
NO_EXAMPLE = {
    "expected an array of shape .*, got .*": KIND,
    "expected a float, got .*": KIND,
    "expected a dict, got .*": KIND,
    "not right": KIND,
    "is not a plain file": "a pipe or link that the instructor names; those in a submission are left alone",
    "cannot be read: .*": "the disk's fault, not the student's",
    "the modules are larger than .* MiB together": "a folder of seventeen modules of 1 MiB each",
}


@pytest.fixture(scope="module")
def audition(assignment, tmp_path_factory) -> Iterator[Audition]:
    """A wall, and a handout."""
    try:
        made = Audition(assignment, tmp_path_factory.mktemp("handout"))
    except SandboxError as error:
        pytest.skip(str(error))
    with made:
        yield made


def _patterns(path: str) -> Iterator[str]:
    """Yield a regular expression for every message that a module of ours raises for students."""
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS and node.args:
            yield from (_pattern(text) for text in ast.walk(node.args[0]) if _is_outermost(text, node.args[0]))


def _is_outermost(text: ast.AST, argument: ast.AST) -> bool:
    choices = (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,)
    return any(text is choice for choice in choices)


def _pattern(text: ast.AST) -> str:
    if isinstance(text, ast.JoinedStr):
        return "".join(map(_pattern, text.values))
    return re.escape(str(text.value)) if isinstance(text, ast.Constant) else ".*"


def _without_example() -> set[str]:
    patterns = (pattern.replace("\\ ", " ") for path in SPEAKERS for pattern in _patterns(path))
    return {pattern for pattern in patterns if not any(re.search(pattern, line) for line in SHOWN)}


def test_every_message_has_an_example():
    """Whatever a module can say to a student stands on the page, but for what is named here, with the reason."""
    assert {pattern.removeprefix(".*: ").removeprefix(".* ") for pattern in _without_example()} == NO_EXAMPLE.keys()


@pytest.mark.parametrize(("section", "example"), QUICK)
def test_an_example_gets_the_message_on_the_page(audition, section, example):
    """Word for word: a page that is stale would tell students what nobody says any more."""
    told = audition.told(section, example)

    assert f"```\n{told}\n```" in PAGE.read_text("utf-8")


def test_an_example_with_another_label_is_refused(audition):
    """What a section shows is what its label says."""
    section = SECTIONS["WRONG"]
    [stub] = SECTIONS["NOT_WRITTEN"].examples

    with pytest.raises(AssignmentError, match=r"WRONG\.stub ended as NOT_WRITTEN: relu_backward: not written yet"):
        audition.told(section, stub)


def test_an_example_that_is_right_is_refused(audition, solution):
    """No message, no example."""
    [stub] = SECTIONS["NOT_WRITTEN"].examples

    with pytest.raises(AssignmentError, match="is right"):
        audition.told(SECTIONS["WRONG"], replace(stub, code=solution["linear.py"].decode()))


def test_every_label_is_explained(tmp_path):
    """Each label but OK has its section; a file that forgets one is refused."""
    text = FILE.read_text("utf-8")
    (tmp_path / "messages.toml").write_text(text.replace("[CPU", "[PCU"), "utf-8")

    assert SECTIONS.keys() == {*Label, *COMMANDS} - {Label.OK}
    with pytest.raises(AssignmentError, match=r"messages\.toml: nothing says what CPU means"):
        read_sections(tmp_path / "messages.toml")


def _explain(*words: str):
    return CliRunner().invoke(main, ["explain", *words])


def test_the_page_can_be_printed_and_checked(monkeypatch, tmp_path):
    """Printed, it is what is to be committed; one that is stale is named, with the command that mends it."""
    monkeypatch.setattr(catalogue, "build", lambda assignment: "# All of them\n")
    monkeypatch.setattr(catalogue, "PAGE", tmp_path / "MESSAGES.md")
    (tmp_path / "MESSAGES.md").write_text("# Some of them\n", "utf-8")

    printed, stale = _explain("--all"), _explain("--check")
    (tmp_path / "MESSAGES.md").write_text(printed.stdout, "utf-8")
    fresh = _explain("--check")

    assert (printed.exit_code, printed.stdout) == (0, "# All of them\n")
    assert stale.exit_code == 2 and "MESSAGES.md is stale; run `make messages`" in stale.stderr
    assert (fresh.exit_code, fresh.output) == (0, "")


@pytest.mark.parametrize("words", [(), ("--all", "--check"), (".", "--all")])
def test_one_thing_is_explained_at_a_time(words):
    """A report, or all messages."""
    done = _explain(*words)

    assert done.exit_code == 2 and "name one report, or say --all or --check" in done.stderr

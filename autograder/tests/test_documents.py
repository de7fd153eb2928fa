"""The documents tell the truth: what they name is there, what they show runs, the code is as small as they say."""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from fnmatch import fnmatch
from pathlib import Path

import click
import pytest

from autograder.assignment import Limits
from autograder.cli import main
from autograder.errors import Label
from autograder.policy import Policy
from autograder.sandbox.level import Layer, Level
from autograder.secret import VARIABLE
from autograder.tests.conftest import ROOT

FOLDERS = {".ci", "autograder", "datasets", "handout", "notebooks", "solution"}  # others are not the project's


def _files() -> Iterator[str]:
    """Yield every file and folder of the project."""
    for top in ROOT.iterdir():
        if top.is_file() or top.name in FOLDERS:
            inside = top.rglob("*") if top.is_dir() else ()
            yield from (path.relative_to(ROOT).as_posix() for path in (top, *inside) if "__pycache__" not in path.parts)


FILES = sorted(_files())
DOCUMENTS = [name for name in FILES if name.endswith(".md")]
STUDENTS = ("handout/", "autograder/tests/styles/")  # generated, or written as a student would
PYTHON = [name for name in FILES if name.endswith(".py") and not name.startswith(STUDENTS)]
README, GRADER = "README.md", "autograder/README.md"

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 40
MOST_LINES_OF_THE_README = 135
MOST_BYTES_OF_A_PICTURE = 60_000

MADE = {  # by a command
    "scores.csv", "report.json", "report-1.json", "report.html", "index.html", "history.jsonl",
    "network.html", "lm.html", "quiz.html", "similar.html", "times.csv", "timestamp.txt", "grades.csv",
    "submission.zip", "results/*", "class/", "bundles/", "autograder.zip", "prairielearn.tar", ".venv/*", "*.secret",
}  # fmt: skip
EXAMPLE = "*dropout.*"  # of the problem K1 that solution/README.md adds
SUFFIXES = (".py", ".md", ".toml", ".csv", ".json", ".html", ".txt", ".zip", ".ini", "/")
MACHINE = re.compile(r"(?<![\w.\]}>*])/(?:work|root|home|tmp|Users|opt|mnt|srv)\b")


def _text(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def _blocks(document: str) -> list[str]:
    """Return the code blocks of a document."""
    return re.findall(r"^```\w*\n(.*?)^```", _text(document), re.MULTILINE | re.DOTALL)


def _spans(document: str) -> list[str]:
    """Return what stands in backticks in the text of a document."""
    prose = re.sub(r"^```.*?^```", "", _text(document), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"`([^`\n]+)`", prose)


def _commands(document: str, program: str) -> list[list[str]]:
    """Return the words after a program's name, wherever a document shows a command of it."""
    lines = [line.strip() for block in _blocks(document) for line in block.splitlines()] + _spans(document)
    words = [shlex.split(line, comments=True) for line in lines if re.match(rf"\S*\b{program} ", line)]
    return [word[1:] for word in words if word[0].split("/")[-1] == program]


def _examples(command: click.Command) -> list[list[str]]:
    """Return the words after `autograder` in the examples of a help text."""
    lines = [line.strip() for line in (command.help or "").partition("\b")[2].splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("autograder ")]


def _require_command(words: list[str]) -> None:
    """Fail unless the group has this command with these options."""
    if words[0].startswith("-"):
        assert words[0] in ("--help", "-h", "--version")
        return
    command = main.commands[words[0]]
    if isinstance(command, click.Group):
        if words[1:2] in ([], ["FORMAT"], ["--help"]):
            return
        command, words = command.commands[words[1]], words[1:]
    parser = command.make_parser(click.Context(command, info_name=words[0]))
    parser.parse_args(words[1:])


@pytest.mark.parametrize("document", DOCUMENTS)
def test_make_targets_are_in_the_makefile(document):
    """Whoever types what a document says gets no `No rule to make target`."""
    targets = set(re.findall(r"^([a-z]+):", _text("Makefile"), re.MULTILINE))

    assert {words[0] for words in _commands(document, "make") if words} <= targets


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_of_the_documents_exist(document):
    """Every command and every option that a document shows is one of ours."""
    for words in _commands(document, "autograder"):
        _require_command(words)


def _within(command: click.Command) -> dict[str, click.Command]:
    """Return the commands of a group by name, or none."""
    return dict(command.commands) if isinstance(command, click.Group) else {}


COMMANDS = dict(main.commands) | {
    f"{group} {name}": command for group in main.commands for name, command in _within(main.commands[group]).items()
}


@pytest.mark.parametrize("name", COMMANDS)
def test_command_explains_itself_with_an_example(name):
    """A command's help is a sentence and an example that can be parsed."""
    command = COMMANDS[name]
    examples = _examples(command)

    assert re.match(r"[A-Z].+\.", (command.help or "").splitlines()[0])
    assert examples and all(" ".join(words).startswith(name) for words in examples)
    for words in examples:
        _require_command(words)


@pytest.mark.parametrize("name", main.commands)
def test_command_and_its_options_are_documented(name):
    """The table of commands has a row for it, with every option and every command in it."""
    [row] = re.findall(rf"^\| `autograder {name}\b.*$", _text(GRADER), re.MULTILINE)
    inside = _within(main.commands[name])
    parameters = [one for command in (main.commands[name], *inside.values()) for one in command.params]
    options = [option for parameter in parameters for option in parameter.opts if option[:2] == "--"]

    assert [word for word in inside if word not in row] == []
    assert [option for option in options if f"`{option}`" not in row] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_paths_in_backticks_are_there(document):
    """What looks like a file or folder of the project is one, or is made by a command."""
    spans = {span for span in _spans(document) if re.fullmatch(r"[\w.*-][\w./*-]*", span) and span.endswith(SUFFIXES)}
    known = [f"/{name}" for name in FILES] + [f"/{name}/" for name in FILES]

    missing = [span for span in spans if not any(fnmatch(name, f"*/{span}") for name in known)]

    assert [span for span in missing if not any(fnmatch(span, made) for made in (*MADE, EXAMPLE))] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_document_names_a_place_on_one_machine(document):
    """A path that starts at the root is right on one machine only."""
    assert MACHINE.findall(_text(document)) == []


def test_the_readme_begins_with_its_picture_and_two_commands():
    """The wall is seen before the first heading; `make grade` is the first command, `make test` the second."""
    text = _text(README)
    makes = [line.split()[1] for block in _blocks(README) for line in block.splitlines() if line.startswith("make ")]

    assert "║" in text.partition("\n## ")[0]
    assert makes[:2] == ["grade", "test"]
    assert not _pictures(text.partition("\n## ")[0].partition("```")[0])
    assert len(text.splitlines()) <= MOST_LINES_OF_THE_README


def _pictures(text: str) -> list[tuple[str, str]]:
    """Return the path of every picture that a text shows, and the words for those who do not see it."""
    shown = [(path, words) for words, path in re.findall(r"!\[(.*?)\]\((.+?)\)", text)]
    return shown + re.findall(r'<img src="(.+?)" [^>]*?alt="(.*?)"', text)


@pytest.mark.parametrize("document", ["README.md", "handout/README.md"])
def test_pictures_are_small_and_told_in_words(document):
    """Each picture is in the repository, loads at once, and says what is to be seen."""
    pictures = [((ROOT / document).parent / path, words) for path, words in _pictures(_text(document))]

    assert {path.name for path, _ in pictures} == {path.name for path in (ROOT / "solution" / "pictures").iterdir()}
    assert all(path.stat().st_size < MOST_BYTES_OF_A_PICTURE for path, _ in pictures)
    assert all(len(words.split()) > 10 for _, words in pictures)


def _listed() -> Iterator[str]:
    """Yield the paths of the README's tree."""
    folder = ""
    for line in _blocks(README)[-1].splitlines():
        names = re.split(r" {2,}", line.strip())[0].split()
        if not line.startswith(" "):
            folder = ""
        yield from (folder + name for name in names)
        if not line.startswith(" ") and names[0].endswith("/"):
            folder = names[0]


def test_the_tree_of_the_readme_is_the_tree():
    """What the listing names is there, and every folder of the top and of the grader is named."""
    listed = list(_listed())
    folders = {f"{name}/" for name in FILES if (ROOT / name).is_dir() and re.fullmatch(r"[^/]+|autograder/[^/]+", name)}

    assert [name for name in listed if not (ROOT / name).exists()] == []
    assert folders - set(listed) == set()


def test_settings_labels_and_layers_are_documented():
    """Whoever meets a word in a report, in a setting or in the doctor's table finds it explained."""
    words = [*Label, *(str(layer.name) for layer in Layer), VARIABLE]
    words += [field.name for settings in (Limits, Policy) for field in fields(settings)]
    text = _text(GRADER)

    assert [word for word in words if f"`{word}`" not in text and f"\n{word} = " not in text] == []
    assert [level.value for level in Level if f"| {level.value} |" not in text] == []


def test_the_grader_readme_ends_with_dated_decisions():
    """The last table has a date, a decision and a reason in every line."""
    _, table = _text(GRADER).split("\n## Decisions\n")
    rows = table.strip().splitlines()[2:]

    assert rows and all(re.fullmatch(r"\| \d{4}-\d\d-\d\d \| [^|]+ \| [^|]+ \|", row) for row in rows)


def _functions(source: str) -> Iterator[tuple[str, int]]:
    """Yield every function's name and its lines, without the docstring."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            text = node.body[0] if ast.get_docstring(node) is not None else None
            sentence = (text.end_lineno or 0) - text.lineno + 1 if text else 0
            yield node.name, (node.end_lineno or 0) - node.lineno + 1 - sentence


@pytest.mark.parametrize("path", PYTHON)
def test_files_fit_a_sitting_and_functions_a_glance(path):
    """CONTRIBUTING.md says how long a file and a function may be."""
    source = _text(path)

    assert len(source.splitlines()) <= MOST_LINES_OF_A_FILE
    assert [name for name, lines in _functions(source) if lines > MOST_LINES_OF_A_FUNCTION] == []


def _run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {VARIABLE: "of the tests", "NO_COLOR": "1"}
    return subprocess.run(
        [str(word) for word in command],
        cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


def _autograder(*words: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return _run(Path(sys.executable).with_name("autograder"), *words, folder=folder)


def test_help_and_freshness_can_be_asked_for(tmp_path):
    """`autograder --help` lists every command; `autograder handout --check` finds the handout fresh."""
    shown = _autograder("--help", folder=tmp_path)
    fresh = _autograder("handout", "--check", folder=tmp_path)

    assert shown.returncode == 0 and all(name in shown.stdout for name in main.commands)
    assert (fresh.returncode, fresh.stdout, fresh.stderr) == (0, "", "")


def test_an_instructor_s_five_minutes(tmp_path):
    """A submission is graded, its report is explained, and the table is there."""
    shutil.copytree(ROOT / "handout" / "numnet", tmp_path / "submissions" / "student-07" / "numnet")

    graded = _autograder("grade", "submissions", "--problems", "G1", "--jobs", "1", folder=tmp_path)
    explained = _autograder("explain", "results/student-07", folder=tmp_path)

    assert graded.returncode == 0, graded.stderr
    assert "student-07" in graded.stdout and "graded 1 of 1" in graded.stderr
    assert explained.returncode == 0 and "NOT_WRITTEN" in explained.stdout
    assert (tmp_path / "results" / "scores.csv").read_text("utf-8").splitlines()[1].startswith("student-07,0,3,")


def test_a_student_s_five_minutes(tmp_path):
    """The handout runs where it lies: checks that are not written yet, and an answer that is packed."""
    handout = shutil.copytree(ROOT / "handout", tmp_path / "handout")

    checked = _run(sys.executable, "check.py", "G1", folder=handout)
    packed = _run(sys.executable, "submit.py", folder=handout)

    assert checked.returncode == 1 and "not written yet" in checked.stdout
    assert packed.returncode == 0, packed.stderr
    assert "submission.zip" in packed.stdout and (handout / "submission.zip").is_file()

"""What students wrote, as a name or in a file, is mere text wherever it is shown."""

import csv
import io
import json
import re
import zipfile

import pytest
from click.testing import CliRunner

from autograder.attacks._parcel import pack
from autograder.cli import main
from autograder.exporters.scores_csv import scores_csv
from autograder.tests.sample import make_report

NAMES = [
    "=cmd|'/c calc'!A0",
    "+1+1",
    "-1",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "\x1b[2J\x1b]0;owned\x07",
    "\u202eada",
    "a\nbob,100,100",
    "[bold]x[/]",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_no_formula_and_no_command_in_a_table(name):
    """A cell begins with no sign of a formula, holds no control character, and stays one cell."""
    [header, row] = csv.reader(io.StringIO(scores_csv([make_report(name=name)])))

    assert len(row) == len(header)
    assert not row[0].startswith(("=", "+", "-", "@"))
    assert row[0].isprintable()


@pytest.fixture
def hostile_class(tmp_path, solution):
    """A download from Moodle: honest work under hostile names, and hostile archives."""
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for number, name in enumerate(name for name in NAMES if "/" not in name):
            for module in ("sgd.py", "__init__.py"):
                packed.writestr(f"{name}_{number}_assignsubmission_file_/numnet/{module}", solution[module])
        for number, name in enumerate(("\x1b[2J.txt", "<img src=x onerror=alert(1)>\u202e.txt"), start=50):
            packed.writestr(f"eve_{number}_assignsubmission_file_/a.zip", pack({name: b""}))
    return path


def test_a_hostile_class_is_graded_and_shown_as_text(hostile_class, tmp_path, monkeypatch):
    """Everybody has a report; the terminal, tables, reports and pages hold printable text, and no markup of theirs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTOGRADER_SECRET", "of the tests")

    result = CliRunner().invoke(main, ["grade", str(hostile_class), "--jobs", "1", "--problems", "J1"])

    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(io.StringIO((tmp_path / "results/scores.csv").read_text("utf-8"))))
    assert [row["label"] for row in rows].count("BAD_ARCHIVE") == 2
    full = [row for row in rows if row["label"] == "OK"]
    assert len(full) == 6 and len({row["extra_credit"] for row in full} - {"0"}) == 1
    reports = [path.read_text("utf-8") for path in tmp_path.glob("results/*/report.json")]
    pages = [path.read_text("utf-8") for path in tmp_path.glob("results/**/*.html")]
    assert len(reports) == 8 and len(pages) == 9
    assert not any("<img" in page or "<script>alert" in page for page in pages)
    for text in (result.stdout, result.stderr, *reports, *pages, (tmp_path / "results/scores.csv").read_text("utf-8")):
        assert all(line.isprintable() for line in text.split("\n"))
        assert "\u202e" not in text
    for report in reports:
        assert re.fullmatch(r"[A-Za-z0-9_%.][A-Za-z0-9_%.-]*", json.loads(report)["submission"]["id"])

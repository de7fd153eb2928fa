"""A sheet of Canvas's or Moodle's is filled in one column, or refused with the row that does not match."""

import csv
from io import StringIO

import pytest

from autograder.class_list import ClassList, read_class_list, read_times
from autograder.errors import UsageError
from autograder.exporters.canvas import fill_gradebook
from autograder.exporters.grades_csv import grades_csv
from autograder.exporters.moodle import fill_worksheet
from autograder.standing import Standing, standings
from autograder.tests.sample import ALL_PASSED, OURS, WRONG, make_report

CANVAS = '''\
Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (77),Homework 10 (78),Final Score
,,,,,Manual Posting,,(read only)
    Points Possible,,,,,2.8,5,(read only)
"Lovelace, Ada",345,s1,ada,"A, B",,1,
"O'Hara, ""Bob""",346,s2,bob,A,0,2,
"Student, Test",999,,,A,,3,
"Zoë, 中",348,s4,zoe,A,EX,,
'''
MOODLE = """\
\ufeffIdentifier,Full name,Email address,Grade,Maximum Grade,Grade can be changed,Feedback comments
Participant 12,Ada Lovelace,ada@x.org,,4.00,Yes,
Participant 13,"Bob, B",bob@x.org,1.00,4.00,Yes,"two
lines"
"""


def class_of(*names: str, **rest) -> list[Standing]:
    """Return the standings of a class: everybody but the first fails one check."""
    outcomes = [ALL_PASSED, *[ALL_PASSED | {"test_one": WRONG}] * len(names)]
    reports = [make_report(verdicts, name=name) for verdicts, name in zip(outcomes, names, strict=False)]
    return standings(reports, **rest)


def cells(text: str) -> list[list[str]]:
    """Read a sheet as its platform does."""
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("title", ["Homework 1", "Homework 1 (77)"])
@pytest.mark.parametrize("names", [("lovelaceada_345", "oharabob_346"), ("s1", "s2"), ("ada", "BOB")])
def test_one_column_of_canvas_is_filled(title, names):
    """By Canvas's number, the registry's or the login; every other cell stays."""
    filled = fill_gradebook("gradebook.csv", CANVAS, class_of(*names), column=title)

    before, after = cells(CANVAS), cells(filled.text)
    assert [row[5] for row in after] == [before[0][5], "Manual Posting", "2.8", "3.8", "3.7", "", "EX"]
    assert [row[:5] + row[6:] for row in after] == [row[:5] + row[6:] for row in before]
    assert filled.notes == ()


def test_a_filled_sheet_is_written_as_it_came():
    """Line endings, the mark at the front and the delimiter are the platform's; filling again changes nothing."""
    text = "\ufeff" + CANVAS.replace("\n", "\r\n")
    filled = fill_gradebook("gradebook.csv", text, class_of("ada"), column="Homework 1").text
    german = 'Student;ID;SIS User ID;Section;Homework (1)\r\n"B; b";7;s;A;\r\n'

    assert filled == text.replace('ada,"A, B",,', 'ada,"A, B",3.8,')
    assert fill_gradebook("gradebook.csv", filled, class_of("ada"), column="Homework 1").text == filled
    assert fill_gradebook("g.csv", german, class_of("7"), column="Homework").text == german.replace("A;\r", "A;3.8\r")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Student,ID", "Name,ID", r"row 1: expected Canvas's heading"),
        (",Section", ",Group", r"row 1: expected a column Section"),
        ("Homework 1 (77)", "Homework 2 (77)", r"row 1: no column is called 'Homework 1'"),
        ("Homework 10 (78)", "Homework 1 (78)", r"row 1: no column is called 'Homework 1'"),
        ("2.8,5", "100,5", r"row 3: 'Homework 1 \(77\)' is out of 100; the assignment is of 2.8"),
        ("Manual Posting", "(read only)", r"row 2: 'Homework 1 \(77\)' is read only"),
        ("348,s4,zoe", "348,s1,zoe", r"row 7: is of ada, and so is row 4"),
        ("345,s1,ada", "345,s1,bob", r"row 4: is of ada and bob; say in a class list who is who"),
        (",A,0,2,", ",A,0,2", r"row 5: expected 8 cells as in the heading, got 7"),
        ('""Bob""', '""Bob"', r"row 5: no CSV"),
    ],
)
def test_a_gradebook_that_does_not_match_is_refused(old, new, reason):
    """With the row, and before anything is written."""
    sheet = CANVAS.replace(old, new)
    assert sheet != CANVAS
    students = ClassList([["ada", "s1"], ["bob", "bob"]])

    with pytest.raises(UsageError, match=f"gradebook.csv {reason}"):
        fill_gradebook("gradebook.csv", sheet, class_of("ada", "bob", students=students), column="Homework 1")


def test_who_has_no_row_or_no_score_is_named():
    """The cell of a student whom we could not grade stays as it is, and so does an excuse."""
    broken = make_report(ALL_PASSED | {"test_one": OURS}, name="bob")
    reports = [broken, make_report(name="eve"), make_report(name="zoe")]

    filled = fill_gradebook("gradebook.csv", CANVAS, standings(reports), column="Homework 1")

    assert cells(filled.text) == cells(CANVAS)
    assert filled.notes == (
        "eve has no row in gradebook.csv",
        "gradebook.csv row 5: left as it was, for bob was not graded in full; grade again",
        "gradebook.csv row 7: left as it was, for zoe is excused",
    )


@pytest.mark.parametrize("names", [("Ada%20Lovelace_12", "Bob%2C%20B_13"), ("ada@x.org", "bob@x.org")])
def test_grades_of_a_worksheet_are_filled(names):
    """By the number that Moodle put into the names of its download, or by the address."""
    filled = fill_worksheet("worksheet.csv", MOODLE, class_of(*names))

    before, after = cells(MOODLE), cells(filled.text)
    assert [row[3] for row in after] == ["Grade", "3.8", "3.7"]
    assert [row[:3] + row[4:] for row in after] == [row[:3] + row[4:] for row in before]
    assert filled.text.startswith("\ufeff") and filled.notes == ()


def test_a_worksheet_in_another_language_is_filled():
    """Its headings are named."""
    sheet = MOODLE.replace("Identifier", "ID").replace("Participant ", "Teilnehmer/in")
    sheet = sheet.replace("Grade,", "Bewertung,", 1)

    filled = fill_worksheet("w.csv", sheet, class_of("12", "13"), column="Bewertung", identifier="ID")

    assert [row[3] for row in cells(filled.text)] == ["Bewertung", "3.8", "3.7"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Identifier", "Number", "row 1: no column is called 'Identifier'"),
        ("Participant 13", "thirteen", "row 3: expected 'Participant 12'"),
        (",,4.00", ",,2.80", "row 2: 3.8 points for 12 are more than the 2.8 there; Moodle would skip it"),
        (",4.00,Yes,\n", ",4.00,No,\n", "row 2: the grade of 12 is locked"),
        ("Participant 13", "Participant 12", "row 3: is of 12, and so is row 2"),
    ],
)
def test_a_worksheet_that_moodle_would_skip_is_refused(old, new, reason):
    """Moodle says nothing of the rows that it leaves out; we do."""
    assert old in MOODLE

    with pytest.raises(UsageError, match=f"worksheet.csv {reason}"):
        fill_worksheet("worksheet.csv", MOODLE.replace(old, new), class_of("12", "13"))


def test_a_class_list_says_who_is_who(tmp_path):
    """Every cell is a name, but for what students share; several submissions become one standing."""
    path = tmp_path / "students.csv"
    path.write_text("\ufeffstudent,name,canvas,section\nada,Ada Lovelace,345,A\nbob,Bob,346,A\n\n", "utf-8")
    students = read_class_list(path)

    found = class_of("lovelaceada_345", "Bob", "ada", "A", students=students)

    assert [(one.student, one.grade.submission, one.is_listed) for one in found] == [
        ("A", "A", False),
        ("ada", "lovelaceada_345", True),
        ("bob", "Bob", True),
    ]
    assert "a" not in found[1].names and "345" in found[1].names


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "row 1: the first column is called `student`"),
        ("name,student\n", "row 1: the first column"),
        ("student,name\nada,A\n,B\n", "row 3: there is no student"),
        ("student,name\nada,A\nADA,B\n", "row 3: 'ADA' is in row 2 already"),
        ('student\n"a', "row 2: no CSV"),
        (b"student\n\xff\n", "not UTF-8"),
    ],
)
def test_a_class_list_that_makes_no_sense_is_refused(tmp_path, text, reason):
    """With the row."""
    (tmp_path / "students.csv").write_bytes(text if isinstance(text, bytes) else text.encode())

    with pytest.raises(UsageError, match=rf"students.csv:? {reason}"):
        read_class_list(tmp_path / "students.csv")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("submission,when\n", "row 1: expected the columns submission and handed_in"),
        ("submission,handed_in\nada,yesterday\n", "row 2: expected a time such as"),
        ("submission,handed_in\nada,2026-12-01T10:00\n", "row 2: expected a time such as"),
        ("submission,handed_in\nada,2026-12-01T10:00Z\nada,2026-12-01T10:00Z\n", "row 3: 'ada' is there already"),
        ("submission,handed_in\nada\n", "row 2: expected a time such as"),
    ],
)
def test_times_that_make_no_sense_are_refused(tmp_path, text, reason):
    """With the row; a time without an offset is another time elsewhere."""
    (tmp_path / "times.csv").write_text(text, "utf-8")

    with pytest.raises(UsageError, match=f"times.csv {reason}"):
        read_times(tmp_path / "times.csv")


def test_the_table_of_grades_keeps_numbers_apart():
    """A name that a spreadsheet would compute is a text; who was not graded in full has no final number."""
    broken = make_report(ALL_PASSED | {"test_one": OURS}, name="=1+1")

    table = cells(grades_csv(standings([make_report(), broken])))

    assert table[0][:8] == ["student", "submission", "score", "extra_credit", "cut", "penalty", "kept", "final"]
    assert table[1][0] == "'=1+1" and table[1][7] == "" and "no fault of the student's" in table[1][9]
    assert table[2] == ["ada", "ada", "2.8", "1", "0", "0", "0", "3.8", "2.8", "2.8 of 2.8; 1 extra credit"]

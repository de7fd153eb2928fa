"""Canvas's gradebook: the sheet that was exported from it, with one assignment's column filled."""

import re
from collections.abc import Sequence

from autograder.exporters.sheet import Filled, Sheet, cell, left_over, match, number, read_sheet
from autograder.policy import plain
from autograder.standing import Standing

NAMES = ("ID", "SIS User ID", "SIS Login ID", "Integration ID", "Student")
EXCUSED = "EX"
_TITLE = re.compile(r"(.*?)(?: \(\d+\))?")


def fill_gradebook(name: str, text: str, standings: Sequence[Standing], *, column: str) -> Filled:
    """Fill a column, named by its title with or without Canvas's number.

    name: of the sheet, for messages; text: as Canvas exported it. Raises UsageError for a sheet that does not match
    """
    sheet = read_sheet(name, text)
    place = _column(sheet, column)
    columns = [sheet.column(title) for title in NAMES if title in sheet.heading]
    students = {
        row: [cells[each] for each in columns]
        for row, cells in enumerate(sheet.rows[1:], start=2)
        if cells and cells[columns[0]].strip()
    }
    _require_points(sheet, place, min(students, default=2), standings)
    matched = match(sheet, students, standings)
    notes = left_over(sheet, matched, standings)
    filled = {}
    for row, standing in matched.items():
        if sheet.rows[row - 1][place].strip().upper() == EXCUSED:
            notes.append(f"{name} row {row}: left as it was, for {standing.student} is excused")
        elif standing.grade.is_scored:
            filled[row] = cell(standing.grade)
    return Filled(sheet.with_cells(place, filled), tuple(notes))


def _column(sheet: Sheet, title: str) -> int:
    if len(sheet.heading) < 4 or "Student" not in sheet.heading[0] or "ID" not in sheet.heading[1]:
        raise sheet.refusal(1, "expected Canvas's heading, Student, ID, ..., Section and assignments")
    sections = [place for place, text in enumerate(sheet.heading) if "Section" in text]
    if not sections:
        raise sheet.refusal(1, "expected a column Section before the assignments; export the gradebook from Canvas")
    titles = [text for text in sheet.heading[sections[0] + 1 :] if title in (text, _TITLE.fullmatch(text)[1])]  # type: ignore[index]
    return sheet.column(titles[0] if len(titles) == 1 else title)


def _require_points(sheet: Sheet, place: int, first: int, standings: Sequence[Standing]) -> None:
    """Refuse a column that is read only, or out of other points, as the rows before the first student say."""
    wanted = {standing.grade.max_score for standing in standings}
    for row, cells in enumerate(sheet.rows[1 : first - 1], start=2):
        text = cells[place].strip() if cells else ""
        if text == "(read only)":
            raise sheet.refusal(row, f"{sheet.heading[place]!r} is read only")
        points = number(text) if cells and "Points Possible" in cells[0] else None
        if points is not None and wanted - {points}:
            other = plain(min(wanted - {points}))
            raise sheet.refusal(
                row, f"{sheet.heading[place]!r} is out of {plain(points)}; the assignment is of {other}"
            )

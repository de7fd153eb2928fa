"""Moodle's offline grading worksheet: the one that was downloaded from it, with the grades filled.

Its headings are in the language of the course; the ones that are not English are named.
"""

import re
from collections.abc import Sequence

from autograder.exporters.sheet import Filled, Sheet, cell, left_over, match, number, read_sheet
from autograder.policy import plain
from autograder.standing import Standing

NAMES = ("ID number", "Email address", "Username", "Full name")  # besides the participant's number
MAXIMUM, LOCK = "Maximum Grade", "Grade can be changed"
_PARTICIPANT = re.compile(r"\D*(\d+)")


def fill_worksheet(
    name: str, text: str, standings: Sequence[Standing], *, column: str = "Grade", identifier: str = "Identifier"
) -> Filled:
    """Fill the grades.

    name: of the sheet, for messages; text: as Moodle wrote it. Raises UsageError for a sheet that does not match
    """
    sheet = read_sheet(name, text)
    place, who = sheet.column(column), sheet.column(identifier)
    others = [sheet.column(title) for title in NAMES if title in sheet.heading]
    students = {}
    for row, cells in enumerate(sheet.rows[1:], start=2):
        if not cells:
            continue
        participant = _PARTICIPANT.fullmatch(cells[who].strip())
        if participant is None:
            raise sheet.refusal(row, f"expected 'Participant 12' under {identifier!r}, got {cells[who]!r:.80}")
        students[row] = [participant[1], *(cells[other] for other in others)]
    matched = match(sheet, students, standings)
    cells_of = {row: cell(one.grade) for row, one in matched.items() if one.grade.is_scored}
    for row in cells_of:
        _require_taken(sheet, row, matched[row])
    return Filled(sheet.with_cells(place, cells_of), tuple(left_over(sheet, matched, standings)))


def _require_taken(sheet: Sheet, row: int, standing: Standing) -> None:
    """Refuse what Moodle would leave out without a word: more points than there are, or a grade that is locked."""
    values = dict(zip(sheet.heading, sheet.rows[row - 1], strict=True))
    most = number(values.get(MAXIMUM, ""))
    if most is not None and standing.grade.final > most:
        told = f"{plain(standing.grade.final)} points for {standing.student} are more than the {plain(most)} there"
        raise sheet.refusal(row, f"{told}; Moodle would skip it: raise the maximum, or cap extra credit in [policy]")
    if values.get(LOCK, "").strip().casefold() == "no":
        raise sheet.refusal(row, f"the grade of {standing.student} is locked; Moodle would skip it")

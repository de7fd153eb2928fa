"""A sheet that a platform exported, of which one column is filled. Everything else stays as it was.

Rows are counted as a spreadsheet counts them: the heading is row 1.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from io import StringIO

from autograder.class_list import BOM, forms, read_csv
from autograder.errors import UsageError
from autograder.policy import CENT, Grade, plain
from autograder.standing import Standing


@dataclass(frozen=True, slots=True)
class Filled:
    """A sheet with its column filled, and what a person should know."""

    text: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a sheet, and how they were written."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    delimiter: str
    newline: str
    has_mark: bool

    @property
    def heading(self) -> tuple[str, ...]:
        """The first row."""
        return self.rows[0]

    def refusal(self, row: int, message: str) -> UsageError:
        """Say what does not match, with the row."""
        return UsageError(f"{self.name} row {row}: {message}")

    def column(self, *titles: str) -> int:
        """Return the one column with one of these titles."""
        found = [number for number, title in enumerate(self.heading) if title.strip() in titles]
        if len(found) != 1:
            there = ", ".join(repr(title) for title in self.heading)
            count = "more than one column" if found else "no column"
            raise self.refusal(1, f"{count} is called {titles[0]!r}; there are {there:.400}")
        return found[0]

    def with_cells(self, column: int, cells: Mapping[int, str]) -> str:
        """Return the text of the sheet with other cells in one column, by row."""
        out = StringIO(newline="")
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator=self.newline)
        for number, row in enumerate(self.rows, start=1):
            filled = [cells.get(number, cell) if place == column else cell for place, cell in enumerate(row)]
            writer.writerow(filled)
        return BOM * self.has_mark + out.getvalue()


def read_sheet(name: str, text: str) -> Sheet:
    """Read a sheet, or refuse it: every row has as many cells as the heading."""
    body = text.removeprefix(BOM)
    head = body.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    rows = tuple(tuple(row) for row in read_csv(name, body, delimiter))
    if not rows:
        raise UsageError(f"{name}: is empty; export it from the platform again")
    sheet = Sheet(name, rows, delimiter, "\r\n" if "\r\n" in body else "\n", body != text)
    for number, row in enumerate(rows, start=1):
        if len(row) not in (0, len(rows[0])):
            raise sheet.refusal(number, f"expected {len(rows[0])} cells as in the heading, got {len(row)}")
    return sheet


def match(sheet: Sheet, names: Mapping[int, Sequence[str]], standings: Iterable[Standing]) -> dict[int, Standing]:
    """Return whose each row is. A row of two students, or two rows of one, is refused; a row of nobody is left alone.

    names: by row, what the sheet calls a student
    """
    owners: dict[str, set[str]] = defaultdict(set)
    by_student = {standing.student: standing for standing in standings}
    for standing in by_student.values():
        for form in standing.names:
            owners[form].add(standing.student)
    found: dict[int, Standing] = {}
    rows: dict[str, int] = {}
    for number, called in names.items():
        claimed = {student for name in called for student in owners.get(next(forms(name), ""), ())}
        if len(claimed) > 1:
            both = " and ".join(sorted(claimed)[:2])
            raise sheet.refusal(number, f"is of {both}; say in a class list who is who")
        for student in claimed:
            if rows.setdefault(student, number) != number:
                raise sheet.refusal(number, f"is of {student}, and so is row {rows[student]}")
            found[number] = by_student[student]
    return found


def left_over(sheet: Sheet, matched: Mapping[int, Standing], standings: Iterable[Standing]) -> list[str]:
    """Say who has a grade and no row, and who has no number that could be filled in."""
    there = {standing.student for standing in matched.values()}
    notes = [f"{one.student} has no row in {sheet.name}" for one in standings if one.student not in there]
    return notes + [
        f"{sheet.name} row {number}: left as it was, for {one.student} was not graded in full; grade again"
        for number, one in matched.items()
        if not one.grade.is_scored
    ]


def cell(grade: Grade) -> str:
    """Write the number that counts, with the two decimals that a gradebook keeps."""
    return plain(grade.final.quantize(CENT, ROUND_HALF_UP))


def number(text: str) -> Decimal | None:
    """Read a number of a sheet's, or None if there is none."""
    try:
        found = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None

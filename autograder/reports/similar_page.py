"""similar.html: which submissions are much alike, and a page for each pair, side by side. Leads, and no verdicts."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from autograder.reports.page import render

AROUND = 2  # lines around those that are alike
MOST_LINES = 1000  # of a file on a page
WIDTH_OF_A_TAB = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file; or, without a number, what is said in the place of lines that are left out."""

    number: int
    text: str
    alike: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One of two submissions: how much of it the other has."""

    id: str
    share: float


@dataclass(frozen=True, slots=True)
class Lead:
    """Two submissions that are much alike, and the name of the page that shows them."""

    sides: tuple[Side, Side]
    common: int
    page: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One file of two submissions."""

    name: str
    columns: tuple[Sequence[Line], Sequence[Line]]


def similar_page(leads: Sequence[Lead], *, title: str, more: int, notes: Sequence[str]) -> bytes:
    """Return the list of pairs; more: how many are not on it."""
    return render("similar.html", title=title, leads=leads, more=more, notes=notes)


def pair_page(lead: Lead, comparisons: Sequence[Comparison]) -> bytes:
    """Return the page of one pair."""
    return render("pair.html", lead=lead, comparisons=comparisons)


def excerpt(lines: Sequence[str], alike: Collection[int]) -> list[Line]:
    """Return the lines that are alike, a few around them, and how many are left out between.

    alike: numbers of lines, from 0
    """
    near = {n for line in alike for n in range(line - AROUND, line + AROUND + 1) if 0 <= n < len(lines)}
    shown = sorted(near)[:MOST_LINES]
    return list(_excerpt(lines, alike, shown))


def _excerpt(lines: Sequence[str], alike: Collection[int], shown: Sequence[int]) -> Iterator[Line]:
    previous = -1
    for n in [*shown, len(lines)]:
        if n - previous > 1:
            yield Line(0, f"{n - previous - 1} line{'s' * (n - previous > 2)} left out", False)
        if n < len(lines):
            yield Line(n + 1, lines[n].expandtabs(WIDTH_OF_A_TAB), n in alike)
        previous = n

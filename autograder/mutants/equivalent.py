"""What is known of mutants that survive: the reasons in equivalents.toml, each for some mutants or whole functions."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AssignmentError
from autograder.toml_table import Table, read_table

EQUIVALENTS = Path(__file__).with_name("equivalents.toml")


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A mutant that changes nothing that a check may ask for; `mutant` is its name, or that of a function."""

    mutant: str
    reason: str
    where: str

    @property
    def file(self) -> str:
        """Return the file that it is a mutant of."""
        return self.mutant.split(" ")[0]


@dataclass(frozen=True, slots=True)
class Equivalents:
    """Everything that is known: mutants by their names, and functions that are not examined."""

    mutants: dict[str, Equivalent]
    functions: dict[str, Equivalent]


def read_equivalents(path: Path = EQUIVALENTS) -> Equivalents:
    """Read the reasons, or refuse them with the line to mend."""
    tables = [within for _, within in read_table(path).each()]
    return Equivalents(
        *(_by_name(one for table in tables for one in _read(table, key)) for key in ("mutants", "functions"))
    )


def _read(table: Table, key: str) -> list[Equivalent]:
    table.allow("mutants", "functions", "reason")
    where = f"{table.file} line {table.line(key)}"
    reason = table.text("reason")
    return [Equivalent(name, reason, where) for name in (table.texts(key) if key in table.values else ())]


def _by_name(equivalents: Iterable[Equivalent]) -> dict[str, Equivalent]:
    found: dict[str, Equivalent] = {}
    for one in equivalents:
        if one.mutant in found:
            raise AssignmentError(f"{one.where}: {one.mutant} has a reason already, in {found[one.mutant].where}")
        found[one.mutant] = one
    return found

"""slips.json: what check.py knows of the mistakes, without the solution: how each of them answers the public checks.

Every mistake is made in a copy of the solution, and the public checks of its problem are run on it, by the check.py
that students run. Of what a check compared only the marks are kept (numnet.given.slip).
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from autograder.assignment import Assignment
from autograder.errors import HandoutError
from autograder.folder import fingerprint, read_folder, write_files
from autograder.handout import SLIPS
from autograder.mistake import Mistake, apply, read_mistakes

RUN = r"""
import json, sys
from pathlib import Path
sys.dont_write_bytecode = True
folder = Path(sys.argv[1])
sys.path.insert(0, str(folder))
import check

class Recorder(check.Report):
    def _print(self, one, title, failure):
        compared = check._compared()
        if failure and not all(comparison.is_right for comparison in compared):
            found.append([one.node, [comparison.mark for comparison in compared]])

checks = list(check.read_checks())
for line in sys.stdin:
    problem, path, text = json.loads(line)
    before = (folder / path).read_bytes()
    (folder / path).write_text(text, "utf-8")
    found = []
    chosen = [one for one in checks if one.problem == problem]
    check.run(Recorder(chosen, show_traceback=False, show_quantities=False))
    (folder / path).write_bytes(before)
    for name in [name for name in sys.modules if name.split(".")[0] == "numnet" or name.startswith("test_")]:
        del sys.modules[name]
    print(json.dumps(found), flush=True)
"""

Found = list[tuple[str, list[list[float]]]]  # of one mistake: the checks that fail, and the marks of what they compared


def is_fresh(assignment: Assignment) -> bool:
    """Say whether the handout's slips were made from what is there now."""
    path = assignment.handout / SLIPS
    mistakes = _mistakes(assignment)
    if not path.is_file():
        return not mistakes
    made_from = json.loads(path.read_text("utf-8")).get("made_from")
    return bool(made_from == _origin(assignment))


def make(assignment: Assignment) -> bytes | None:
    """Run the public checks on every mistake, and return what slips.json holds; None if there are no mistakes."""
    mistakes = _mistakes(assignment)
    if not mistakes:
        return None
    jobs = os.cpu_count() or 1
    with ThreadPoolExecutor(jobs) as pool:
        parts = pool.map(lambda part: _run(assignment, part), [mistakes[number::jobs] for number in range(jobs)])
        by_name = {name: found for part in parts for name, found in part}
    hints = sorted({mistake.hint for mistake in mistakes})
    checks: dict[str, list[tuple[int, list[list[float]]]]] = {}
    for mistake in mistakes:
        for node, marks in by_name[mistake.name]:
            entry = (hints.index(mistake.hint), marks)
            if entry not in checks.setdefault(node, []):
                checks[node].append(entry)
    return _encode({"made_from": _origin(assignment), "hints": hints}, checks)


def _encode(head: Mapping[str, object], checks: Mapping[str, Sequence[object]]) -> bytes:
    """Write a line for each entry, so that a change can be read."""
    lists = {node: ",\n".join(json.dumps(entry) for entry in entries) for node, entries in sorted(checks.items())}
    listed = ",\n".join(f"{json.dumps(node)}: [\n{entries}\n]" for node, entries in lists.items())
    opening = json.dumps(head, indent=0, ensure_ascii=False).removesuffix("\n}")
    return f'{opening},\n"checks": {{\n{listed}\n}}\n}}\n'.encode()


def _run(assignment: Assignment, mistakes: Sequence[Mistake]) -> Iterator[tuple[str, Found]]:
    """Return for each mistake the public checks that compare something wrong, and the marks of all they compare."""
    datasets = assignment.solution.with_name("datasets")
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder), read_folder(assignment.solution))
        if datasets.is_dir():
            write_files(Path(folder, datasets.name), read_folder(datasets))
        modules = read_folder(assignment.solution / "numnet")
        lines = [
            json.dumps([mistake.problem, f"numnet/{mistake.file}", apply([mistake], modules)[mistake.file].decode()])
            for mistake in mistakes
        ]
        ended = subprocess.run(
            [sys.executable, "-I", "-c", RUN, folder],
            input="\n".join(lines),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    answers = ended.stdout.splitlines()
    if ended.returncode or len(answers) != len(lines):
        reason = ended.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise HandoutError(f"{SLIPS}: the public checks do not run on the mistakes: {reason[0]}")
    return iter([(mistake.name, json.loads(answer)) for mistake, answer in zip(mistakes, answers, strict=True)])


def _mistakes(assignment: Assignment) -> tuple[Mistake, ...]:
    return read_mistakes(assignment.path.parent / "mistakes")


def _origin(assignment: Assignment) -> str:
    """Name everything that slips.json is made from."""
    home = assignment.path.parent
    files: dict[str, bytes] = {}
    for folder in (home / "mistakes", assignment.solution / "numnet", assignment.solution / "tests"):
        found = read_folder(folder) if folder.is_dir() else {}
        files |= {f"{folder.name}/{path}": content for path, content in found.items()}
    return fingerprint(files | {"check.py": (assignment.solution / "check.py").read_bytes()})

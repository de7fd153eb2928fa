"""Many machines, here on loopback: the same scores, no work for whoever cannot prove himself, and nothing lost."""

import json
import sys
import time
from dataclasses import replace

import msgspec
import pytest
from click.testing import CliRunner

from autograder import cli
from autograder.assignment import choose
from autograder.errors import ClusterError
from autograder.model import Report, SubmissionName
from autograder.sandbox.level import Level
from autograder.scale import Order, grade_all, grade_one, setting_for
from autograder.soak.course import verdicts
from autograder.tests.fleet import fleet

pytest.importorskip("distributed", reason="dask.distributed is not installed: pip install --editable '.[cluster]'")

SECRET = "of-the-tests-of-the-cluster"
PROBLEMS = "G6"
SLOW = b"""
import time
_calls = []
def sample_sentence(*given, _quick=sample_sentence, **named):
    if not _calls:
        time.sleep(2)
    _calls.append(None)
    return _quick(*given, **named)
"""
OLD = "import autograder; autograder.__version__ = '0.0.9'"
LOW = "from autograder.sandbox import proof, level; proof.candidates = lambda: [level.Level.L3]"
OTHER = "from autograder import scale; scale.hash_of = lambda assignment: 'another'"


@pytest.fixture(scope="module")
def crew(tmp_path_factory):
    """A scheduler, two workers that can grade and three that cannot."""
    with fleet(tmp_path_factory.mktemp("fleet")) as made:
        for name, preload in {"first": "", "second": "", "old": OLD, "low": LOW, "other": OTHER}.items():
            made.hire(name, preload)
        made.await_workers("first", "second", "old", "low", "other")
        yield made


@pytest.fixture
def grade(monkeypatch, tmp_path):
    """Run `autograder grade` on a class of three: grade("--cluster", address) -> result, reports."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTOGRADER_SECRET", SECRET)

    def run(*options):
        command = ["grade", "class", "--problems", PROBLEMS, "--json", "--out", f"results{len(options)}", *options]
        result = CliRunner().invoke(cli.main, command)
        found = json.loads(result.stdout)["reports"] if result.stdout else []
        return result, {report["submission"]["id"]: msgspec.convert(report, Report) for report in found}

    return run


@pytest.fixture
def small_class(tmp_path, solution, handout):
    """A class of three in the folder class: perfect, blank, and no archive at all."""
    for name, files in {"perfect": solution, "blank": handout}.items():
        (tmp_path / "class" / name / "numnet").mkdir(parents=True)
        for path, source in files.items():
            (tmp_path / "class" / name / "numnet" / path).write_bytes(source)
    (tmp_path / "class" / "broken.zip").write_bytes(b"this is no zip")


def test_a_cluster_gives_the_reports_of_this_machine(crew, grade, small_class):
    """Byte for byte but for the time; and who cannot grade is named with the reason, and gets nothing to do."""
    _, here = grade("--jobs", "1")
    result, there = grade("--cluster", crew.address, "--fresh")

    assert result.exit_code == 0, result.stderr
    assert {name: verdicts(report) for name, report in there.items()} == {
        name: verdicts(report) for name, report in here.items()
    }
    told = result.stderr.replace("\n", " ")
    assert told.count("is refused: ") == 3 and told.count("note: worker tcp://127.0.0.1:") == 3
    assert "it has Python" in told and "autograder 0.0.9, and this run Python" in told
    assert "no wall of level L2 or higher can be built here" in told
    assert f"and those of this run {there['perfect'].assignment.hash}; check out the same commit there" in told
    assert "graded 3 of 3" in told


def test_the_secret_is_in_no_log(crew, grade, small_class):
    """Not of the scheduler, and not of a worker, when something goes wrong in it, too."""
    result, _ = grade("--cluster", crew.address)

    words = "".join(crew.said(name) for name in crew.processes)
    assert "Starting Worker plugin autograder-" in words
    assert SECRET not in words and SECRET not in result.stderr


@pytest.fixture
def workers(crew, assignment):
    """The workers of the crew that can grade G6."""
    from autograder.cluster import joined

    setting = setting_for(choose(assignment, [PROBLEMS]), SECRET.encode(), Level.L2)
    with joined(crew.address, setting, lambda text: None) as made:
        yield made


def test_a_submission_whose_worker_is_killed_is_graded_elsewhere(crew, workers, solution):
    """Once, with the same report. Who joins later helps; when all are gone, the run ends with one sentence."""
    files = solution | {"ngram.py": solution["ngram.py"] + SLOW}
    name = SubmissionName("slow", "0" * 16)
    assert workers.size == 2

    future = workers.submit(grade_one, msgspec.msgpack.encode(Order(name, files, {})))
    kill_the_busy_one(crew, workers)
    report = msgspec.msgpack.decode(future.result(), type=Report)

    assert (report.submission.id, report.score, report.max_score) == ("slow", 1, 1)
    assert (workers.size, workers.replaced) == (1, 1)
    crew.hire("third")
    while workers.size < 2:
        time.sleep(0.1)
    graded = grade_all(workers, [(name, files)] * 8, {})  # more than can be lost with the workers
    with pytest.raises(ClusterError, match="no worker is left; what was written is whole"):
        for _ in graded:
            for worker in ("first", "second", "third"):
                crew.processes[worker].kill()


def kill_the_busy_one(crew, workers):
    """Kill the worker that has been grading for half a second."""
    client = workers._client
    names = {address: worker["id"] for address, worker in workers._workers().items()}
    while not (busy := [address for address, keys in client.processing().items() if keys]):
        time.sleep(0.05)
    time.sleep(0.5)
    crew.processes[names[busy[0]]].kill()


def test_wrong_use_of_a_cluster_is_one_sentence(grade, small_class, monkeypatch):
    """No scheduler at the address, no address, no dask: exit code 2, and no results."""
    from autograder import cluster

    monkeypatch.setattr(cluster, "SECONDS_TO_CONNECT", 0.5)
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        result, _ = grade("--cluster", address)
        assert result.exit_code == 2
        assert f"--cluster {address}: no scheduler answers there" in result.stderr
        assert "Traceback" not in result.stderr

    monkeypatch.setitem(sys.modules, "autograder.cluster", None)
    result, _ = grade("--cluster", "tcp://127.0.0.1:9")
    assert result.exit_code == 2 and "--cluster needs dask.distributed" in result.stderr


def test_terms_are_shown_without_the_secret(assignment):
    """What is shown may be logged."""
    from autograder.cluster import terms

    setting = setting_for(replace(assignment), SECRET.encode(), Level.L2)
    assert SECRET not in f"{setting!r} {terms(setting, 'run')!r}"

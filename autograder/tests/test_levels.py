"""Each layer of the wall holds, and each is proved by a run without it in which a probe gets through."""

import pytest

from autograder.errors import SandboxError
from autograder.sandbox import proof
from autograder.sandbox.host import Limits, Sandbox
from autograder.sandbox.level import Layer, Level
from autograder.sandbox.proof import build_wall, candidates, find_holes, prove

READABLE = "read the standard library"  # the interpreter may lie where another user cannot read it: said, and no wall


def _prove(level: Level, given: dict[str, bytes]) -> Sandbox:
    try:
        return prove(level, given, Limits())
    except SandboxError as error:
        if READABLE in str(error):
            pytest.skip(str(error))
        raise


def test_level_keeps_what_it_promises(level, given_files):
    """A guest at every level tries what the level forbids, and nothing gets through."""
    with _prove(level, given_files) as sandbox:
        assert find_holes(sandbox.layers, sandbox.try_the_wall()) == []


@pytest.mark.parametrize("name", [name for name in proof.NAMES if name != "limits"])
def test_without_its_layer_a_probe_gets_through(name, given_files):
    """Each layer is missed when it is taken away, so its proof is one."""
    layer = proof.NAMES[name]
    full = candidates()[0].guarantee.layers
    if layer not in full:
        pytest.skip("this user cannot put up the layer at all")

    with Sandbox(full & ~layer, given_files) as sandbox:
        found = sandbox.try_the_wall()

    assert [attempt for attempt, worked in found[name].items() if worked]


def test_without_limits_a_guest_takes_more_memory(given_files):
    """The limits are missed when they are taken away."""
    with Sandbox(Layer.SECCOMP, given_files) as sandbox:
        found = sandbox.try_the_wall()

    assert found["limits"]["take more memory"]


def test_lowest_level_stops_hardly_anything(given_files):
    """At L5 the canary is read, a socket opened, a process started and the grader signalled."""
    with Sandbox(Level.L5.guarantee.layers, given_files) as sandbox:
        found = sandbox.try_the_wall()

    assert found["landlock"]["read the canary"]
    assert found["seccomp"]["open a socket"] and found["seccomp"]["start a process"]
    assert found["seccomp"]["signal the grader"] and found["seccomp"]["watch what others open"]


def test_level_is_never_lowered_in_silence(monkeypatch, given_files):
    """Where the minimum does not hold, there is no wall, and every reason is told."""
    monkeypatch.setattr(
        proof, "missing_layers", lambda layers: "this kernel has no Landlock" * (Layer.LANDLOCK in layers)
    )

    with pytest.raises(SandboxError, match=r"no wall of level L2 or higher[^*]*no Landlock"):
        build_wall(Level.L2, given_files, Limits())


def test_next_level_is_taken_where_the_minimum_allows_it(monkeypatch, given_files):
    """A refused level is remembered with its reason, and the next one is tried."""
    top = candidates()[0]
    monkeypatch.setattr(proof, "missing_layers", lambda layers: "not today" * (layers == top.guarantee.layers))

    wall = build_wall(Level.L3, given_files, Limits())
    wall.sandbox.close()

    assert wall.refused[top] == "not today"
    assert wall.level is not top


def test_a_hole_is_told_by_what_got_through():
    """The reason names the attempt."""
    found = {name: {} for name in (*proof.NAMES, "clean", "library")} | {"seccomp": {"open a socket": True}}

    assert find_holes(Layer.SECCOMP, found) == ["open a socket"]
    assert find_holes(Layer.LIMITS, found) == []

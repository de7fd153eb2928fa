"""Which level of the wall holds here, each layer proved by trying to get through it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.errors import SandboxError
from autograder.sandbox import linux, seccomp
from autograder.sandbox.host import Limits, Sandbox
from autograder.sandbox.level import Layer, Level

NAMES = {
    "limits": Layer.LIMITS,
    "seccomp": Layer.SECCOMP,
    "landlock": Layer.LANDLOCK,
    "uid": Layer.UID,
    "namespaces": Layer.NAMESPACES,
}


@dataclass(frozen=True)
class Wall:
    """A sandbox whose level was proved, and why the higher levels were not reached."""

    sandbox: Sandbox
    level: Level
    refused: Mapping[Level, str]


def build_wall(minimum: Level, given: Mapping[str, bytes], limits: Limits, *, best: Level | None = None) -> Wall:
    """Return the highest level that holds here.

    minimum: the least that will do; best: the level to try first, if not the highest
    Raises SandboxError if the minimum is not reached, with the reason for every level tried.
    """
    refused: dict[Level, str] = {}
    for level in candidates():
        if not level.reaches(minimum) or (best is not None and not best.reaches(level)):
            continue
        try:
            return Wall(prove(level, given, limits), level, refused)
        except SandboxError as error:
            refused[level] = str(error)
    reasons = "".join(f"\n  {level.value}: {reason}" for level, reason in refused.items())
    raise SandboxError(f"no wall of level {minimum.value} or higher can be built here{reasons}")


def candidates() -> list[Level]:
    """Return the levels that this user could reach, the highest first."""
    needs_root = (Level.L1, Level.L2) if os.geteuid() == 0 else (Level.L1u,)
    return [level for level in Level if level in (*needs_root, Level.L3, Level.L5)]


def prove(level: Level, given: Mapping[str, bytes], limits: Limits) -> Sandbox:
    """Return a sandbox of one level, after a guest of it tried everything that the level forbids.

    Raises SandboxError that names what got through.
    """
    layers = level.guarantee.layers
    if missing := missing_layers(layers):
        raise SandboxError(missing)
    sandbox = Sandbox(layers, given, limits)
    try:
        if holes := find_holes(layers, sandbox.try_the_wall()):
            raise SandboxError(f"a guest could {'; '.join(holes)}")
    except SandboxError:
        sandbox.close()
        raise
    return sandbox


def missing_layers(layers: Layer) -> str:
    """Say which layer this machine does not have at all, or nothing."""
    if not linux.is_linux():
        return "only Linux has what a guest is made of"
    if Layer.SECCOMP in layers and not seccomp.is_supported():
        return f"no seccomp filter for {os.uname().machine}"
    if Layer.LANDLOCK in layers and linux.landlock_version() == 0:
        return "this kernel has no Landlock, or the container forbids it"
    return ""


def find_holes(layers: Layer, found: Mapping[str, Mapping[str, bool]]) -> list[str]:
    """Return what a guest could do that these layers forbid; found: as `Sandbox.try_the_wall` tells it."""
    forbidden = [name for name, layer in NAMES.items() if layer in layers] + ["clean"]
    holes = [attempt for name in forbidden for attempt, worked in found[name].items() if worked]
    if not all(found["library"].values()):
        holes.append(
            f"not read the standard library in {linux.standard_library()}: "
            "use an interpreter that every user of this machine can read"
        )
    return holes

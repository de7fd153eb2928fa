"""How high the wall is: its layers, and the levels that are promised by name."""

from dataclasses import dataclass
from enum import Enum, Flag, auto


class Layer(Flag):
    """One independent piece of the wall, proved by itself."""

    LIMITS = auto()  # memory, processor time, files, threads
    SECCOMP = auto()  # system calls
    LANDLOCK = auto()  # files
    UID = auto()  # a user of its own
    NAMESPACES = auto()  # processes, network, mounts; a root directory with nothing in it


ALL_BUT_NAMESPACES = Layer.LIMITS | Layer.SECCOMP | Layer.LANDLOCK | Layer.UID


@dataclass(frozen=True)
class Guarantee:
    """What a level is made of, what it needs, what it promises and what not."""

    layers: Layer
    needs: str
    holds: str
    not_held: str


class Level(Enum):
    """The levels of the wall, the highest first."""

    L1 = "L1"
    L1u = "L1u"
    L2 = "L2"
    L3 = "L3"
    L5 = "L5"

    @property
    def guarantee(self) -> Guarantee:
        """What this level is made of and promises."""
        return GUARANTEES[self]

    @property
    def rank(self) -> int:
        """The place in the order, 0 for the highest; L1 and L1u stand beside each other."""
        return {Level.L1: 0, Level.L1u: 0, Level.L2: 1, Level.L3: 2, Level.L5: 3}[self]

    def reaches(self, minimum: "Level") -> bool:
        """Say whether this level is at least the minimum."""
        return self.rank <= minimum.rank


GUARANTEES = {
    Level.L1: Guarantee(
        ALL_BUT_NAMESPACES | Layer.NAMESPACES,
        "root, with the right to make namespaces",
        "cannot name, see or signal anything outside; memory, time and disk bounded; all of it ends with the check",
        "holes in the kernel",
    ),
    Level.L1u: Guarantee(
        Layer.LIMITS | Layer.SECCOMP | Layer.LANDLOCK | Layer.NAMESPACES,
        "an ordinary user who may make user namespaces",
        "as L1; the guest is the same user, inside a user namespace without rights",
        "holes in the kernel",
    ),
    Level.L2: Guarantee(
        ALL_BUT_NAMESPACES,
        "root in a container, Linux 5.13 or newer",
        "cannot read or write outside the list; no network, program, process, signal or tracing; a user of its own",
        "existence and size of files whose directory is traversable; holes in the kernel",
    ),
    Level.L3: Guarantee(
        Layer.LIMITS | Layer.SECCOMP | Layer.LANDLOCK,
        "any user, Linux 5.13 or newer",
        "as L2 without a user of its own; the grader hides its memory",
        "a failure of one layer is fatal; existence and size of files",
    ),
    Level.L5: Guarantee(
        Layer.LIMITS,
        "any user of any Linux",
        "no score by accident or by tricks inside the process; time limits",
        "EVERYTHING ELSE: hidden checks readable, grader attackable; needs --allow-unsafe, the report says unsandboxed",
    ),
}

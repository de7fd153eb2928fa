"""Many machines: the workers of a dask.distributed scheduler as a workforce, in the place of the local pool.

Every worker, whenever it joins, gets a Post (`outpost`), which proves that it can grade before it offers itself. The
scheduler gives orders only to workers that do, and an order whose worker died to another one.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from distributed import Client

from autograder.errors import AutograderError, ClusterError, SandboxError, UsageError
from autograder.grading import versions
from autograder.outpost import HOME, Introduction, Post, Terms, carry_out, introduce
from autograder.sandbox.level import Level
from autograder.scale import Setting

SECONDS_TO_CONNECT = 10
SECONDS_OF_TRUST = 1.0  # for which we believe what the scheduler said
Tell = Callable[[str], None]


@contextmanager
def joined(address: str, setting: Setting, tell: Tell) -> Iterator["Cluster"]:
    """Give the workers at an address that can grade; setting.level is the least that will do.

    tell: is told which workers are refused, and why
    """
    try:
        client = Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"--cluster {address}: no scheduler answers there: {error}") from error
    with client:
        cluster = Cluster(address, client, setting, tell)
        try:
            yield cluster
        finally:
            cluster.close()


class Cluster:
    """The workers of one scheduler, for one run. Raises UsageError if none of them can grade.

    level: the lowest that any of them has
    """

    def __init__(self, address: str, client: Client, setting: Setting, tell: Tell) -> None:
        """Give every worker a post, and hear who they are."""
        self._address, self._client, self._tell = address, client, tell
        self._run = f"autograder-{secrets.token_hex(8)}"
        self._seen: dict[str, Introduction] = {}
        self._asked, self._size = 0.0, 0
        self._require_autograder()
        client.register_plugin(Post(terms(setting, self._run)))
        self._get_to_know()
        accepted = [worker for worker in self._seen.values() if not worker.refusal]
        if not accepted:
            raise UsageError(f"--cluster {address}: none of its {len(self._seen)} workers can grade")
        self.level = max((Level(worker.level) for worker in accepted), key=lambda level: level.rank)
        self._executor: Executor = client.get_executor(pure=False, resources={self._run: 1})

    def submit(self, function: Any, /, *arguments: Any) -> Future[Any]:
        """Let a worker make a call, when one is free; the function is known to it by name."""
        told: Future[Any] = Future()
        self._executor.submit(carry_out, function, arguments).add_done_callback(partial(_pass_on, told))
        return told

    @property
    def size(self) -> int:
        """How many workers can grade now. Raises ClusterError if there is none any more."""
        if time.monotonic() - self._asked > SECONDS_OF_TRUST:
            self._size = sum(bool(worker["resources"].get(self._run)) for worker in self._workers().values())
            self._asked = time.monotonic()
        if not self._size:
            raise ClusterError(f"--cluster {self._address}: no worker is left; {GOES_ON}")
        return self._size

    @property
    def replaced(self) -> int:
        """How many workers that could grade are gone."""
        present = self._workers()
        return sum(not worker.refusal and address not in present for address, worker in self._seen.items())

    def close(self) -> None:
        """Take back what is not done, and every post."""
        with suppress(Exception):  # whatever went wrong was told; a cluster that is gone needs no good-bye
            self._executor.shutdown(wait=False)
            self._get_to_know()
            if any(worker.run == self._run for worker in self._introductions().values()):
                self._client.unregister_worker_plugin(self._run)

    def _workers(self) -> Mapping[str, Any]:
        scheduler: Any = self._client.scheduler
        try:
            # not `scheduler_info`: its answer may be replaced by one without workers before it is returned
            found: Mapping[str, Any] = self._client.sync(scheduler.identity, n_workers=-1)["workers"]
        except (OSError, TimeoutError) as error:
            raise ClusterError(f"--cluster {self._address}: the scheduler is gone; {GOES_ON}") from error
        return found

    def _require_autograder(self) -> None:
        """Refuse a cluster with workers that could not even be asked."""
        for address, answer in self._client.run(introduce, on_error="return").items():
            if isinstance(answer, BaseException):
                raise UsageError(
                    f"--cluster {self._address}: worker {address} has no autograder like this one: {answer!r}"
                )

    def _introductions(self) -> Mapping[str, Introduction]:
        answers = self._client.run(introduce, on_error="ignore")
        return {address: answer for address, answer in answers.items() if isinstance(answer, Introduction)}

    def _get_to_know(self) -> None:
        """Remember the workers that are new, and tell who of them is refused."""
        for address, worker in self._introductions().items():
            if address not in self._seen and worker.run == self._run:
                self._seen[address] = worker
                if worker.refusal:
                    self._tell(f"worker {address} on {worker.host} is refused: {worker.refusal}")


GOES_ON = "what was written is whole, and with other workers the same command goes on"


def terms(setting: Setting, run: str) -> Terms:
    """Return what a run asks of its workers."""
    assignment = setting.assignment
    return Terms(
        run=run,
        assignment=os.path.relpath(assignment.path, HOME) if HOME in assignment.path.parents else str(assignment.path),
        problems=tuple(problem.id for problem in assignment.problems),
        assignment_hash=setting.assignment_hash,
        versions=versions(),
        minimum=setting.level,
        secret=setting.secret,
        now=assignment.now,
    )


def _pass_on(told: Future[Any], done: Future[Any]) -> None:
    """Tell what came of a call: whatever nobody meant to raise is a fault of ours."""
    if done.cancelled():
        told.set_exception(ClusterError(f"the scheduler is gone; {GOES_ON}"))
        return
    answer = done.exception() or done.result()
    if not isinstance(answer, BaseException):
        told.set_result(answer)
    elif isinstance(answer, AutograderError):
        told.set_exception(answer)
    else:
        told.set_exception(SandboxError(f"{type(answer).__name__}: {answer}"))

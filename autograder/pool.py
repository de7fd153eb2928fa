"""Worker processes as an executor: one that ends is replaced, and what it was doing is given to another one, once.

    submit ──▶ orders ──▶ a thread for each worker ──pipe──▶ the worker's process, prepared once

A `ProcessPoolExecutor` breaks as a whole when one of its processes ends, and does not say what that one was doing.
"""

import contextlib
import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from autograder.errors import AutograderError, SandboxError

CHANCES = 2  # whatever is our fault is tried once more, in another process
SECONDS_TO_END = 5.0
ENDED = "a worker process ended"
_context = multiprocessing.get_context("spawn")  # a fork would take our threads' locks and memory along


class Order(NamedTuple):
    """A call that a worker shall make, and where its result goes."""

    future: Future[Any]
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


class Pool(Executor):
    """Worker processes, one for each of `arguments`: each calls `prepare(*arguments)` once, then what is submitted.

    A SandboxError, or the end of a worker, is a fault of ours: another worker gets a chance. Other errors are told.
    """

    def __init__(self, prepare: Callable[..., object], arguments: Sequence[tuple[Any, ...]]) -> None:
        """Make room for the workers; each starts with its first order."""
        self.replaced = 0  # workers
        self._prepare = prepare
        self._orders: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self._workers: dict[int, Worker] = {}
        self._is_stopped = threading.Event()
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._employ, args=(number, given), daemon=True)
            for number, given in enumerate(arguments)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def size(self) -> int:
        """How many workers there are; each starts with its first order."""
        return len(self._threads)

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """Let a worker make a call, when one is free; the function is known to it by name."""
        if named:
            raise TypeError("arguments travel by position")
        future: Future[Any] = Future()
        self._orders.put(Order(future, function, arguments))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers: after what was submitted, or at once, whatever is under way."""
        if cancel_futures:
            self._is_stopped.set()
            with self._lock:
                for worker in self._workers.values():
                    worker.kill()
        for _ in self._threads:
            self._orders.put(None)
        for thread in self._threads if wait else ():
            thread.join()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End the workers; at once after an error in the block, Ctrl-C included."""
        self.shutdown(cancel_futures=kind is not None)

    def _employ(self, number: int, given: tuple[Any, ...]) -> None:
        """Keep one worker at work."""
        resource_tracker.ensure_running()  # before the next line, which it would undo
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited by all it starts: Ctrl-C is the grader's
        while (order := self._orders.get()) is not None:
            if self._is_stopped.is_set():
                order.future.cancel()
            elif order.future.set_running_or_notify_cancel():
                self._carry_out(order, number, given)
        if number in self._workers:
            self._workers[number].close()

    def _carry_out(self, order: Order, number: int, given: tuple[Any, ...]) -> None:
        fault = SandboxError(ENDED)
        for _ in range(CHANCES):
            try:
                order.future.set_result(self._worker(number, given).call(order.function, order.arguments))
                return
            except SandboxError as error:
                fault = error
            except BaseException as error:  # whoever waits for the result is told
                order.future.set_exception(error)
                return
            self._dismiss(number)
            if self._is_stopped.is_set():
                break
        order.future.set_exception(fault)

    def _worker(self, number: int, given: tuple[Any, ...]) -> "Worker":
        """Return the worker of this number; start one if there is none."""
        with self._lock:
            if self._is_stopped.is_set():
                raise SandboxError("stopped")
            if number not in self._workers:
                self._workers[number] = Worker(self._prepare, given)
            return self._workers[number]

    def _dismiss(self, number: int) -> None:
        """End a worker that failed us; the next order gets another."""
        with self._lock:
            if (worker := self._workers.pop(number, None)) is not None:
                worker.kill()
                self.replaced += not self._is_stopped.is_set()


class Worker:
    """One process, and our end of the pipe to it."""

    def __init__(self, prepare: Callable[..., object], given: tuple[Any, ...]) -> None:
        """Start it. Raises SandboxError if the system has no room for it."""
        self.pipe, theirs = _context.Pipe()
        self.process = _context.Process(target=_work, args=(theirs, prepare, given), daemon=True)
        try:
            self.process.start()
        except OSError as error:
            raise SandboxError(f"a worker process did not start: {error}") from error
        finally:
            theirs.close()

    def call(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """Return what the process returns, or raise what it raises: a SandboxError, if it ends."""
        try:
            self.pipe.send((function, arguments))
            answer = self.pipe.recv()
        except (EOFError, OSError):
            raise SandboxError(ENDED) from None
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def close(self) -> None:
        """Let it end, and wait for that."""
        self.pipe.close()
        self.process.join(SECONDS_TO_END)
        self.kill()

    def kill(self) -> None:
        """End it, and whatever it started ends with it."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _work(pipe: Connection, prepare: Callable[..., object], given: tuple[Any, ...]) -> None:
    """Be a worker, until there is nobody at the other end."""
    threading.Thread(target=_end_with_the_grader, daemon=True).start()
    prepare(*given)
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            pipe.send(attempt(*pipe.recv()))


def _end_with_the_grader() -> None:
    """End this process as soon as the one that started it has ended, however that came about."""
    if (grader := multiprocessing.parent_process()) is not None:
        grader.join()
        os._exit(1)


def attempt(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Return what a call returns, or the error: one that nobody meant to raise is a fault of ours."""
    try:
        return function(*arguments)
    except AutograderError as error:
        return error
    except Exception as error:
        return SandboxError(f"{type(error).__name__}: {error}")

"""The filter on system calls, run instruction by instruction for both architectures, as the kernel would."""

import platform
import struct
from pathlib import Path

import pytest

from autograder.sandbox.seccomp import (
    CLONE3,
    DENIED,
    FCNTL,
    IOCTL,
    KILL,
    NEWEST,
    PRCTL,
    PRLIMIT64,
    TGKILL,
    build_filter,
    is_supported,
)

COLUMNS = {"x86_64": 0, "aarch64": 1}
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
AUDIT_ARCH_I386 = 0x40000003
PID = 4321

ALLOW, KILLED, EPERM, ENOSYS = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026  # seccomp.h; errno in the low half
LOAD, JUMP_EQUAL, JUMP_GREATER, JUMP_SET, RETURN = 0x20, 0x15, 0x25, 0x45, 0x06  # bpf_common.h

NEEDED = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "madvise": (28, 233),
    "getpid": (39, 172),
    "sendmsg": (46, 211),
    "recvfrom": (45, 207),
    "exit": (60, 93),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "clock_gettime": (228, 113),
    "exit_group": (231, 94),
    "openat": (257, 56),
    "set_robust_list": (273, 99),
    "getrandom": (318, 278),
    "rseq": (334, 293),
}
SPECIAL = {
    "clone3": CLONE3,
    "kill": KILL,
    "tgkill": TGKILL,
    "fcntl": FCNTL,
    "ioctl": IOCTL,
    "prctl": PRCTL,
    "prlimit64": PRLIMIT64,
}


class Kernel:
    """A kernel that runs our filter on one architecture."""

    def __init__(self, machine: str) -> None:
        """Load the filter."""
        self.arch, self.column = AUDIT_ARCH[machine], COLUMNS[machine]
        self.program = list(struct.iter_unpack("<HBBI", build_filter(PID)))

    def decide(self, number: int, *arguments: int, arch: int | None = None) -> int:
        """Return what becomes of a system call."""
        six = [argument % 2**64 for argument in (*arguments, *[0] * 6)[:6]]
        data = struct.pack("<IIQ6Q", number, self.arch if arch is None else arch, 0, *six)
        position = loaded = 0
        while True:
            code, if_true, if_false, value = self.program[position]
            position += 1
            if code == RETURN:
                return int(value)
            if code == LOAD:
                assert value % 4 == 0
                (loaded,) = struct.unpack_from("<I", data, value)
            else:
                holds = {JUMP_EQUAL: loaded == value, JUMP_GREATER: loaded > value, JUMP_SET: bool(loaded & value)}
                position += if_true if holds[code] else if_false

    def call(self, numbers: tuple[int | None, int | None], *arguments: int) -> int:
        """Return what becomes of the system call that has these numbers."""
        number = numbers[self.column]
        assert number is not None
        return self.decide(number, *arguments)


@pytest.fixture(params=COLUMNS)
def kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Kernel:
    """A kernel of each architecture."""
    monkeypatch.setattr(platform, "machine", lambda: request.param)
    assert is_supported()
    return Kernel(request.param)


def test_the_kernel_would_take_the_program(kernel: Kernel) -> None:
    """It is no longer than BPF allows, every jump stays inside and every path ends in a return."""
    length = len(kernel.program)

    assert length <= 4096
    for position, (code, if_true, if_false, _) in enumerate(kernel.program):
        assert code in (LOAD, JUMP_EQUAL, JUMP_GREATER, JUMP_SET, RETURN)
        assert code == RETURN or position + 1 + max(if_true, if_false) < length
    assert kernel.program[-1][0] == RETURN


def test_what_python_and_numpy_need_is_allowed(kernel: Kernel) -> None:
    """Reading, writing, memory, threads that wait, the clock and the end."""
    assert {name: kernel.call(numbers) for name, numbers in NEEDED.items()} == dict.fromkeys(NEEDED, ALLOW)


def test_everything_on_the_list_is_refused(kernel: Kernel) -> None:
    """Whatever its arguments are."""
    here = {name: numbers for name, numbers in DENIED.items() if numbers[kernel.column] is not None}

    for arguments in ((), (PID,) * 6, (-1,) * 6):
        assert {name: kernel.call(numbers, *arguments) for name, numbers in here.items()} == dict.fromkeys(here, EPERM)


def test_another_architecture_is_killed(kernel: Kernel) -> None:
    """There the same numbers would mean other calls."""
    for arch in {AUDIT_ARCH_I386, 0, *AUDIT_ARCH.values()} - {kernel.arch}:
        assert kernel.decide(NEEDED["read"][kernel.column], arch=arch) == KILLED


def test_x32_is_killed(kernel: Kernel) -> None:
    """On x86_64 a bit in the number chooses a third set of system calls."""
    if kernel.arch != AUDIT_ARCH["x86_64"]:
        assert kernel.decide(0x40000000) == ENOSYS
    else:
        assert {kernel.decide(number) for number in (0x40000000, 0x40000000 | 59, 0xFFFFFFFF)} == {KILLED}


def test_calls_of_newer_kernels_do_not_exist(kernel: Kernel) -> None:
    """What is not known yet cannot be on the list."""
    assert {kernel.decide(number) for number in (NEWEST + 1, NEWEST + 500, 0x3FFFFFFF)} == {ENOSYS}


def test_neither_a_thread_nor_a_process_may_start(kernel: Kernel) -> None:
    """clone() is refused whatever its flags; clone3() does not exist, so the C library falls back to clone()."""
    thread, vfork, sigchld = 0x003D0F00, 0x00004111, 17

    assert {kernel.call(DENIED["clone"], flags) for flags in (0, thread, sigchld, vfork)} == {EPERM}
    assert kernel.call(CLONE3, thread) == ENOSYS


@pytest.mark.parametrize("signal", [KILL, TGKILL], ids=["kill", "tgkill"])
def test_a_guest_may_signal_only_itself(kernel: Kernel, signal: tuple[int, int]) -> None:
    """No other process, no process group and not everybody."""
    assert kernel.call(signal, PID, 6) == ALLOW
    assert {kernel.call(signal, pid, 6) for pid in (0, 1, PID + 1, -PID, -1)} == {EPERM}


def test_no_file_may_signal_its_owner(kernel: Kernel) -> None:
    """F_SETOWN, F_SETSIG and their like send signals to others; the everyday commands stay."""
    assert {kernel.call(FCNTL, 3, command) for command in (8, 10, 15, 1024, 1026)} == {EPERM}
    assert {kernel.call(FCNTL, 3, command) for command in (0, 1, 2, 3, 4, 9, 1030)} == {ALLOW}
    assert kernel.call(FCNTL, 8, 1) == ALLOW  # a descriptor is no command


def test_no_terminal_may_be_typed_at(kernel: Kernel) -> None:
    """TIOCSTI, TIOCLINUX, FIOSETOWN and SIOCSPGRP are refused, also with rubbish in the upper half."""
    denied = (0x5412, 0x541C, 0x8901, 0x8902)

    assert {kernel.call(IOCTL, 0, high | command) for command in denied for high in (0, 1 << 32)} == {EPERM}
    assert {kernel.call(IOCTL, 0, command) for command in (0x5401, 0x5413, 0x5451)} == {ALLOW}


def test_only_names_are_set_by_prctl(kernel: Kernel) -> None:
    """A thread and a piece of memory may have a name; dumpable, seccomp and the rest stay as they are."""
    assert {kernel.call(PRCTL, option) for option in (15, 16, 0x53564D41)} == {ALLOW}
    assert {kernel.call(PRCTL, option) for option in (1, 4, 8, 22, 23, 36, 38, 0x59616D61)} == {EPERM}


def test_limits_may_be_read_and_not_set(kernel: Kernel) -> None:
    """prlimit64 is for oneself and without a new limit, in either half of the pointer."""
    assert kernel.call(PRLIMIT64, 0, 3, 0, 0x7FFF0000) == ALLOW
    assert kernel.call(PRLIMIT64, 0, 3, 0x7FFF0000, 0) == EPERM
    assert kernel.call(PRLIMIT64, 0, 3, 0x7FFF << 32, 0) == EPERM
    assert kernel.call(PRLIMIT64, 1, 3, 0, 0x7FFF0000) == EPERM


def test_another_machine_has_no_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told by is_supported, before anything is built."""
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")

    assert not is_supported()


@pytest.mark.parametrize("machine", COLUMNS)
def test_no_two_calls_have_one_number(machine: str) -> None:
    """A number that was copied from the line above would leave a hole."""
    numbers = [call[COLUMNS[machine]] for call in (DENIED | SPECIAL | NEEDED).values()]
    known = [number for number in numbers if number is not None]

    assert len(known) == len(set(known))
    assert max(known) <= NEWEST


@pytest.mark.parametrize(
    ("machine", "pattern"), [("x86_64", "**/asm/unistd_64.h"), ("aarch64", "asm-generic/unistd.h")], ids=COLUMNS
)
def test_the_numbers_are_those_of_the_kernels_headers(machine: str, pattern: str) -> None:
    """As far as the headers of this system know a call."""
    found = sorted(Path("/usr/include").glob(pattern))
    if not found or (machine == "x86_64" and platform.machine() != machine):  # others have a unistd_64.h of their own
        pytest.skip(f"there is no /usr/include/{pattern} of {machine} here")
    words = [line.split()[1:3] for line in found[0].read_text("utf-8").splitlines() if line.startswith("#define __NR")]
    numbers = {name.split("_", 3)[-1]: int(number) for name, number in filter(is_number, words)}

    ours = {name: call[COLUMNS[machine]] for name, call in (DENIED | SPECIAL | NEEDED).items()}

    assert len(numbers) > 200
    assert {name: number for name, number in ours.items() if name in numbers} == {
        name: numbers[name] for name in ours if name in numbers
    }
    newest = max(numbers[name] for name in numbers if name in ours)
    assert [name for name, number in ours.items() if number and number <= newest and name not in numbers] == []


def is_number(words: list[str]) -> bool:
    """Tell a definition of a number from one that names another definition."""
    return len(words) == 2 and words[1].isdecimal()

"""The container of ours has the rights that Docker gives by default, and no others."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import elsewhere
from autograder.sandbox.seccomp import ARCHES, CLONE3, DENIED

DOCKER = 0x00000000A80425FB  # CapEff of root in a container of Docker's
LOOK = """
import ctypes, errno, json, os, sys
from pathlib import Path

def error_of(*call):
    libc = ctypes.CDLL(None, use_errno=True)
    return errno.errorcode[ctypes.get_errno()] if libc.syscall(*call) < 0 else ""

def error_of_writing(path):
    try:
        open(path, "r+").close()
    except OSError as error:
        return errno.errorcode[error.errno]

status = dict(line.split(":\\t", 1) for line in Path("/proc/self/status").read_text().splitlines())
numbers = json.loads(sys.argv[1])
print(json.dumps({
    "capabilities": int(status["CapEff"], 16),
    "pid": os.getpid(),
    "files": [error_of_writing("/proc/sys/kernel/hostname"), error_of_writing("/sys/kernel/uevent_helper")],
    "calls": {name: error_of(number, 0, 0, 0, 0, 0) for name, number in numbers.items()},
}))
"""


@pytest.fixture(scope="module")
def inside():
    """What a program sees in the container."""
    if os.geteuid() != 0:
        pytest.skip("only root can make one")
    column, _ = ARCHES[os.uname().machine]
    tried = {name: DENIED[name][column] for name in ("unshare", "setns", "mount", "bpf", "keyctl", "ptrace", "chroot")}
    program = [sys.executable, "-c", LOOK, json.dumps(tried | {"clone3": CLONE3[column]})]
    done = subprocess.run(elsewhere.command("container", program), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_container_has_the_capabilities_of_docker(inside):
    """Fourteen capabilities are left, and the processes outside are out of sight."""
    assert inside["capabilities"] == DOCKER
    assert inside["pid"] == 1


def test_container_cannot_change_the_kernel(inside):
    """What the kernel can be told by files is read-only."""
    assert set(inside["files"]) <= {"EROFS", "ENOENT"}
    assert inside["files"][0] == "EROFS"


def test_container_refuses_what_dockers_profile_refuses(inside):
    """What needs a missing capability is not permitted, clone3 does not exist, the rest reaches the kernel."""
    gated = {name: error for name, error in inside["calls"].items() if name not in ("ptrace", "chroot", "clone3")}

    assert set(gated.values()) == {"EPERM"}
    assert inside["calls"]["clone3"] == "ENOSYS"
    assert inside["calls"]["chroot"] == "EFAULT"


def test_container_ends_as_its_program_does():
    """The exit code comes out."""
    if os.geteuid() != 0:
        pytest.skip("only root can make one")

    done = subprocess.run(elsewhere.command("container", [sys.executable, "-c", "raise SystemExit(7)"]), check=False)

    assert done.returncode == 7


def test_temporary_folders_are_private():
    """What is written there is not on the machine, and everybody else's files are out of sight."""
    if os.geteuid() != 0:
        pytest.skip("only root can make one")
    look = "import os; open('/var/tmp/attack', 'w'); print(os.listdir('/var/tmp'))"

    done = subprocess.run(
        elsewhere.command("user", [sys.executable, "-c", look]), capture_output=True, text=True, check=False
    )

    assert done.stdout == "['attack']\n"
    assert not Path("/var/tmp/attack").exists()

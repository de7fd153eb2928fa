"""A container as Docker makes one by default, for machines without Docker: what root may still do in it.

Namespaces of its own, fourteen capabilities, /sys and /proc/sys read-only, and no system call that would need more.
The files are the machine's.
"""

import os
import signal
import sys
from pathlib import Path

from autograder.sandbox import linux, seccomp

PR_CAPBSET_DROP, LAST_CAPABILITY = 24, 40
CAPABILITIES = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31}  # chown to setfcap; not sys_admin, sys_ptrace, sys_nice
NAMESPACES = linux.CLONE_NEWPID | linux.CLONE_NEWNET | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS | linux.CLONE_NEWNS
NAMESPACE_FLAGS = 0x7E020000  # of clone
GATED = """
acct add_key bpf clock_adjtime clock_settime delete_module fanotify_init finit_module fsconfig fsmount fsopen fspick
init_module io_uring_enter io_uring_register io_uring_setup ioperm iopl kcmp kexec_file_load kexec_load keyctl
lookup_dcookie mbind mount mount_setattr move_mount move_pages open_by_handle_at open_tree perf_event_open pidfd_getfd
pivot_root process_madvise quotactl quotactl_fd reboot request_key set_mempolicy setdomainname sethostname setns
settimeofday swapoff swapon syslog umount2 unshare userfaultfd vhangup
"""  # what Docker's profile allows only with a capability that a container does not have, or never


def enter() -> None:
    """Put this process into a container. Its parent waits outside, and ends as it does."""
    linux.unshare(NAMESPACES)
    if (child := os.fork()) != 0:
        _wait_for(child)
    linux.die_with_parent()
    linux.mount("none", "/", None, linux.MS_REC | linux.MS_PRIVATE)
    linux.mount("proc", "/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC)
    linux.mount("/proc/sys", "/proc/sys", None, linux.MS_BIND | linux.MS_REC)
    linux.make_read_only("/proc/sys")
    if Path("/sys").is_mount():
        linux.make_read_only("/sys")
    for capability in set(range(LAST_CAPABILITY + 1)) - CAPABILITIES:
        linux.prctl(PR_CAPBSET_DROP, capability)
    linux.restrict_calls(build_profile())  # the last: it takes the rights away that the lines above need


def build_profile() -> bytes:
    """Return the filter on system calls."""
    column, _ = seccomp.ARCHES[os.uname().machine]
    code = [seccomp.LOAD_NUMBER]
    for name in GATED.split():
        if (number := seccomp.DENIED[name][column]) is not None:
            code += seccomp.when(number, seccomp.refuse())
    code += seccomp.when(seccomp.CLONE3[column], seccomp.refuse(seccomp.ENOSYS))
    code += seccomp.when(seccomp.DENIED["clone"][column], _unless_namespaces())
    return seccomp.assemble([*code, *seccomp.allow()])


def _unless_namespaces() -> list[seccomp.Instruction]:
    return [*seccomp.argument(0), (seccomp.JUMP_SET, 0, 1, NAMESPACE_FLAGS), *seccomp.refuse(), *seccomp.allow()]


def _wait_for(child: int) -> None:
    """End as the container does; never returns."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the container gets it, too
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF)

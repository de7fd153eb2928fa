"""What the wall asks of the kernel: namespaces, a private root, another user, Landlock, seccomp, limits.

Thin wrappers around system calls that Python does not have, and the order in which they work. Every failure is an
OSError that names the call. Whether a layer holds is not decided here: `probe` tries it.
"""

import ctypes
import os
import resource
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
MNT_DETACH = 2
MOUNT_ATTR_RDONLY_NOSUID_NODEV = 1 | 2 | 4
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
SYS_CAPSET = {"x86_64": 126, "aarch64": 91}
SYS_MOUNT_SETATTR = 442
SYS_LANDLOCK_CREATE_RULESET, SYS_LANDLOCK_ADD_RULE, SYS_LANDLOCK_RESTRICT_SELF = 444, 445, 446

# Landlock: the rights that each version of its interface (ABI) knows, so that all of them are denied
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}  # number of access bits from that version on
READ_FILE, READ_DIRECTORY = 1 << 2, 1 << 3
NETWORK_RIGHTS_SINCE, SCOPES_SINCE = 4, 6

libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, call: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")
    return result


def prctl(option: int, value: int | ctypes.c_void_p, third: ctypes.c_void_p | int = 0) -> None:
    """Set an attribute of this process."""
    _check(libc.prctl(option, value, third, 0, 0), f"prctl({option})")


def die_with_parent() -> None:
    """Be killed when the thread that started this process ends; forgotten after a change of user."""
    prctl(PR_SET_PDEATHSIG, 9)


def hide_memory() -> None:
    """Keep other processes of the same user from reading or tracing this one."""
    prctl(PR_SET_DUMPABLE, 0)


def unshare(flags: int) -> None:
    """Leave namespaces."""
    _check(libc.unshare(flags), f"unshare({flags:#x})")


def join_namespace(descriptor: int, kind: int) -> None:
    """Enter the namespace that a descriptor stands for."""
    _check(libc.setns(descriptor, kind), "setns")


def enter_namespaces() -> None:
    """Leave every namespace of the grader's but, as an ordinary user, keep its one user.

    The process namespace is entered by the next child only.
    """
    flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        unshare(flags)
        return
    unshare(flags | CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny", "utf-8")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "utf-8")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "utf-8")


def mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """Mount something."""
    encoded = [text.encode() if text is not None else None for text in (source, target, kind, data)]
    _check(libc.mount(encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3]), f"mount {target}")


def enter_private_root(library: Path, hidden: Sequence[Path], packages: Sequence[Path]) -> None:
    """Replace the root directory by one that holds only the library and some packages, read-only.

    hidden: directories inside the library that shall look empty, but for packages that lie there. The new root lives in
    memory and needs no place on a disk.
    """
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    sources = {path: os.open(path, os.O_PATH) for path in (library, *packages)}  # taken before /tmp is covered
    root = "/tmp"
    _mount_memory(root)
    _show(library, sources[library], root)
    for path in hidden:
        if path.is_dir():
            _mount_memory(f"{root}{path}")
    for path in packages:
        _show(path, sources[path], root)
    make_read_only(root)
    os.chdir(root)
    _check(libc.syscall(SYS_PIVOT_ROOT[os.uname().machine], b".", b"."), "pivot_root")
    _check(libc.umount2(b".", MNT_DETACH), "umount2")
    os.chdir("/")


def _mount_memory(target: str) -> None:
    mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=1m,mode=0755")


def _show(path: Path, descriptor: int, root: str) -> None:
    target = f"{root}{path}"
    Path(target).mkdir(mode=0o755, parents=True, exist_ok=True)
    mount(f"/proc/self/fd/{descriptor}", target, None, MS_BIND)
    os.close(descriptor)


def make_read_only(root: str) -> None:
    """Make what is mounted at a place, and below it, read-only."""
    attributes = struct.pack("<QQQQ", MOUNT_ATTR_RDONLY_NOSUID_NODEV, 0, 0, 0)
    arguments = (AT_FDCWD, root.encode(), AT_RECURSIVE, attributes, ctypes.c_size_t(len(attributes)))
    _check(libc.syscall(SYS_MOUNT_SETATTR, *arguments), "mount_setattr")


def landlock_version() -> int:
    """Return the version of Landlock's interface here, 0 where there is none."""
    return max(0, int(libc.syscall(SYS_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), 1)))


def build_ruleset(readable: Sequence[Path], listable: Sequence[Path]) -> int:
    """Return a descriptor of Landlock rules that deny every file, connection and signal but reading what is named.

    readable: files, and directories with all that is in them; listable: directories whose names may be read
    """
    version = landlock_version()
    files = (1 << max(bits for since, bits in FILE_RIGHTS.items() if since <= max(version, 1))) - 1
    attributes = struct.pack(
        "<QQQ", files, 0b11 if version >= NETWORK_RIGHTS_SINCE else 0, 0b11 if version >= SCOPES_SINCE else 0
    )
    size = 24 if version >= SCOPES_SINCE else 16 if version >= NETWORK_RIGHTS_SINCE else 8
    ruleset = _check(libc.syscall(SYS_LANDLOCK_CREATE_RULESET, attributes, ctypes.c_size_t(size), 0), "landlock")
    for path in readable:
        _allow(ruleset, path, READ_FILE | (READ_DIRECTORY if path.is_dir() else 0))
    for path in listable:
        _allow(ruleset, path, READ_DIRECTORY)
    return ruleset


def _allow(ruleset: int, path: Path, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH)
    try:
        rule = struct.pack("<Qi", rights, descriptor)
        _check(libc.syscall(SYS_LANDLOCK_ADD_RULE, ruleset, 1, rule, 0), f"landlock rule for {path}")
    finally:
        os.close(descriptor)


def forbid_new_privileges() -> None:
    """Make sure that no program this process runs gains rights: what Landlock and seccomp ask for first."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def restrict_files(ruleset: int) -> None:
    """Put Landlock rules in force for this process, for good."""
    _check(libc.syscall(SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0), "landlock_restrict_self")


def restrict_calls(program: bytes) -> None:
    """Put a filter on system calls in force for this process, for good."""
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    prctl(PR_SET_SECCOMP, 2, ctypes.cast(ctypes.create_string_buffer(header, len(header)), ctypes.c_void_p))


def drop_capabilities() -> None:
    """Give up every capability of this process."""
    header, nothing = struct.pack("<Ii", 0x20080522, 0), struct.pack("<6I", 0, 0, 0, 0, 0, 0)
    _check(libc.syscall(SYS_CAPSET[os.uname().machine], header, nothing), "capset")


def become(user: int) -> None:
    """Become another user and group, without any other group, for good."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def limit(*, memory_bytes: int, cpu_seconds: int, file_bytes: int, threads: int | None) -> None:
    """Set the limits of this process: the hard ones, so that nothing can raise them.

    Too much processor time ends it with SIGXCPU, or a second later with SIGKILL if it does not listen, as the first
    process of a namespace does not.
    threads: how many the user may have in all, or None where other processes of that user count, too
    """
    limits = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_STACK: 8 << 20,
        resource.RLIMIT_MEMLOCK: 0,
    }
    if threads is not None:
        limits[resource.RLIMIT_NPROC] = threads
    for kind, value in limits.items():
        resource.setrlimit(kind, (value, value))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))


def standard_library() -> Path:
    """Return the directory of the standard library."""
    return Path(os.__file__).parent


def foreign_packages(library: Path) -> list[Path]:
    """Return the directories inside the standard library that may hold anything."""
    return [library / "site-packages", library / "dist-packages"]


def is_linux() -> bool:
    """Say whether there is a wall to build at all."""
    return sys.platform == "linux"


def process_of(pidfd: int) -> int:
    """Return the number of the process that a pidfd stands for; -1 if it is gone, or this kernel does not tell."""
    told = Path(f"/proc/self/fdinfo/{pidfd}").read_text("ascii").partition("\nPid:")[2].split("\n")[0]
    return int(told or -1)

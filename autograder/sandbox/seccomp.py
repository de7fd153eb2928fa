"""The filter on system calls: a small assembler for the kernel's BPF, and the list of what a guest may not do.

Everything is allowed that CPython and NumPy may need, and refused what reaches beyond the process: a deny list, because
an allow list for an interpreter breaks with every C library. Its weakness is what is not known yet, so every number
above the newest known one is refused, too. Numbers are of x86_64 and aarch64 (None: the call does not exist there).
"""

import platform
import struct
from collections.abc import Sequence

LOAD, JUMP_EQUAL, JUMP_GREATER, JUMP_SET, RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
ALLOW, KILL_PROCESS, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
EPERM, ENOSYS = 1, 38
AT_NUMBER, AT_ARCH, AT_ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data

ARCHES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column of the tables, AUDIT_ARCH
NEWEST = 469  # file_setattr, Linux 6.17
X32 = 0x40000000

DENIED: dict[str, tuple[int | None, int | None]] = {
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    # new processes, and threads: a submission has one core, like every other
    "clone": (56, 220),
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
    # namespaces, mounts
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "open_tree_attr": (467, 467),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "statmount": (457, 457),
    "listmount": (458, 458),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    # parts of the kernel that have had holes
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "personality": (135, 92),
    "modify_ldt": (154, None),
    "lookup_dcookie": (212, 18),
    "lsm_set_self_attr": (460, 460),
    # the machine
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "syslog": (103, 116),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "iopl": (172, None),
    "ioperm": (173, None),
    "vhangup": (153, 58),
    # network
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    # memory outside the limit, and channels to a later guest
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "landlock_create_ruleset": (444, 444),
    "io_setup": (206, 0),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "shmdt": (67, 197),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "semtimedop": (220, 192),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "mq_timedsend": (242, 182),
    "mq_timedreceive": (243, 183),
    "mq_notify": (244, 184),
    "mq_getsetattr": (245, 185),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "flock": (73, 32),
    # identity and limits
    "setuid": (105, 146),
    "setgid": (106, 144),
    "setreuid": (113, 145),
    "setregid": (114, 143),
    "setresuid": (117, 147),
    "setresgid": (119, 149),
    "setgroups": (116, 159),
    "setfsuid": (122, 151),
    "setfsgid": (123, 152),
    "capset": (126, 91),
    "setrlimit": (160, 164),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    "sched_setaffinity": (203, 122),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "mbind": (237, 235),
    "set_mempolicy": (238, 237),
    # files that Landlock does not guard
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "inotify_add_watch": (254, 27),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "utimensat": (280, 88),
    "futimesat": (261, None),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "setxattrat": (463, 463),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "removexattrat": (466, 466),
    "file_setattr": (469, 469),
}
CLONE3, KILL, TGKILL = (435, 435), (62, 129), (234, 131)
FCNTL, IOCTL, PRCTL, PRLIMIT64 = (72, 25), (16, 29), (157, 167), (302, 261)

LOCKS = (5, 6, 7, 36, 37, 38)  # F_GETLK, F_SETLK, F_SETLKW and their F_OFD_ forms: others see a lock
SIGNALS = (8, 10, 15, 1024, 1026)  # F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY: for another process
DENIED_FCNTL = LOCKS + SIGNALS
DENIED_IOCTL = (0x5412, 0x541C, 0x8901, 0x8902)  # TIOCSTI and TIOCLINUX type for others; FIOSETOWN, SIOCSPGRP as above
ALLOWED_PRCTL = (15, 16, 0x53564D41)  # PR_SET_NAME, PR_GET_NAME, PR_SET_VMA: what the C library uses

Instruction = tuple[int, int, int, int]
LOAD_NUMBER: Instruction = (LOAD, 0, 0, AT_NUMBER)


def is_supported() -> bool:
    """Say whether there is a filter for this machine."""
    return platform.machine() in ARCHES


def build_filter(pid: int) -> bytes:
    """Return the program for a guest that may signal only itself.

    pid: the guest's own process id, as it sees it itself
    """
    column, arch = ARCHES[platform.machine()]
    code: list[Instruction] = [
        *_unless(AT_ARCH, arch, KILL_PROCESS),  # system calls of another architecture have other numbers
        LOAD_NUMBER,
        *([(JUMP_GREATER, 0, 1, X32 - 1), (RETURN, 0, 0, KILL_PROCESS)] if column == 0 else []),
        (JUMP_GREATER, 0, 1, NEWEST),
        *refuse(ENOSYS),
        *when(CLONE3[column], refuse(ENOSYS)),  # its flags are behind a pointer; glibc falls back to clone
    ]
    for numbers in DENIED.values():
        if numbers[column] is not None:
            code += when(numbers[column], refuse())
    for call in (KILL, TGKILL):
        code += when(call[column], _only_if_argument(0, (pid,)))
    code += when(FCNTL[column], _unless_argument(1, DENIED_FCNTL))
    code += when(IOCTL[column], _unless_argument(1, DENIED_IOCTL))
    code += when(PRCTL[column], _only_if_argument(0, ALLOWED_PRCTL))
    code += when(PRLIMIT64[column], _only_reading_own_limits())
    code += allow()
    return assemble(code)


def assemble(code: Sequence[Instruction]) -> bytes:
    """Return the program as the kernel reads it."""
    return b"".join(struct.pack("<HBBI", *instruction) for instruction in code)


def allow() -> list[Instruction]:
    """End with the call."""
    return [(RETURN, 0, 0, ALLOW)]


def refuse(error: int = EPERM) -> list[Instruction]:
    """End without the call, with an error number."""
    return [(RETURN, 0, 0, ERRNO | error)]


def argument(index: int, *, high: bool = False) -> list[Instruction]:
    """Load half of an argument of the call."""
    return [(LOAD, 0, 0, AT_ARGUMENTS + 8 * index + 4 * high)]


def _unless(offset: int, value: int, action: int) -> list[Instruction]:
    return [(LOAD, 0, 0, offset), (JUMP_EQUAL, 1, 0, value), (RETURN, 0, 0, action)]


def when(number: int | None, block: list[Instruction]) -> list[Instruction]:
    """Run a block that ends in a return for one system call; its number is loaded."""
    assert number is not None
    return [(JUMP_EQUAL, 0, len(block), number), *block]


def _only_if_argument(index: int, values: tuple[int, ...]) -> list[Instruction]:
    tests = [(JUMP_EQUAL, len(values) - i, 0, value) for i, value in enumerate(values)]
    return [*argument(index), *tests, *refuse(), *allow()]


def _unless_argument(index: int, values: tuple[int, ...]) -> list[Instruction]:
    tests = [(JUMP_EQUAL, len(values) - i, 0, value) for i, value in enumerate(values)]
    return [*argument(index), *tests, *allow(), *refuse()]


def _only_reading_own_limits() -> list[Instruction]:
    """Allow prlimit64(0, resource, NULL, old): the C library asks for the size of the stack with it."""
    return [
        *argument(0),
        (JUMP_EQUAL, 0, 4, 0),
        *argument(2),
        (JUMP_EQUAL, 0, 2, 0),
        *argument(2, high=True),
        (JUMP_EQUAL, 1, 0, 0),
        *refuse(),
        *allow(),
    ]

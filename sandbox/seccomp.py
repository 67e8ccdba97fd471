"""The system calls a learner's process may make, compiled for the kernel.

Three answers: what torch, numpy and plain Python need is allowed; what no submission ever needs
kills the process at once; everything else is refused with EPERM, which a program may survive.
``clone3`` hides its flags from any filter, so it is said not to exist and libc falls back to
``clone``, whose flags can be read.
"""

import errno
import os
from collections.abc import Callable
from functools import cache
from typing import Any

from sandbox.wire import SandboxUnavailable

_ALLOWED = """
access arch_prctl brk capget chdir chmod clock_getres clock_gettime clock_nanosleep close
close_range copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait
epoll_pwait2 epoll_wait eventfd eventfd2 execve exit exit_group faccessat faccessat2
fallocate fchdir fchmod fchmodat fdatasync fork fstat fstatfs fsync ftruncate futex
futex_waitv get_mempolicy get_robust_list getcpu getcwd getdents getdents64 getegid geteuid getgid
getgroups getitimer getpgid getpgrp getpid getppid getpriority getrandom getresgid getresuid
getrlimit getrusage getsid getsockname getsockopt gettid gettimeofday getuid kill link
linkat lseek lstat madvise membarrier mincore mkdir mkdirat mlock mlock2 mmap mprotect mremap msync
munlock munmap nanosleep newfstatat open openat openat2 pause pidfd_open pidfd_send_signal pipe
pipe2 poll ppoll pread64 preadv preadv2 prlimit64 pselect6 pwrite64 pwritev pwritev2 read
readlink readlinkat readv recvfrom recvmmsg recvmsg rename renameat renameat2
restart_syscall rmdir rseq rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn
rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo sched_get_priority_max sched_get_priority_min
sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval sched_yield
select sendfile sendmmsg sendmsg sendto set_robust_list set_tid_address setitimer setpgid setsid
shutdown sigaltstack signalfd signalfd4 socketpair splice stat statfs statx symlink symlinkat
sync_file_range sysinfo tee tgkill time timerfd_create timerfd_gettime timerfd_settime times tkill
truncate umask uname unlink unlinkat utime utimensat utimes wait4 waitid write writev
""".split()  # noqa: SIM905  (a list to read)

_KILLED = """
acct add_key adjtimex bpf chroot clock_adjtime clock_settime delete_module finit_module fsconfig
fsmount fsopen fspick init_module io_uring_enter io_uring_register io_uring_setup ioperm iopl
kcmp kexec_file_load kexec_load keyctl lookup_dcookie mount mount_setattr move_mount
name_to_handle_at open_by_handle_at open_tree perf_event_open pidfd_getfd pivot_root
process_madvise process_vm_readv process_vm_writev ptrace quotactl quotactl_fd reboot request_key
setdomainname sethostname setns settimeofday swapoff swapon syslog umount2 unshare userfaultfd
vhangup
""".split()  # noqa: SIM905  (a list to read)

# On a GPU all is allowed that is not named, for each driver asks the kernel for other things.
# Beside what kills, these are refused: the network, memory that no limit sees, what could wake a
# frozen process, what other sandboxes could be told by, what only an administrator does.
_REFUSED_ON_GPU = """
accept accept4 cachestat capset fadvise64 fanotify_init fanotify_mark inotify_add_watch
inotify_init inotify_init1 io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit
ioprio_set listmount lsm_set_self_attr memfd_create memfd_secret mknod mknodat modify_ldt
mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv msgsnd
nfsservctl personality process_mrelease readahead sched_setaffinity sched_setattr sched_setparam
sched_setscheduler semctl semget semop semtimedop setfsgid setfsuid setgid setgroups setpriority
setregid setresgid setresuid setreuid setuid shmat shmctl shmdt shmget statmount sysfs
timer_create uselib ustat vmsplice
""".split()  # noqa: SIM905  (a list to read)

_MAKES_SANDBOXES = frozenset({"mount", "unshare"})
# What bubblewrap makes a sandbox of, as an ordinary user, in namespaces of its own.
_BUBBLEWRAP = _MAKES_SANDBOXES | {"pivot_root", "sethostname", "umount2"}

# CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
_NEW_NAMESPACE = (
    0x80,
    0x20000,
    0x2000000,
    0x4000000,
    0x8000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
# A parent waiting in vfork cannot be stopped, so it could not be frozen.
_CLONE_VFORK = 0x4000
# Threads share memory; a process that did could be reaped without one page fault to tell of it.
_CLONE_VM, _CLONE_THREAD = 0x100, 0x10000
_SIGCHLD = 17
_ON_OTHER_ARCHITECTURE = 2  # SCMP_FLTATR_ACT_BADARCH; by default only the thread would die
_SIGNAL_BITS = 7
# Duplicates, flags, seals. Not locks, nor (above) advice on what files keep in memory: both speak
# of files that all sandboxes see, so that one could talk to another. Not F_SETSIG, F_SETOWN,
# F_SETLEASE, F_NOTIFY: a notice may be asked to arrive as SIGCONT, which would thaw a frozen
# process. Not F_SETPIPE_SZ: kernel memory.
_FCNTL = (0, 1, 2, 3, 4, 1030, 1032, 1033, 1034)
# TCGETS, TIOCGPGRP, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX: what Python asks of a file.
_IOCTL = (0x5401, 0x540F, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)

# Of calls that are allowed on a GPU, what is refused all the same; see the remarks above. fcntl:
# locks, notices and their owners, leases, sizes of pipes. ioctl: typing for others (TIOCSTI,
# TIOCLINUX), line disciplines, notices. prctl: SET_PDEATHSIG, SET_DUMPABLE,
# SET_CHILD_SUBREAPER, SET_PTRACER.
_REFUSED_FCNTL = (6, 7, 8, 10, 15, 37, 38, 1024, 1026, 1031)
_REFUSED_IOCTL = (0x5412, 0x541C, 0x5423, 0x5452, 0x8901, 0x8902)
_REFUSED_PRCTL = (1, 4, 36, 0x59616D61)
_REFUSED_ARGUMENTS = (
    ("fcntl", 1, _REFUSED_FCNTL),
    ("ioctl", 1, _REFUSED_IOCTL),
    ("prctl", 0, _REFUSED_PRCTL),
)
# The kernel reads these arguments as numbers of 32 bits, whatever stands before them.
_LOW_BITS = 0xFFFFFFFF
# A CUDA driver looks for another process's socket and opens one of its own, or does not start. In a
# network namespace of its own no such socket leads anywhere; those of any network are refused.
_LOCAL_SOCKETS = 1  # AF_UNIX

# GET_DUMPABLE, SET_NAME, GET_NAME, GET_SECCOMP, CAPBSET_READ, timer slack, no new privileges,
# transparent huge pages, SET_VMA. Not SET_DUMPABLE, which hides a process from a judge who is not
# root; not SET_PDEATHSIG, which may be SIGCONT.
_PRCTL = (3, 15, 16, 21, 23, 29, 30, 38, 39, 41, 42, 0x53564D41)


@cache
def program() -> bytes:
    """Return a learner's filter as BPF, for ``bwrap --seccomp``. Raises SandboxUnavailable."""
    return _compiled(_rules)


@cache
def outer_program() -> bytes:
    """Return the filter of a process that makes sandboxes inside its own, as BPF.

    No learner's code runs under it alone: a child adds the other one. Raises SandboxUnavailable.
    """
    return _compiled(_outer_rules)


@cache
def gpu_program() -> bytes:
    """Return the filter of a learner's process on a GPU, as BPF. Raises SandboxUnavailable.

    Weaker than that of ``program``: it lists what is refused, not what is allowed.
    """
    return _compiled(_gpu_rules)


def container_profile() -> dict[str, Any]:
    """Return the same rules as ``gpu_program`` as Docker takes them, to be written as JSON."""
    kill, refuse = {"action": "SCMP_ACT_KILL_PROCESS"}, {"action": "SCMP_ACT_ERRNO"}
    rules: list[dict[str, Any]] = [
        {"names": sorted(_KILLED), **kill},
        {"names": sorted(_REFUSED_ON_GPU), **refuse, "errnoRet": errno.EPERM},
        {"names": ["clone3"], **refuse, "errnoRet": errno.ENOSYS},
    ]
    rules += [
        {"names": ["clone"], **kill, "args": [_masked(0, flag, flag)]} for flag in _NEW_NAMESPACE
    ]
    for name, place, requests in _REFUSED_ARGUMENTS:
        rule = {"names": [name], **refuse, "errnoRet": errno.EPERM}
        rules += [{**rule, "args": [_masked(place, _LOW_BITS, asked)]} for asked in requests]
    other = {"index": 0, "value": _LOCAL_SOCKETS, "op": "SCMP_CMP_NE"}
    rules.append({"names": ["socket"], **refuse, "errnoRet": errno.EPERM, "args": [other]})
    return {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": rules}


def worker_profile() -> dict[str, Any]:
    """Return what a container refuses in which a grading worker makes its sandboxes, as Docker
    takes it.

    An engine's own list refuses what bubblewrap is made of; each sandbox adds its filter to this.
    """
    refused = sorted({*_KILLED} - {*_BUBBLEWRAP})
    rule = {"names": refused, "action": "SCMP_ACT_ERRNO", "errnoRet": errno.EPERM}
    return {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [rule]}


def _masked(place: int, mask: int, value: int) -> dict[str, object]:
    """Return Docker's words for: these bits of an argument are those of ``value``."""
    return {"index": place, "value": mask, "valueTwo": value, "op": "SCMP_CMP_MASKED_EQ"}


def _compiled(rules: Callable[[Any], Any]) -> bytes:
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError) as fault:
        raise SandboxUnavailable(
            f"libseccomp cannot be used ({fault}). Install the system package libseccomp2."
        ) from fault
    with os.fdopen(os.memfd_create("seccomp"), "w+b") as file:
        rules(pyseccomp).export_bpf(file)
        file.seek(0)
        return file.read()


def _outer_rules(lib: Any) -> Any:
    """Allow what makes a sandbox, and never what no submission needs for any other reason."""
    rules = lib.SyscallFilter(defaction=lib.ALLOW)
    rules.set_attr(_ON_OTHER_ARCHITECTURE, lib.KILL_PROCESS)
    here = lib.system_arch()
    for name in _KILLED:
        if name not in _MAKES_SANDBOXES and _exists(lib, here, name):
            rules.add_rule(lib.KILL_PROCESS, name)
    rules.add_rule(lib.ERRNO(errno.ENOSYS), "clone3")
    return rules


def _gpu_rules(lib: Any) -> Any:
    """Refuse what is listed, allow the rest: ``container_profile`` says the same."""
    rules = lib.SyscallFilter(defaction=lib.ALLOW)
    rules.set_attr(_ON_OTHER_ARCHITECTURE, lib.KILL_PROCESS)
    here = lib.system_arch()
    refusal = lib.ERRNO(errno.EPERM)
    for action, names in ((lib.KILL_PROCESS, _KILLED), (refusal, _REFUSED_ON_GPU)):
        for name in names:
            if _exists(lib, here, name):
                rules.add_rule(action, name)
    rules.add_rule(lib.ERRNO(errno.ENOSYS), "clone3")
    for flag in _NEW_NAMESPACE:
        rules.add_rule(lib.KILL_PROCESS, "clone", lib.Arg(0, lib.MASKED_EQ, flag, flag))
    for name, place, requests in _REFUSED_ARGUMENTS:
        for request in requests:
            condition = lib.Arg(place, lib.MASKED_EQ, _LOW_BITS, request)
            rules.add_rule(refusal, name, condition)
    rules.add_rule(refusal, "socket", lib.Arg(0, lib.NE, _LOCAL_SOCKETS))
    return rules


def _rules(lib: Any) -> Any:
    rules = lib.SyscallFilter(defaction=lib.ERRNO(errno.EPERM))
    rules.set_attr(_ON_OTHER_ARCHITECTURE, lib.KILL_PROCESS)
    here = lib.system_arch()

    def add(action: int, name: str, *arguments: Any) -> None:
        if _exists(lib, here, name):
            rules.add_rule(action, name, *arguments)

    for name in _ALLOWED:
        add(lib.ALLOW, name)
    for name in _KILLED:
        add(lib.KILL_PROCESS, name)
    add(lib.ERRNO(errno.ENOSYS), "clone3")
    for flag in _NEW_NAMESPACE:
        add(lib.KILL_PROCESS, "clone", lib.Arg(0, lib.MASKED_EQ, flag, flag))
    plain = sum(_NEW_NAMESPACE) | _CLONE_VFORK
    add(lib.ALLOW, "clone", lib.Arg(0, lib.MASKED_EQ, plain | _CLONE_VM, 0))
    thread = _CLONE_VM | _CLONE_THREAD
    add(lib.ALLOW, "clone", lib.Arg(0, lib.MASKED_EQ, plain | thread, thread))
    for name, place, requests in (("fcntl", 1, _FCNTL), ("ioctl", 1, _IOCTL), ("prctl", 0, _PRCTL)):
        for request in requests:
            add(lib.ALLOW, name, lib.Arg(place, lib.EQ, request))
    # Asking what SIGCHLD does is fine; changing it is not: with SIGCHLD ignored, the CPU time of
    # dead children would be counted nowhere. Any other signal differs from it in some bit.
    add(lib.ALLOW, "rt_sigaction", lib.Arg(1, lib.EQ, 0))
    for bit in (1 << place for place in range(_SIGNAL_BITS)):
        add(lib.ALLOW, "rt_sigaction", lib.Arg(0, lib.MASKED_EQ, bit, ~_SIGCHLD & bit))
    return rules


def _exists(lib: Any, architecture: int, name: str) -> bool:
    """Tell whether this architecture and this libseccomp know a call; if not, EPERM holds."""
    try:
        return bool(lib.resolve_syscall(architecture, name) >= 0)
    except (OSError, ValueError):
        return False

"""The system calls a learner's process may make, compiled for bubblewrap.

Three answers: what torch, numpy and plain Python need is allowed; what no submission ever needs
kills the process at once; everything else is refused with EPERM, which a program may survive.
``clone3`` hides its flags from any filter, so it is said not to exist and libc falls back to
``clone``, whose flags can be read.
"""

import errno
import os
from functools import cache
from typing import Any

from sandbox.wire import SandboxUnavailable

_ALLOWED = """
access arch_prctl brk capget chdir chmod clock_getres clock_gettime clock_nanosleep close
close_range copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait
epoll_pwait2 epoll_wait eventfd eventfd2 execve exit exit_group faccessat faccessat2 fadvise64
fallocate fchdir fchmod fchmodat fdatasync flock fork fstat fstatfs fsync ftruncate futex
futex_waitv get_mempolicy get_robust_list getcpu getcwd getdents getdents64 getegid geteuid getgid
getgroups getitimer getpgid getpgrp getpid getppid getpriority getrandom getresgid getresuid
getrlimit getrusage getsid getsockname getsockopt gettid gettimeofday getuid kill link
linkat lseek lstat madvise membarrier mincore mkdir mkdirat mlock mlock2 mmap mprotect mremap msync
munlock munmap nanosleep newfstatat open openat openat2 pause pidfd_open pidfd_send_signal pipe
pipe2 poll ppoll pread64 preadv preadv2 prlimit64 pselect6 pwrite64 pwritev pwritev2 read
readahead readlink readlinkat readv recvfrom recvmmsg recvmsg rename renameat renameat2
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
_SIGCHLD = 17
_ON_OTHER_ARCHITECTURE = 2  # SCMP_FLTATR_ACT_BADARCH; by default only the thread would die
_SIGNAL_BITS = 7
# Duplicates, flags, locks, seals. Not F_SETSIG, F_SETOWN, F_SETLEASE, F_NOTIFY: a notice may be
# asked to arrive as SIGCONT, which would thaw a frozen process. Not F_SETPIPE_SZ: kernel memory.
_FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032, 1033, 1034)
# TCGETS, TIOCGPGRP, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX: what Python asks of a file.
_IOCTL = (0x5401, 0x540F, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)

# GET_DUMPABLE, SET_NAME, GET_NAME, GET_SECCOMP, CAPBSET_READ, timer slack, no new privileges,
# transparent huge pages, SET_VMA. Not SET_DUMPABLE, which hides a process from a judge who is not
# root; not SET_PDEATHSIG, which may be SIGCONT.
_PRCTL = (3, 15, 16, 21, 23, 29, 30, 38, 39, 41, 42, 0x53564D41)


@cache
def program() -> bytes:
    """Return the filter as BPF, for ``bwrap --seccomp``. Raises SandboxUnavailable."""
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError) as fault:
        raise SandboxUnavailable(
            f"libseccomp cannot be used ({fault}). Install the system package libseccomp2."
        ) from fault
    with os.fdopen(os.memfd_create("seccomp"), "w+b") as file:
        _rules(pyseccomp).export_bpf(file)
        file.seek(0)
        return file.read()


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
    add(lib.ALLOW, "clone", lib.Arg(0, lib.MASKED_EQ, plain, 0))
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

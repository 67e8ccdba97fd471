"""The process that every child is forked from: a warm Python that never sees a learner's code.

It imports torch once and then forks a confined child for each request. Three processes are born
each time: one that enters new namespaces and ends, the first process of those namespaces, which
confines itself and from then on only adopts and reaps, and the child, which serves the judge just
as a process that was started alone does.
"""

import gc
import json
import os
import random
import select
import socket
import sys
import types
from contextlib import suppress
from typing import Any

from sandbox.inside import confining
from sandbox.inside.child import rehearse, restrict, serve, warm
from sandbox.inside.confining import Room
from sandbox.inside.requests import FILENAME
from sandbox.inside.telling import answer

_MAX_REQUEST_BYTES = 1 << 10
_MAX_PROGRAM_BYTES = 1 << 16
_ABORTED = 1


def main() -> None:
    """Fork children for the judge; in each of them, serve it."""
    settings = json.loads(sys.argv[1])
    sys.argv[:] = [FILENAME]
    control = socket.socket(fileno=settings["socket"])
    control.set_inheritable(False)
    room = room_of(settings)
    torch = warm(1)
    rehearse(torch)
    confining.adopt_orphans()
    gc.collect()
    must_be_fit_to_fork()
    gc.freeze()
    answer(control, "", "done", "")
    channel = Nursery(control, room).attend()
    become_a_child(torch, settings)
    serve(torch, channel)


def rehearse_birth() -> None:
    """Confine one process as a child would be, without torch; end with status 0 if that works."""
    room = room_of(json.loads(sys.argv[1]))
    confining.leave_namespaces()
    if confining.fork() == 0:
        confining.confine(room)
        os._exit(0)
    _, status = os.wait()
    sys.exit(os.waitstatus_to_exitcode(status))


def room_of(settings: dict[str, Any]) -> Room:
    """Return what children are confined to; the filter for them lies in a file of the judge's."""
    filter_fd = settings["filter"]
    program = os.pread(filter_fd, _MAX_PROGRAM_BYTES, 0)
    os.close(filter_fd)
    return Room(settings["scratch_bytes"], settings["shared_memory_bytes"], program)


def must_be_fit_to_fork() -> None:
    """Raise RuntimeError where a fork would lose a thread or share memory between children."""
    threads = os.listdir("/proc/self/task")  # noqa: PTH208  (names alone)
    if len(threads) != 1:
        raise RuntimeError(f"the zygote has {len(threads)} threads")
    shared = confining.shared_mappings()
    if shared:
        raise RuntimeError(f"the zygote shares memory: {shared[0]}")


def become_a_child(torch: types.ModuleType, settings: dict[str, Any]) -> None:
    """Take up what a child has of its own: randomness, threads, limits, pages already copied."""
    random.seed()
    torch.default_generator.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()
    torch.set_num_threads(settings["threads"])
    rehearse(torch)
    restrict(settings["limits"])


class Nursery:
    """The zygote's side of births and deaths."""

    def __init__(self, control: socket.socket, room: Room) -> None:
        self._control = control
        self._room = room
        self._living: dict[int, tuple[int, int]] = {}

    def attend(self) -> socket.socket:
        """Fork a child for each request, and report each that ends.

        Returns only in a child, with its own socket; the zygote ends when the judge hangs up.
        """
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        while True:
            for fd, _ in poll.poll():
                if fd != self._control.fileno():
                    poll.unregister(fd)
                    self._bury(fd)
                    continue
                raw, fds, _, _ = socket.recv_fds(self._control, _MAX_REQUEST_BYTES, 2)
                if not raw:
                    os._exit(0)
                number = json.loads(raw)["child"]
                first = self._bear(fds)
                if first is None:
                    return socket.socket(fileno=fds[0])
                for given in fds:
                    os.close(given)
                self._welcome(number, first, poll)

    def _welcome(self, number: int, first: int, poll: Any) -> None:
        """Watch over the first process of a new child; 0 stands for one that was not born."""
        if not first:
            self._report(number, _ABORTED)
            return
        fd = os.pidfd_open(first)
        self._living[fd] = (first, number)
        poll.register(fd, select.POLLIN)

    def _bury(self, fd: int) -> None:
        first, number = self._living.pop(fd)
        os.close(fd)
        _, status = os.waitpid(first, 0)
        self._report(number, os.waitstatus_to_exitcode(status))

    def _report(self, number: int, status: int) -> None:
        self._control.send(json.dumps({"child": number, "status": status}).encode())

    def _bear(self, fds: list[int]) -> int | None:
        """Fork a child; return the number of its first process, 0 if it failed, None in it."""
        reading, writing = os.pipe()
        middle = confining.fork()
        if middle == 0:
            try:
                if self._be_born(fds, writing):
                    return None
            except BaseException as fault:  # noqa: BLE001  (whatever it is, it goes no further)
                with suppress(OSError):
                    os.write(2, f"{type(fault).__name__}: {fault}\n".encode())
            os._exit(_ABORTED)
        os.close(writing)
        told = os.read(reading, 16)
        os.close(reading)
        os.waitpid(middle, 0)
        return int(told or b"0")

    def _be_born(self, fds: list[int], writing: int) -> bool:
        """Become the child, and return True there; everybody else on the way ends here."""
        self._control.detach()
        channel, printing = fds
        os.dup2(printing, 1)
        os.dup2(printing, 2)
        confining.keep_only(channel, writing)
        confining.leave_namespaces()
        first = confining.fork()
        if first:
            os.write(writing, str(first).encode())
            os._exit(0)
        os.close(writing)
        confining.confine(self._room)
        child = confining.fork()
        if child:
            confining.hold_up(child)
        return True

"""Carrying what the ranks of a ring send to each other, and counting it.

The ranks have no way to each other but this: what is counted here is all that was sent.
"""

import os
import selectors
import socket
import threading
from collections import deque
from contextlib import suppress

from sandbox.wire import Seat

_CHUNK = 1 << 18
#: A rank whose neighbour does not read is not listened to any further beyond this.
_MOST_WAITING_BYTES = 64 << 20


class Relay:
    """Passes the bytes of rank r on to rank r + 1, from a thread of its own."""

    def __init__(self, size: int) -> None:
        self.size = size
        pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM) for _ in range(size)]
        self._ours = [pair[0] for pair in pairs]
        self._theirs = [pair[1] for pair in pairs]
        self._waiting: list[deque[memoryview]] = [deque() for _ in range(size)]
        self._bytes_waiting = [0] * size
        self._sent = [0] * size
        self._ended: set[int] = set()
        self._stop, self._stopped = os.pipe2(os.O_CLOEXEC)
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)

    @property
    def sent(self) -> tuple[int, ...]:
        """Bytes that each rank has sent."""
        return tuple(self._sent)

    def seat(self, rank: int) -> Seat:
        """Return the place of a rank."""
        return Seat(rank, self.size, self._theirs[rank].fileno())

    def start(self) -> None:
        """Begin to carry."""
        self._thread.start()

    def hang_up(self) -> None:
        """Let every rank that waits find that the ring is broken."""
        for channel in self._ours:
            with suppress(OSError):
                channel.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Stop, and let go of everything."""
        os.write(self._stopped, b".")
        if self._thread.ident is not None:
            self._thread.join()
        for channel in (*self._ours, *self._theirs):
            channel.close()
        os.close(self._stop)
        os.close(self._stopped)

    def _run(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._stop, selectors.EVENT_READ)
            for rank, channel in enumerate(self._ours):
                channel.setblocking(False)
                selector.register(channel, selectors.EVENT_READ, rank)
            while True:
                for key, events in selector.select():
                    if key.fd == self._stop:
                        return
                    self._carry(selector, key.data, events)

    def _carry(self, selector: selectors.BaseSelector, rank: int, events: int) -> None:
        if events & selectors.EVENT_READ:
            self._read(rank)
        if events & selectors.EVENT_WRITE:
            self._write(rank)
        for other in (rank, (rank + 1) % self.size):
            self._listen(selector, other)

    def _listen(self, selector: selectors.BaseSelector, rank: int) -> None:
        """Wait for what this rank can do now: a closed one for nothing."""
        following = (rank + 1) % self.size
        wanted = selectors.EVENT_WRITE if self._waiting[rank] else 0
        if self._bytes_waiting[following] < _MOST_WAITING_BYTES and rank not in self._ended:
            wanted |= selectors.EVENT_READ
        channel = self._ours[rank]
        known = channel in selector.get_map()
        if wanted and known:
            selector.modify(channel, wanted, rank)
        elif wanted:
            selector.register(channel, wanted, rank)
        elif known:
            selector.unregister(channel)

    def _read(self, rank: int) -> None:
        following = (rank + 1) % self.size
        try:
            raw = self._ours[rank].recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            raw = b""
        if not raw:
            self._ended.add(rank)
            return
        self._sent[rank] += len(raw)
        self._bytes_waiting[following] += len(raw)
        self._waiting[following].append(memoryview(raw))

    def _write(self, rank: int) -> None:
        queue = self._waiting[rank]
        try:
            done = self._ours[rank].send(queue[0])
        except BlockingIOError:
            return
        except OSError:
            self._bytes_waiting[rank] = 0
            queue.clear()
            return
        self._bytes_waiting[rank] -= done
        rest = queue.popleft()[done:]
        if rest:
            queue.appendleft(rest)

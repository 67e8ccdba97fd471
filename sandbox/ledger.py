"""How much of a device's memory one process uses, told by what the whole device has in use.

The driver tells of a device as a whole. Only one process at a time is let go on, so what is in use
grows during a request by what that process took; what it kept of it is remembered for the next
request, whatever others do in between.
"""

from dataclasses import replace

from sandbox.gpu import Meter
from sandbox.wire import Reply


class Ledger:
    """Keeps account of one process, from before any of the learner's code."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._before = self._most = 0
        #: Bytes that the process has taken on the device and not given back.
        self.kept = 0
        #: Bytes of the device that it held at most in the last request.
        self.peak = 0

    def begin(self) -> None:
        """Take note of what is in use before a request."""
        self._before = self._most = self._meter.used_bytes()

    def look(self) -> int:
        """Take note of what is in use while the request is answered; return what is held of it."""
        now = self._meter.used_bytes()
        self._most = max(self._most, now)
        return self.kept + now - self._before

    def end(self) -> None:
        """Close the account of a request, the process being stopped."""
        held = self.look()
        self.peak = max(0, self.kept + self._most - self._before)
        self.kept = max(0, held)

    def added(self, reply: Reply, mapped: int) -> Reply:
        """Close the account of a request and add it to what was measured of the host.

        ``mapped`` bytes of inputs and result lie on the device too. There the wall clock counts:
        the CPU's says nothing of what a device does.
        """
        self.end()
        return replace(
            reply,
            peak_bytes=reply.peak_bytes + max(0, self.peak - mapped),
            kept_bytes=reply.kept_bytes + self.kept,
            timed_by="wall",
        )

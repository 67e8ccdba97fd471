"""Feeding a process one step at a time: the next is revealed when the last is answered.

What the process answers is copied step by step, so that a result cannot be mended afterwards, and
no step can look ahead.
"""

import contextlib
import os
import socket
import threading
from collections.abc import Mapping

from sandbox.buffers import GradualInputs, poisoned_output
from sandbox.wire import Array, OutputSpec, byte_count


class Feeder:
    """Serves the steps of one request from a thread of its own.

    ``inputs`` and ``output`` have the steps along their first axis. ``result`` is what was answered
    so far, the rest poison.
    """

    def __init__(self, inputs: Mapping[str, Array], output: OutputSpec) -> None:
        self._steps = output.shape[0]
        size = byte_count(output.dtype, output.shape)
        self.result = memoryview(bytearray(b"\xff" * size))
        self.inputs = GradualInputs(inputs)
        self.output_fd = poisoned_output(size)
        self._ours, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._thread = threading.Thread(target=self._serve, name="steps", daemon=True)

    def start(self) -> None:
        """Begin with the first step as soon as the process listens."""
        self._thread.start()

    def close(self) -> None:
        """Stop serving and let go of everything. May be called again."""
        with contextlib.suppress(OSError):
            self._ours.shutdown(socket.SHUT_RDWR)
        if self._thread.ident is not None:
            self._thread.join()
        self._ours.close()
        self.theirs.close()
        self.inputs.close()
        if self.output_fd >= 0:
            os.close(self.output_fd)
            self.output_fd = -1

    def _serve(self) -> None:
        size = self.result.nbytes // self._steps
        for step in range(self._steps):
            place = slice(step * size, (step + 1) * size)
            self.inputs.reveal(step)
            try:
                self._ours.send(b".")
                if not self._ours.recv(1):
                    return
            except OSError:
                return
            os.preadv(self.output_fd, [self.result[place]], place.start)

    def __enter__(self) -> "Feeder":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

"""What a sandbox prints: one pipe, drained while it is watched, capped, made safe to show."""

import os
import re

_SHOWN_CHARACTERS = 20_000
_CUT = "\n[…]\n"
_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-_]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def printable(raw: bytes) -> str:
    """Return bytes as text without terminal sequences and control characters."""
    text = raw.decode("utf-8", "replace").replace("\r\n", "\n")
    return _CONTROLS.sub("", _ESCAPES.sub("", text))


class Printing:
    """The judge's end of the pipe that holds standard output and standard error."""

    def __init__(self, fd: int, limit: int) -> None:
        self.fd = fd
        self._limit = limit
        self._raw = bytearray()

    def drain(self) -> bool:
        """Take what is there without waiting; return whether the limit has been passed."""
        while len(self._raw) <= self._limit:
            try:
                piece = os.read(self.fd, 1 << 16)
            except BlockingIOError:
                return False
            if not piece:
                return False
            self._raw += piece
        return True

    @property
    def text(self) -> str:
        """What was printed, at most 20,000 characters: the beginning and the end."""
        text = printable(bytes(self._raw[: self._limit]))
        if len(text) <= _SHOWN_CHARACTERS:
            return text
        half = (_SHOWN_CHARACTERS - len(_CUT)) // 2
        return text[:half] + _CUT + text[-half:]

    def close(self) -> None:
        """Take the rest and close the pipe."""
        if self.fd >= 0:
            self.drain()
            os.close(self.fd)
            self.fd = -1

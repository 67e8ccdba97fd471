"""Submissions and verdicts as a terminal shows them."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

_CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


def plain(text: str) -> str:
    """Return a text without what would move a terminal's cursor or colour it."""
    return text.translate(_CONTROLS)


@dataclass
class Progress:
    """Tells where a submission stands: one line that changes on a terminal, else a line a stage."""

    out: IO[str]
    _last: str = ""

    def say(self, text: str, count: str = "") -> None:
        """Show what has changed; the same again is shown once.

        Where lines are kept, another ``count`` of the same is not news.
        """
        line = " ".join(plain(f"{text} {count}").split())
        changes = self.out.isatty()
        seen = line if changes else text
        if seen == self._last:
            return
        self._last = seen
        self.out.write(f"\r\033[K{line}" if changes else f"{line}\n")
        self.out.flush()

    def end(self) -> None:
        """Clear the line that changes."""
        if self.out.isatty() and self._last:
            self.out.write("\r\033[K")
            self.out.flush()
        self._last = ""


def to_standard_error() -> Progress:
    """Return what tells progress beside the verdict, which goes to standard output."""
    return Progress(sys.stderr)


def stage(submission: Mapping[str, Any]) -> tuple[str, str]:
    """Return in words where a submission stands that is not judged yet, and how far it is there."""
    if submission["state"] == "queued":
        return "waiting to be graded", _place(submission.get("place"))
    name, done, total = (submission.get(key) for key in ("stage", "stage_done", "stage_total"))
    count = "" if done is None else f"{done}" if total is None else f"{done} of {total}"
    return name or "preparing", count


def _place(place: Mapping[str, Any] | None) -> str:
    if place is None:
        return ""
    wait = "" if place["seconds"] is None else f", starts in about {place['seconds']:.0f} s"
    return f"(place {place['position']}{wait})"


def verdict(told: Mapping[str, Any], passed: bool | None) -> str:
    """Return a verdict as text; ``passed`` is what counts, None where nothing is decided."""
    headline = "passed" if passed else f"not passed: {told['failure'] or 'rejected on review'}"
    if passed is None:
        headline = f"not decided: {told['failure']}"
    evidence = told.get("evidence") or {}
    parts = [f"{told['exercise']}: {headline}", f"  {told['message']}"]
    parts += [_check(check) for check in told["checks"]]
    parts += [text for text in [evidence.get("traceback")] if text]
    parts += [f"printed:\n{text}" for text in [evidence.get("printed")] if text]
    parts.append(f"  {told['seconds']:.1f} s on {told['device'] or 'no device'}")
    return plain("\n".join(parts))


def _check(check: Mapping[str, Any]) -> str:
    facts = [(name, value) for name, value in check.items() if name not in {"name", "passed"}]
    numbers = ", ".join(f"{name} {_number(value)}" for name, value in facts)
    return f"  {'ok    ' if check['passed'] else 'failed'}  {check['name']}: {numbers}"


def _number(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)

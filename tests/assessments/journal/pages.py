"""Pages that type answers, for the simulation: one written here, and the one that is shipped.

``DraftPage`` follows the rules of ``docs/answers.md`` on its own; ``ShippedPage`` is
``journal/draft.js`` itself, run by node.
"""

import json
import shutil
import subprocess
from itertools import count
from pathlib import Path
from typing import Any, Protocol, Self

from assessments.journal import Entry, State, applied

Json = dict[str, Any]
DRIVER = Path(__file__).with_name("shipped.mjs")
_WINDOW_MS = 300_000
_ENTRIES_AT_ONCE = 100


class Page(Protocol):
    """What the world does with a page; values are as the wire and the browser's store have them."""

    def change(
        self, changes: dict[str, str | None], now: int, due: int | None, *, settles: bool
    ) -> None:
        """Type, or choose among several values."""

    def batch(self) -> Json | None:
        """Return what is to be sent now: a writer and its entries."""

    def acknowledged(self, batch: Json, answer: Json) -> None:
        """Hear what the server says of a batch."""

    def refused(self, batch: Json) -> None:
        """Hear that the server does not take a batch."""

    def learn(self, news: Json) -> None:
        """Hear how the answer stands."""

    def view(self) -> Json:
        """Return all that the page knows, and what it shows."""


def entry_of(writer: str, sent: Json) -> Entry:
    """Return an entry as the wire has it as the server reads it."""
    return Entry(writer, sent["sequence"], sent["clock"], sent["seen"], sent["changes"])


class DraftPage:
    """One page, its lines as plain values: ``{writer, born, pending, sent}``."""

    def __init__(self, known: Json, left: list[Json], names: "count[int]") -> None:
        self.server, self._names = State.of_json(known), names
        self.left: list[Json] = [{**line, "sent": float("inf")} for line in left]
        self.own: Json = {"writer": self._name(), "born": 0, "pending": [], "sent": 0, "next": 1}
        self._mine = {line["writer"] for line in self._lines}

    def _name(self) -> str:
        return f"page-{next(self._names)}"

    @property
    def _lines(self) -> list[Json]:
        return [*self.left, self.own]

    @property
    def here(self) -> State:
        """The answer as the page has it."""
        state = self.server
        for line in self._lines:
            for entry in line["pending"]:
                state = _taken(state, entry_of(line["writer"], entry))
        return state

    def _shown(self, state: State, name: str) -> str | None:
        tips = state.fields[name]
        return next((tip for tip in tips if tip.writer in self._mine), tips[0]).value

    def _rivals(self, state: State) -> dict[str, set[str | None]]:
        return {name: {tip.value for tip in tips} for name, tips in state.rivals().items()}

    def _seen(self, names: list[str] | None = None) -> dict[str, int]:
        here = self.here
        seen = dict(self.server.past)
        for line in self.left:
            if line["pending"]:
                seen[line["writer"]] = line["pending"][-1]["sequence"]
        for name in here.fields if names is None else names:
            for tip in here.fields.get(name, ()):
                if tip.value != self._shown(here, name):
                    seen[tip.writer] = min(seen.get(tip.writer, 0), tip.sequence - 1)
        return seen

    def change(
        self, changes: dict[str, str | None], now: int, due: int | None, *, settles: bool
    ) -> None:
        rivals = self._rivals(self.here)
        rest = [name for name in changes if name not in rivals]
        for names in [rest, *([name] for name in changes if name in rivals)]:
            if names:
                seen = self._seen([] if settles else names)
                self._add({name: changes[name] for name in names}, seen, now, due)
        if self.own.get("refused"):
            self._renew(self.own)

    def _add(
        self, changes: dict[str, str | None], seen: dict[str, int], now: int, due: int | None
    ) -> None:
        own = self.own
        own["born"] = own["born"] or now
        last = own["pending"][-1] if own["pending"] else None
        if (
            last
            and last["sequence"] > own["sent"]
            and last["seen"] == seen
            and now - last["begun"] < _WINDOW_MS
            and (due is None or (last["typed"] <= due) == (now <= due))
        ):
            last["changes"] = last["changes"] | changes
            last["typed"] = now
            return
        new = {"sequence": own["next"], "clock": self.here.clock + 1, "seen": seen}
        own["pending"].append(new | {"changes": changes, "typed": now, "begun": now})
        own["next"] += 1

    def batch(self) -> Json | None:
        line = next((one for one in self._lines if one["pending"] and not one.get("stuck")), None)
        if line is None:
            return None
        entries = line["pending"][:_ENTRIES_AT_ONCE]
        line["sent"] = max(line["sent"], entries[-1]["sequence"])
        known = dict(self.server.past)
        return {
            "writer": line["writer"],
            "known": known,
            "entries": json.loads(json.dumps(entries)),
        }

    def acknowledged(self, batch: Json, answer: Json) -> None:
        line = next((one for one in self._lines if one["writer"] == batch["writer"]), None)
        if line is None:
            return
        done = answer["acknowledged"]
        if done + 1 < batch["entries"][0]["sequence"]:
            if line["pending"] and done + 1 < line["pending"][0]["sequence"]:
                self._renew(line)
            return
        line["pending"] = [entry for entry in line["pending"] if entry["sequence"] > done]
        known = self.server
        for entry in batch["entries"]:
            if entry["sequence"] <= done and entry["sequence"] not in answer["late"]:
                known = _taken(known, entry_of(batch["writer"], entry))
        self.server = _learnt(known, answer)

    def refused(self, batch: Json) -> None:
        line = next((one for one in self._lines if one["writer"] == batch["writer"]), None)
        if line is not None:
            line["refused" if line is self.own else "stuck"] = True

    def _renew(self, line: Json) -> None:
        pending = line["pending"]
        seen = pending[0]["seen"]
        for entry in pending[1:]:
            seen = {w: min(n, entry["seen"][w]) for w, n in seen.items() if w in entry["seen"]}
        changes = {name: value for entry in pending for name, value in entry["changes"].items()}
        clock = max(entry["clock"] for entry in pending)
        one = {"sequence": 1, "clock": clock, "seen": seen, "changes": changes}
        times = {"typed": pending[-1]["typed"], "begun": pending[-1]["begun"]}
        line |= {"writer": self._name(), "next": 2, "sent": 0, "refused": False}
        line["pending"] = [one | times]
        self._mine.add(line["writer"])

    def learn(self, news: Json) -> None:
        self.server = _learnt(self.server, news)

    def view(self) -> Json:
        here = self.here
        return {
            "server": self.server.as_json(),
            "here": here.as_json(),
            "lines": [
                {key: line[key] for key in ("writer", "born", "pending")} for line in self._lines
            ],
            "shown": {name: self._shown(here, name) for name in here.fields},
            "rivals": sorted(self._rivals(here)),
            "seen": self._seen(),
        }


def _taken(state: State, entry: Entry) -> State:
    if entry.sequence <= state.past.get(entry.writer, 0):
        return state
    reached = State({**state.past, entry.writer: entry.sequence - 1}, state.fields)
    return applied(reached, entry)


def _learnt(state: State, news: Json) -> State:
    if any(news["past"].get(writer, 0) < number for writer, number in state.past.items()):
        return state
    told = State.of_json(news)
    return State(told.past, {**state.fields, **told.fields})


class Node:
    """One process of node that holds any number of shipped pages."""

    def __init__(self) -> None:
        node = shutil.which("node")
        assert node is not None
        self._process = subprocess.Popen(
            [node, str(DRIVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def ask(self, *call: Any) -> Any:
        """Call a page, or make one; return what it says."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(call).encode() + b"\n")
        stdin.flush()
        answer = json.loads(stdout.readline())
        if "fault" in answer:
            raise RuntimeError(answer["fault"])
        return answer["said"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()


class ShippedPage:
    """A page as browsers have it."""

    def __init__(self, node: Node, known: Json, left: list[Json], names: "count[int]") -> None:
        self._node, self._id = node, next(names)
        node.ask("open", self._id, known, left)

    def change(
        self, changes: dict[str, str | None], now: int, due: int | None, *, settles: bool
    ) -> None:
        said = {"now": now, "due": due, "settles": settles}
        self._node.ask("call", self._id, "change", changes, said)

    def batch(self) -> Json | None:
        found: Json | None = self._node.ask("call", self._id, "batch")
        return found

    def acknowledged(self, batch: Json, answer: Json) -> None:
        self._node.ask("call", self._id, "acknowledged", batch, answer)

    def refused(self, batch: Json) -> None:
        self._node.ask("call", self._id, "refused", batch)

    def learn(self, news: Json) -> None:
        self._node.ask("call", self._id, "learn", news)

    def view(self) -> Json:
        seen: Json = self._node.ask("view", self._id)
        return seen

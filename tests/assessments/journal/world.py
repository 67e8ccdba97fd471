"""A world in which an answer is typed while all goes wrong, drawn from a seed, and what must hold.

Browsers hold pages and what these keep; a network loses, repeats, delays and reorders requests and
answers; the server dies before or after it has committed. The rules of the server are the real ones
of ``assessments.journal``; a page is any ``Page``.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

from assessments.journal import State, applied, known_of, news, posted, recorded
from tests.assessments.journal.pages import Json, Page, entry_of

FIELDS = ("choice", "order", "text")
STEPS = 40
OpenPage = Callable[[Json, list[Json]], Page]
Key = tuple[str, int, str]


@dataclass
class Browser:
    """The pages that are open, and what closed ones have left: records by writer."""

    pages: list[Page] = field(default_factory=list)
    left: dict[str, Json] = field(default_factory=dict)


@dataclass
class World:
    """One answer, all that is typed into it, and all that happens on the way."""

    chance: Random
    open_page: OpenPage
    browsers: list[Browser] = field(default_factory=lambda: [Browser(), Browser()])
    state: State = field(default_factory=State)
    history: dict[str, Json] = field(default_factory=dict)
    requests: list[tuple[Page, Json]] = field(default_factory=list)
    answers: list[tuple[Page, Json | None, Json]] = field(default_factory=list)
    values: dict[Key, str | None] = field(default_factory=dict)
    replaced_by: dict[Key, list[Key]] = field(default_factory=dict)
    acknowledged: set[Key] = field(default_factory=set)
    latest: dict[tuple[int, str], str | None] = field(default_factory=dict)
    now: int = 1_000
    # Closed pages stay, so that no other gets their identity.
    _gone: list[Page] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        """Begin with one page in the first browser; with few fields, pages meet in them often."""
        self.fields = FIELDS[: self.chance.choice([1, 1, 2, 3])]
        self._remember()
        self.open(self.browsers[0])

    # --- What happens ---------------------------------------------------------------------------
    def run(self) -> None:
        """Let things happen, then let the network and the server be well, and check."""
        verbs = (
            [self._type] * 5
            + [self._send] * 4
            + [self._deliver] * 5
            + [self._answer] * 4
            + [self._pull] * 2
        )
        verbs += [self._lose, self._repeat, self._close, self._open, self._pull, self._choose]
        verbs += [self._reload, self._crash, self._form, self._wait, self._refuse]
        for _ in range(STEPS):
            self.now += self.chance.randrange(3_000)
            self.chance.choice(verbs)()
        self._recover()
        self._check()

    def open(self, browser: Browser, *, stale: bool = False) -> Page:
        """Open a page, which goes on from what closed ones have left; perhaps from a cache."""
        known = self.state.as_json()
        if stale:
            known = self.chance.choice(list(self.history.values()))
        left = sorted(browser.left.values(), key=lambda one: int(one["born"]))
        browser.left.clear()
        page = self.open_page(json.loads(json.dumps(known)), json.loads(json.dumps(left)))
        browser.pages.append(page)
        return page

    def _any(self) -> tuple[Browser, Page] | None:
        pairs = [(browser, page) for browser in self.browsers for page in browser.pages]
        return self.chance.choice(pairs) if pairs else None

    def _type(self) -> None:
        if found := self._any():
            names = self.chance.sample(self.fields, self.chance.randint(1, len(self.fields)))
            self._change(found[1], {name: self._value() for name in names}, settles=False)

    def _value(self) -> str | None:
        return None if self.chance.random() < 0.1 else f"v{next(self._numbers)}"

    def _choose(self) -> None:
        found = self._any()
        if found and (rivals := found[1].view()["rivals"]):
            name = self.chance.choice(rivals)
            tips = found[1].view()["here"]["fields"][name]
            self._change(found[1], {name: self.chance.choice(tips)[0]}, settles=True)

    def _change(self, page: Page, changes: dict[str, str | None], *, settles: bool) -> None:
        """Type on a page; what disappears from it has to be what it showed, or all if it chose."""
        before = page.view()
        page.change(changes, self.now, None, settles=settles)
        after = page.view()
        for name, value in changes.items():
            self.latest[id(page), name] = value
            old = before["here"]["fields"].get(name, [])
            new = {(tip[1], tip[2]) for tip in after["here"]["fields"][name]}
            for tip in old:
                if (tip[1], tip[2]) not in new:
                    shown = tip[0] == before["shown"][name]
                    assert shown or settles, f"{tip} was overwritten unseen"

    def _send(self) -> None:
        if (found := self._any()) and (batch := found[1].batch()):
            self.requests.append((found[1], batch))

    def _pull(self) -> None:
        if found := self._any():
            self.answers.append((found[1], None, self._told({})))

    def _deliver(self) -> None:
        """Let some request arrive, not always the first one; the server may die over it."""
        if not self.requests:
            return
        page, batch = self.requests.pop(self.chance.randrange(len(self.requests)))
        fate = self.chance.random()
        if fate < 0.1:
            return  # killed before it committed
        answer = self._taken(batch)
        if fate > 0.2:
            self.answers.append((page, batch, answer))
        # Else it was killed after it had committed, before it answered.

    def _answer(self) -> None:
        if self.answers:
            place = self.chance.randrange(len(self.answers))
            self._hear(*self.answers.pop(place))

    def _hear(self, page: Page, batch: Json | None, answer: Json) -> None:
        if not any(page in browser.pages for browser in self.browsers):
            return
        answer = json.loads(json.dumps(answer))
        if batch is None:
            page.learn(answer)
        elif "refused" in answer:
            page.refused(batch)
        else:
            page.acknowledged(batch, answer)
            self._note(batch, answer)
        known = page.view()["server"]
        assert known["fields"] == self.history[_key(known["past"])]["fields"]

    def _note(self, batch: Json, answer: Json) -> None:
        for entry in batch["entries"]:
            if entry["sequence"] <= answer["acknowledged"]:
                for name in entry["changes"]:
                    self.acknowledged.add((batch["writer"], entry["sequence"], name))

    def _refuse(self) -> None:
        """The server finds a batch too large; what is typed next has to get through nonetheless."""
        if self.requests and self.chance.random() < 0.3:
            page, batch = self.requests.pop(self.chance.randrange(len(self.requests)))
            self.answers.append((page, batch, {"refused": "too large"}))

    def _lose(self) -> None:
        for queue in (self.requests, self.answers):
            if queue:
                queue.pop(self.chance.randrange(len(queue)))

    def _repeat(self) -> None:
        if self.requests:
            self.requests.append(self.chance.choice(self.requests))
        if self.answers:
            self.answers.append(self.chance.choice(self.answers))

    def _close(self, *, forgets: bool = False) -> None:
        if not (found := self._any()):
            return
        self._shut(*found, forgets=forgets)

    def _shut(self, browser: Browser, page: Page, *, forgets: bool = False) -> None:
        *left, own = page.view()["lines"]
        if forgets and own["pending"]:
            # The end of what was kept last has not reached the disk.
            own["pending"] = own["pending"][: self.chance.randrange(len(own["pending"]))]
            for name in self.fields:
                self.latest.pop((id(page), name), None)
        browser.left |= {line["writer"]: line for line in (*left, own) if line["pending"]}
        browser.pages.remove(page)
        self._gone.append(page)

    def _crash(self) -> None:
        if self.chance.random() < 0.3:
            self._close(forgets=True)

    def _open(self) -> None:
        browser = self.chance.choice(self.browsers)
        if len(browser.pages) < 3:
            self.open(browser, stale=self.chance.random() < 0.3)

    def _reload(self) -> None:
        self._close()
        self._open()

    def _wait(self) -> None:
        self.now += 400_000

    def _form(self) -> None:
        """Post a page's form: what it shows, and what it has seen; the page is another one then."""
        if not (found := self._any()):
            return
        browser, page = found
        view = page.view()
        fields = {name: value for name, value in view["shown"].items() if value is not None}
        if self.chance.random() < 0.7:
            self._post(fields, view["seen"])
        if self.chance.random() < 0.8:
            self._shut(browser, page)
            self.open(browser)

    def _post(self, fields: dict[str, str], seen: dict[str, int]) -> None:
        entry = posted(self.state, fields, seen)
        if entry is not None:
            before, self.state = self.state, applied(self.state, entry)
            self._keep_book(before, entry)
            self._remember()

    # --- The server -----------------------------------------------------------------------------
    def _taken(self, batch: Json) -> Json:
        entries = [entry_of(batch["writer"], sent) for sent in batch["entries"]]
        for entry in entries:
            before = self.state
            self.state, _ = recorded(self.state, State(), [entry], lambda _: True)
            if self.state is not before:
                self._keep_book(before, entry)
                self._remember()
        done = self.state.past.get(batch["writer"], 0)
        return self._told(known_of(batch, entries)) | {"acknowledged": done, "late": []}

    def _told(self, known: dict[str, int]) -> Json:
        told: Json = json.loads(json.dumps(news(self.state, known)))
        return told

    def _keep_book(self, before: State, entry: Any) -> None:
        """Note what an entry says and which values it replaces."""
        for name, value in entry.changes.items():
            key = (entry.writer, entry.sequence, name)
            self.values[key] = value
            stays = {(tip.writer, tip.sequence) for tip in self.state.fields[name]}
            for tip in before.fields.get(name, ()):
                if (tip.writer, tip.sequence) not in stays:
                    own = tip.writer == entry.writer != "form"
                    assert own or entry.seen.get(tip.writer, 0) >= tip.sequence
                    self.replaced_by.setdefault((tip.writer, tip.sequence, name), []).append(key)

    def _remember(self) -> None:
        self.history[_key(self.state.past)] = json.loads(json.dumps(self.state.as_json()))

    # --- In the end -----------------------------------------------------------------------------
    def _recover(self) -> None:
        """Let nothing go wrong any more: every browser is opened again and sends what it has."""
        self.requests.clear()
        self.answers.clear()
        for browser in self.browsers:
            for page in list(browser.pages):
                self._send_all(page)
                if any(line["pending"] for line in page.view()["lines"]):
                    self._shut(browser, page)  # what was refused to it is sent by the next page
            if browser.left or not browser.pages:
                self._send_all(self.open(browser))
        for browser in self.browsers:
            for page in browser.pages:
                self._hear(page, None, self._told({}))

    def _send_all(self, page: Page) -> None:
        for _ in range(STEPS * 3):
            batch = page.batch()
            if batch is None:
                break
            self._hear(page, batch, self._taken(batch))

    def _check(self) -> None:
        """Check that all converge and that nothing acknowledged has gone unseen."""
        for browser in self.browsers:
            assert not browser.left
            for page in browser.pages:
                view = page.view()
                assert (
                    view["here"] == view["server"] == json.loads(json.dumps(self.state.as_json()))
                )
                assert not any(line["pending"] for line in view["lines"])
        standing = {
            (tip.writer, tip.sequence, name)
            for name, tips in self.state.fields.items()
            for tip in tips
        }
        for key in self.acknowledged:
            assert key in self.values, f"{key} was acknowledged and is not kept"
        for key in self.values:
            assert (key in standing) != (key in self.replaced_by), f"{key} is lost"
        kept = {(name, value) for (_, _, name), value in self.values.items()}
        for (_, name), value in self.latest.items():
            assert (name, value) in kept, f"{value!r} was typed last and never arrived"


def _key(past: Any) -> str:
    return json.dumps(sorted(past.items()))

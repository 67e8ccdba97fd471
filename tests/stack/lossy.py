"""A real Chromium against a real server that is killed, over a network that loses and holds back.

One ``Sequence`` is one learner at one answer; it is drawn from its seed.
"""

import json
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect

from tests.stack.mortal import MortalServer, mortal_server, sessions

QUESTION = "flash-in-a-design-review"
STEPS = 11
_JOURNAL = "**/attempts/*/journal/"


@dataclass
class Said:
    """An entry that some page has sent, field by field."""

    writer: str
    sequence: int
    seen: dict[str, int]
    changes: dict[str, str | None]


@dataclass
class Network:
    """What lies between the pages of a sequence and the server; ``mode`` is what it does next."""

    mode: str = "well"
    held: list[Route] = field(default_factory=list)
    sent: dict[tuple[str, int], Said] = field(default_factory=dict)
    acknowledged: set[tuple[str, int]] = field(default_factory=set)

    def take(self, route: Route) -> None:
        """Take one request to the journal."""
        with suppress(Error):  # its page may be gone, or its server
            if route.request.method != "POST":
                route.continue_()
            elif self.mode == "loses requests":
                route.abort()
            elif self.mode == "holds back":
                self.held.append(route)
            else:
                self._pass(route)

    def release(self, chance: Random) -> None:
        """Let what was held back arrive, in another order."""
        chance.shuffle(self.held)
        while self.held:
            with suppress(Error):
                self._pass(self.held.pop())

    def _pass(self, route: Route) -> None:
        sent = json.loads(route.request.post_data or "{}")
        entries = [
            Said(sent["writer"], one["sequence"], one["seen"], one["changes"])
            for one in sent["entries"]
        ]
        for entry in entries:
            self.sent.setdefault((entry.writer, entry.sequence), entry)
        answer = self._answer(route)
        if answer is None or self.mode == "loses answers":
            route.abort()
            return
        route.fulfill(response=answer)
        if answer.ok:
            done = answer.json()["acknowledged"]
            self.acknowledged |= {
                (one.writer, one.sequence) for one in entries if one.sequence <= done
            }

    def _answer(self, route: Route) -> Any:
        try:
            answer = route.fetch(timeout=5_000)
            return route.fetch(timeout=5_000) if self.mode == "repeats" else answer
        except Error:
            return None


class Sequence:
    """A learner with two devices at one answer."""

    def __init__(self, seed: int, browser: Browser, server: MortalServer, session: str) -> None:
        self.chance, self.server, self.network = Random(seed), server, Network()
        self._seed, self._numbers = seed, 0
        self.devices = [self._device(browser, session) for _ in range(2)]
        self.latest: dict[Page, str] = {}

    def _device(self, browser: Browser, session: str) -> BrowserContext:
        context = browser.new_context(base_url=self.server.base)
        context.set_default_timeout(10_000)
        context.add_cookies([{"name": "sessionid", "value": session, "url": self.server.base}])
        context.route(_JOURNAL, self.network.take)
        return context

    def run(self) -> None:
        """Let all go wrong, then well, and check that nothing is lost."""
        try:
            self._open(self.devices[0])
            for _ in range(STEPS):
                self._step()
            self._recover()
            self._check()
        except Exception as fault:
            fault.add_note(f"in the sequence of seed {self._seed}")
            raise
        finally:
            for device in self.devices:
                device.close()

    def _step(self) -> None:
        kinds = [self._type] * 7 + [self._leave_field] * 6 + [self._change_network] * 4
        kinds += [self._rest, self._close, self._open_another, self._reload, self._kill]
        kinds += [self._choose] * 2
        self.chance.choice(kinds)()

    def _page(self) -> Page | None:
        pages = [page for device in self.devices for page in device.pages]
        return self.chance.choice(pages) if pages else None

    def _open(self, device: BrowserContext) -> Page:
        page = device.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"/questions/{QUESTION}/", wait_until="domcontentloaded")
        page.wait_for_selector("[data-journal-ready]")
        return page

    def _type(self) -> None:
        if page := self._page():
            self._numbers += 1
            value = f"Answer {self._numbers} of {self._seed}."
            _box(page).fill(value)
            self.latest[page] = value

    def _leave_field(self) -> None:
        if page := self._page():
            _box(page).dispatch_event("focusout")
            page.wait_for_timeout(60)

    def _rest(self) -> None:
        if page := self._page():
            page.wait_for_timeout(self.chance.choice([50, 900]))

    def _change_network(self) -> None:
        if self.network.mode == "offline":
            for device in self.devices:
                device.set_offline(False)
        if self.network.mode == "holds back":
            self.network.mode = "well"
            self.network.release(self.chance)
        modes = [
            "well",
            "well",
            "well",
            "loses requests",
            "loses answers",
            "holds back",
            "repeats",
            "offline",
        ]
        self.network.mode = self.chance.choice(modes)
        if self.network.mode == "offline":
            for device in self.devices:
                device.set_offline(True)

    def _well(self) -> None:
        self.network.mode = "well"
        for device in self.devices:
            device.set_offline(False)

    def _close(self) -> None:
        if page := self._page():
            page.close()

    def _open_another(self) -> None:
        if self.network.mode == "offline":
            return
        device = self.chance.choice(self.devices)
        if len(device.pages) < 2:
            self._open(device)

    def _reload(self) -> None:
        if self.network.mode != "offline" and (page := self._page()):
            page.reload(wait_until="domcontentloaded")
            page.wait_for_selector("[data-journal-ready]")

    def _choose(self) -> None:
        if page := self._page():
            buttons = page.locator("[data-rivals] button")
            if buttons.count():
                buttons.nth(self.chance.randrange(buttons.count())).click()
                self.latest.pop(page, None)

    def _kill(self) -> None:
        self.server.kill()
        if self.chance.random() < 0.5:
            self._type()
            self._leave_field()
        self.server.start()

    def _recover(self) -> None:
        """Give every device a page and a connection, until it keeps nothing that is not sent."""
        self._well()
        self.network.release(self.chance)
        for device in self.devices:
            if not device.pages:
                self._open(device)
        for device in self.devices:
            for page in device.pages:
                page.evaluate("window.dispatchEvent(new Event('online'))")
        for device in self.devices:
            device.pages[0].wait_for_function(
                "() => !Object.keys(localStorage).some((key) => key.startsWith('sparring:j'))",
                timeout=45_000,
            )

    def _check(self) -> None:
        """Check that what was acknowledged, and typed last, stands or was seen; and what shows."""
        page = self.devices[0].pages[0]
        url = page.locator("[data-journal]").first.get_attribute("data-journal")
        assert url is not None
        state = self.devices[0].request.get(url).json()
        tips = {(tip[1], tip[2]) for tip in state["fields"].get("text", [])}
        for writer, sequence in self.network.acknowledged:
            assert state["past"].get(writer, 0) >= sequence, (writer, sequence)
            assert (writer, sequence) in tips or self._replaced(writer, sequence), (
                f"{self.network.sent[writer, sequence]} is lost; there is {state}"
            )
        self._check_latest(tips)
        self._check_shown(state)

    def _check_latest(self, tips: set[tuple[str, int]]) -> None:
        sent = list(self.network.sent.values())
        for value in self.latest.values():
            said = [one for one in sent if one.changes.get("text") == value]
            assert said, f"{value} never arrived"
            assert any(
                (one.writer, one.sequence) in tips or self._replaced(one.writer, one.sequence)
                for one in said
            ), f"{value} is lost"

    def _replaced(self, writer: str, sequence: int) -> bool:
        return any(
            "text" in one.changes
            and (
                (one.writer == writer and one.sequence > sequence)
                or one.seen.get(writer, 0) >= sequence
            )
            for one in self.network.sent.values()
        )

    def _check_shown(self, state: Any) -> None:
        standing = state["fields"].get("text", [])
        page = self.chance.choice(self.devices).pages[0]
        page.reload(wait_until="domcontentloaded")
        page.wait_for_selector("[data-journal-ready]")
        if standing:
            expect(_box(page)).to_have_value(standing[0][0] or "")
        several = len({tip[0] for tip in standing}) > 1
        expect(page.locator("[data-rivals]")).to_be_visible(visible=several)


def _box(page: Page) -> Any:
    return page.locator("textarea[name=text]")


@dataclass
class Played:
    """How much was played without a loss."""

    sequences: int = 0
    acknowledged: int = 0
    kills: int = 0


def play(seeds: range, browser: Browser, environment: dict[str, str]) -> Played:
    """Play the sequences of these seeds. Raises AssertionError where something is lost."""
    learners = sessions(len(seeds), seeds.start, environment)
    played = Played()
    with mortal_server(environment) as server:
        for seed, session in zip(seeds, learners, strict=True):
            one = Sequence(seed, browser, server, session)
            one.run()
            played.sequences += 1
            played.acknowledged += len(one.network.acknowledged)
        played.kills = server.kills
    return played
